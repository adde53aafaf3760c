import { isJsonObject, ownValue, type JsonObject } from '../../shared/json.ts';
import type { Account } from './account.ts';
import { bodyJson, type Call } from './call.ts';
import type { Directory } from './directory.ts';
import { changeEventErrors, checkEvent, routingKeyErrors } from './event-validation.ts';
import type { Faults } from './faults.ts';
import { eventError, json, type Reply } from './reply.ts';
import type { SlidingWindow } from './sliding-window.ts';

export interface EventsApiDeps {
  readonly account: Account;
  readonly directory: Directory;
  readonly faults: Faults;
  /** Absent: no rate limit. */
  readonly window: SlidingWindow | undefined;
}

const UNRECOGNIZED = json(400, {
  status: 'Unrecognized object',
  message: 'Event object format is unrecognized',
  errors: ['JSON parse error'],
});

/** PagerDuty answers so; the event was not taken in. */
const THROTTLED = json(429, {
  status: 'throttle exceeded',
  message: 'Requests for this service are arriving too quickly.  Please retry later.',
  errors: ['Enhance Your Calm.'],
});

/** Events API v2: `POST /v2/enqueue` and `POST /v2/change/enqueue`. The routing key is the credential. */
export function createEventsApi(deps: EventsApiDeps): (call: Call) => Promise<Reply> {
  return async (call) => {
    const accept = ACCEPT.get(call.path);
    if (accept === undefined) return json(404, { status: 'error', message: 'Not Found' });
    if (call.method !== 'POST') {
      return json(405, { status: 'error', message: 'Method Not Allowed' });
    }
    const body = bodyJson(call);
    if (!isJsonObject(body)) {
      return await deps.faults.strike({ surface: 'events', service: undefined }, () =>
        Promise.resolve(UNRECOGNIZED),
      );
    }
    const key = ownValue(body, 'routing_key');
    const service = typeof key === 'string' ? deps.directory.serviceOf(key) : undefined;
    return await deps.faults.strike({ surface: 'events', service }, () =>
      accept({ ...deps, call, body, key, service }),
    );
  };
}

interface Submission extends EventsApiDeps {
  readonly call: Call;
  readonly body: JsonObject;
  readonly key: unknown;
  /** Of the routing key; absent when there is no such integration. */
  readonly service: string | undefined;
}

type Accept = (submission: Submission) => Promise<Reply>;

const ACCEPT: ReadonlyMap<string, Accept> = new Map([
  ['/v2/enqueue', acceptEvent],
  ['/v2/change/enqueue', acceptChangeEvent],
]);

async function acceptEvent(submission: Submission): Promise<Reply> {
  const { account, body, service, call } = submission;
  const checked = checkEvent(body);
  const errors = [...routingKeyErrors(submission.key), ...(checked.ok ? [] : checked.errors)];
  if (errors.length > 0 || !checked.ok) return eventError(400, errors);
  if (service === undefined) return eventError(400, ['Invalid routing key']);
  if (isThrottled(submission, service)) return THROTTLED;
  const { arrivedAtMs } = call;
  const bytes = call.body.byteLength;
  const fact = await account.acceptEvent(checked.value, { service, arrivedAtMs, bytes, body });
  return json(202, {
    status: 'success',
    message: 'Event processed',
    dedup_key: fact.dedupKey,
  });
}

async function acceptChangeEvent(submission: Submission): Promise<Reply> {
  const { account, body, service, call } = submission;
  const errors = [...routingKeyErrors(submission.key), ...changeEventErrors(body)];
  if (errors.length > 0) return eventError(400, errors);
  if (service === undefined) return eventError(400, ['Invalid routing key']);
  if (isThrottled(submission, service)) return THROTTLED;
  const { arrivedAtMs } = call;
  await account.acceptChangeEvent({ service, arrivedAtMs, bytes: call.body.byteLength, body });
  return json(202, { status: 'success', message: 'Change event processed' });
}

function isThrottled({ window, call }: Submission, service: string): boolean {
  return window !== undefined && !window.take(service, call.arrivedAtMs).allowed;
}
