import { parseInstant } from '../../codec/instant.ts';
import { webLink } from '../../codec/web-link.ts';
import { epochMs, type EpochMs } from '../../domain/shared/time.ts';
import type {
  OnCall,
  PagerIncident,
  PagerIncidentRecord,
  PagerNote,
  PagerReference,
  PagerService,
  PagerSubscription,
  PagerUser,
} from '../../ports/pager.ts';
import { membersOf } from './call.ts';
import { maxLinkLength } from './limits.ts';

/**
 * What REST answers hold, as far as it is used. What lacks its id or its status is no record and
 * comes out as null; names that are missing are the id.
 */
type Read<Value> = (value: unknown) => Value | null;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const instantOf = (value: unknown): EpochMs | null =>
  typeof value === 'string' ? parseInstant(value) : null;

const isPresent = <Value>(value: Value | null): value is Value => value !== null;

export const readAll = <Value>(items: readonly unknown[], read: Read<Value>): readonly Value[] =>
  items.map(read).filter(isPresent);

export const readReference: Read<PagerReference> = (value) => {
  const { id, name, summary } = membersOf(value);
  return textOf(id) === ''
    ? null
    : { id: textOf(id), name: textOf(summary) || textOf(name) || textOf(id) };
};

const nobody: PagerReference = { id: '', name: '' };

const statuses: readonly PagerIncident['status'][] = ['triggered', 'acknowledged', 'resolved'];

export const readIncident: Read<PagerIncidentRecord> = (value) => {
  const members = membersOf(value);
  const reference = readReference(value);
  const status = statuses.find((known) => known === members['status']);
  if (reference === null || status === undefined) return null;
  const createdAtMs = instantOf(members['created_at']) ?? epochMs(0);
  const changedAtMs = changeOf(members, status) ?? createdAtMs;
  return {
    pagerIncidentId: reference.id,
    status,
    title: textOf(members['title']) || reference.name,
    ...surroundingsOf(members),
    createdAtMs,
    changedAtMs,
    changedBy: changerOf(members, status),
  };
};

const surroundingsOf = (members: Readonly<Record<string, unknown>>) =>
  ({
    url: webLink(textOf(members['html_url']), maxLinkLength) ?? '',
    dedupKey: textOf(members['incident_key']) || null,
    service: readReference(members['service']) ?? nobody,
    urgency: members['urgency'] === 'low' ? 'low' : 'high',
    priority: readReference(members['priority'])?.name ?? null,
  }) as const;

/** The instant of what made the status what it is; `last_status_change_at` covers the rest. */
function changeOf(
  members: Readonly<Record<string, unknown>>,
  status: PagerIncident['status'],
): EpochMs | null {
  const own =
    status === 'resolved'
      ? instantOf(members['resolved_at'])
      : status === 'acknowledged'
        ? instantOf(membersOf(listOf(members['acknowledgements']).at(-1))['at'])
        : null;
  return own ?? instantOf(members['last_status_change_at']);
}

function changerOf(
  members: Readonly<Record<string, unknown>>,
  status: PagerIncident['status'],
): PagerReference | null {
  const last = membersOf(listOf(members['acknowledgements']).at(-1));
  const acknowledger = status === 'acknowledged' ? readReference(last['acknowledger']) : null;
  return acknowledger ?? readReference(members['last_status_change_by']);
}

/** Since when whoever has the incident now has it; null when nobody does. */
export function assignmentOf(
  value: unknown,
): { readonly userIds: readonly string[]; readonly sinceMs: EpochMs } | null {
  const assignments = listOf(membersOf(value)['assignments']).map(membersOf);
  const instants = assignments.map(({ at }) => instantOf(at)).filter(isPresent);
  if (instants.length === 0) return null;
  const userIds = assignments.flatMap(({ assignee }) => readReference(assignee)?.id ?? []);
  return { userIds, sinceMs: epochMs(Math.min(...instants)) };
}

/** What each request for responders said; newer accounts list the people, older the requests. */
export function responderMessages(value: unknown): readonly string[] {
  const { responder_requests: requests, incidents_responders: people } = membersOf(value);
  return [...listOf(requests), ...listOf(people)]
    .map((one) => textOf(membersOf(one)['message']))
    .filter((message) => message !== '');
}

export const readNote: Read<PagerNote> = (value) => {
  const { id, user, content, created_at: at } = membersOf(value);
  const atMs = instantOf(at);
  if (textOf(id) === '' || atMs === null) return null;
  return { id: textOf(id), by: readReference(user) ?? nobody, text: textOf(content), atMs };
};

export const readOnCall: Read<OnCall> = (value) => {
  const members = membersOf(value);
  const escalationPolicy = readReference(members['escalation_policy']);
  const user = readReference(members['user']);
  const { escalation_level: level } = members;
  if (escalationPolicy === null || user === null || typeof level !== 'number') return null;
  return {
    escalationPolicy,
    level,
    user,
    schedule: readReference(members['schedule'])?.name ?? null,
    fromMs: instantOf(members['start']),
    untilMs: instantOf(members['end']),
  };
};

/** `keys` are the routing keys of our secret by their names. */
export function readService(
  value: unknown,
  keys: readonly (readonly [name: string, key: string])[],
): PagerService | null {
  const members = membersOf(value);
  const reference = readReference(value);
  if (reference === null) return null;
  const own = new Set(
    listOf(members['integrations']).map((one) => textOf(membersOf(one)['integration_key'])),
  );
  return {
    ...reference,
    isEnabled: members['status'] !== 'disabled',
    escalationPolicy: readReference(members['escalation_policy']) ?? nobody,
    routingKeys: keys.filter(([, key]) => own.has(key)).map(([name]) => name),
  };
}

/** A contact method counts when a rule of high urgency uses it. */
export const readUser: Read<PagerUser> = (value) => {
  const members = membersOf(value);
  const reference = readReference(value);
  if (reference === null) return null;
  const rules = listOf(members['notification_rules']).map(membersOf);
  const kinds = rules
    .filter(({ urgency }) => urgency !== 'low')
    .map(({ contact_method: method }) => textOf(membersOf(method)['type']))
    .map((type) => type.replace(/_contact_method(_reference)?$/, ''))
    .filter((kind) => kind !== '');
  return {
    ...reference,
    email: textOf(members['email']),
    reachedBy: [...new Set(kinds)].sort(),
  };
};

/** Where Tocsin takes webhooks, whatever its host. */
const webhookPath = '/v1/pagerduty/webhook';

/** Only subscriptions that lead to Tocsin are read. */
export const readSubscription: Read<PagerSubscription> = (value) => {
  const { id, active, delivery_method: method } = membersOf(value);
  const { url, temporarily_disabled: isPaused } = membersOf(method);
  const path = URL.parse(textOf(url))?.pathname;
  if (textOf(id) === '' || path?.endsWith(webhookPath) !== true) return null;
  return {
    id: textOf(id),
    state: active === false ? 'off' : isPaused === true ? 'paused' : 'on',
  };
};
