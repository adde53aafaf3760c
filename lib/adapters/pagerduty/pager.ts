import type { PageContent } from '../../domain/paging/compose.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { Pager } from '../../ports/pager.ts';
import type { Freshness, Secrets } from '../../ports/secrets.ts';
import type { Log } from '../../ports/system.ts';
import { callPagerDuty, failureOf, within, type PagerDutyAnswer } from './call.ts';
import { eventBody } from './event-body.ts';

export interface PagerDutyPagerDeps {
  /** Base of the Events API, without a slash at its end; `/v2/enqueue` is appended. */
  readonly eventsUrl: string;
  readonly secrets: Pick<Secrets, 'pagerduty'>;
  readonly log: Log;
}

/** pdjs wants a token for its REST API. The Events API reads none: its routing key is in the body. */
const noToken = 'none';

/**
 * Pages over PagerDuty's Events API v2. Ends within the time given, the reading of the routing key
 * included, and makes one request, or two when a routing key was refused and the secret holds
 * another one by now.
 *
 * Failures: `rejected` (4xx, or no routing key of that name), `throttled`, `timeout`,
 * `unavailable`, `not_found` (there is no Events API at that address), and those of the secrets.
 * No message holds a routing key.
 */
export function createPagerDutyPager(deps: PagerDutyPagerDeps): Pager {
  return {
    send: (page, timeoutMs) =>
      within(timeoutMs, (signal) => sendWithCurrentKey({ ...deps, page, signal })),
  };
}

interface Sending extends PagerDutyPagerDeps {
  readonly page: PageContent;
  readonly signal: AbortSignal;
}

async function sendWithCurrentKey(sending: Sending): Promise<Result<void, PortFailure>> {
  const cached = await routingKey(sending, 'cached');
  if (!cached.ok) return cached;
  const first = cached.value ?? (await freshKey(sending, null));
  if (first === null) return err(noSuchKey(sending.page));
  const sent = await enqueue(sending, first);
  if (sent.kind !== 'key_refused') return resultOf(sent);
  const second = await freshKey(sending, first);
  return resultOf(second === null ? sent : await enqueue(sending, second));
}

/** The routing key of the page's name; null when the secret holds none. */
async function routingKey(
  { secrets, page }: Sending,
  freshness: Freshness,
): Promise<Result<string | null, PortFailure>> {
  const secret = await secrets.pagerduty(freshness);
  if (!secret.ok) return secret;
  const { routingKeys } = secret.value;
  const isKnown = Object.hasOwn(routingKeys, page.routingKey);
  return ok(isKnown ? (routingKeys[page.routingKey] ?? null) : null);
}

/** A key other than the one that was refused: somebody may have rotated it a moment ago. */
async function freshKey(sending: Sending, refused: string | null): Promise<string | null> {
  const fresh = await routingKey(sending, 'fresh');
  if (!fresh.ok || fresh.value === refused) return null;
  sending.log.info('A routing key was read again.', { name: sending.page.routingKey });
  return fresh.value;
}

type Sent =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'key_refused' | 'failed'; readonly failure: PortFailure };

async function enqueue({ eventsUrl, page, signal }: Sending, key: string): Promise<Sent> {
  const url = `${eventsUrl}/v2/enqueue`;
  const data = eventBody(page, key);
  const answer = await callPagerDuty({ url, method: 'POST', token: noToken, data }, signal);
  if (!answer.ok) return { kind: 'failed', failure: answer.error };
  const { status } = answer.value;
  if (status >= 200 && status < 300) return { kind: 'accepted' };
  const failure = failureOf(answer.value, [key]);
  return { kind: isAboutKey(answer.value, failure) ? 'key_refused' : 'failed', failure };
}

/** PagerDuty has no code for it, only words: `Invalid routing key`, `'routing_key' is ...`. */
const isAboutKey = ({ status }: PagerDutyAnswer, { message }: PortFailure): boolean =>
  status === 400 && /(routing|integration|service)[ _]key/i.test(message);

const resultOf = (sent: Sent): Result<void, PortFailure> =>
  sent.kind === 'accepted' ? ok(undefined) : err(sent.failure);

const noSuchKey = ({ routingKey: name }: PageContent): PortFailure => ({
  kind: 'rejected',
  message:
    `The PagerDuty secret has no routing key named ${JSON.stringify(name)}, which the policy asks ` +
    'for. Add it under "routingKeys", or name one that is there in the policy.',
});
