import { isJsonObject, ownValue, type JsonObject } from '../../shared/json.ts';
import type { AlertSeverity, EventAction, TriggerDetails } from './fact.ts';

/** Events API v2 limits (developer.pagerduty.com, Events API v2 overview and Send an event). */
export const EVENT_LIMITS = {
  /** "512 KB", read as the smaller of its two meanings. */
  maxBytes: 512_000,
  maxDedupKeyLength: 255,
  maxSummaryLength: 1024,
  routingKeyLength: 32,
} as const;

/** An event that PagerDuty would take. */
export interface ValidEvent {
  readonly action: EventAction;
  /** Only a trigger may come without one. */
  readonly dedupKey: string | undefined;
  readonly trigger?: TriggerDetails;
}

export type Checked<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly errors: readonly string[] };

const ACTIONS: readonly EventAction[] = ['trigger', 'acknowledge', 'resolve'];
const SEVERITIES: readonly AlertSeverity[] = ['critical', 'warning', 'error', 'info'];

/** Checks the form of a routing key; whether it exists is another question. */
export function routingKeyErrors(key: unknown): readonly string[] {
  if (isBlank(key)) return ["'routing_key' is missing or blank"];
  if (typeof key !== 'string') return ["'routing_key' must be a string"];
  return [
    ...errorIf(
      key.length !== EVENT_LIMITS.routingKeyLength,
      "Length of 'routing_key' is incorrect (should be 32 characters)",
    ),
    ...errorIf(/[^a-z0-9]/i.test(key), "'routing_key' cannot contain non-alphanumeric characters."),
  ];
}

/** Checks the rest of an alert event, in PagerDuty's words; all errors at once. */
export function checkEvent(body: JsonObject): Checked<ValidEvent> {
  const action = ACTIONS.find((known) => known === ownValue(body, 'event_action'));
  if (action === undefined) {
    const errors = [
      "'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')",
    ];
    return { ok: false, errors };
  }
  const payload = ownValue(body, 'payload');
  const errors = [
    ...dedupKeyErrors(ownValue(body, 'dedup_key'), action),
    ...(action === 'trigger' ? [...payloadErrors(payload), ...extrasErrors(body)] : []),
  ];
  if (errors.length > 0) return { ok: false, errors };
  const dedupKey = ownValue(body, 'dedup_key');
  return {
    ok: true,
    value: {
      action,
      dedupKey: typeof dedupKey === 'string' && dedupKey !== '' ? dedupKey : undefined,
      ...(action === 'trigger' && isJsonObject(payload)
        ? { trigger: detailsOf(payload, body) }
        : {}),
    },
  };
}

/** Checks a change event, apart from its routing key. */
export function changeEventErrors(body: JsonObject): readonly string[] {
  const payload = ownValue(body, 'payload');
  if (!isJsonObject(payload)) return ["'payload' is missing or blank"];
  return [
    ...summaryErrors(ownValue(payload, 'summary')),
    ...optionalTextErrors(payload, ['source']),
    ...timestampErrors(ownValue(payload, 'timestamp')),
    ...detailsErrors(ownValue(payload, 'custom_details')),
    ...linkErrors(ownValue(body, 'links')),
  ];
}

function dedupKeyErrors(key: unknown, action: EventAction): readonly string[] {
  if (isBlank(key)) return errorIf(action !== 'trigger', "'dedup_key' is missing or blank");
  if (typeof key !== 'string') return ["'dedup_key' must be a string"];
  return errorIf(
    key.length > EVENT_LIMITS.maxDedupKeyLength,
    "'dedup_key' is too long (maximum is 255 characters)",
  );
}

function payloadErrors(payload: unknown): readonly string[] {
  if (!isJsonObject(payload)) return ["'payload' is missing or blank"];
  const source = ownValue(payload, 'source');
  return [
    ...summaryErrors(ownValue(payload, 'summary')),
    ...errorIf(isBlank(source), "'payload.source' is missing or blank"),
    ...errorIf(
      !SEVERITIES.some((known) => known === ownValue(payload, 'severity')),
      "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')",
    ),
    ...optionalTextErrors(payload, ['source', 'component', 'group', 'class']),
    ...timestampErrors(ownValue(payload, 'timestamp')),
    ...detailsErrors(ownValue(payload, 'custom_details')),
  ];
}

function summaryErrors(summary: unknown): readonly string[] {
  if (isBlank(summary)) return ["'payload.summary' is missing or blank"];
  if (typeof summary !== 'string') return ["'payload.summary' must be a string"];
  return errorIf(
    summary.length > EVENT_LIMITS.maxSummaryLength,
    "'payload.summary' is too long (maximum is 1024 characters)",
  );
}

function optionalTextErrors(payload: JsonObject, names: readonly string[]): readonly string[] {
  return names
    .filter((name) => !['string', 'undefined'].includes(typeof (ownValue(payload, name) ?? '')))
    .map((name) => `'payload.${name}' must be a string`);
}

/** ISO 8601, with the zone as `Z`, `+00:00` or `+0000` (PagerDuty's own example has the last). */
function timestampErrors(timestamp: unknown): readonly string[] {
  if (timestamp === undefined || timestamp === null) return [];
  const text = typeof timestamp === 'string' ? timestamp : '';
  const isIso = /^\d{4}-\d{2}-\d{2}/.test(text);
  const parsed = Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return errorIf(!isIso || Number.isNaN(parsed), "'payload.timestamp' is not an ISO 8601 instant");
}

function detailsErrors(details: unknown): readonly string[] {
  return errorIf(!isJsonObject(details ?? {}), "'payload.custom_details' must be an object");
}

function extrasErrors(body: JsonObject): readonly string[] {
  return [...linkErrors(ownValue(body, 'links')), ...imageErrors(ownValue(body, 'images'))];
}

function linkErrors(links: unknown): readonly string[] {
  const isFine = everyItem(links, (link) => typeof ownValue(link, 'href') === 'string');
  return errorIf(!isFine, "'links' must be an array of objects with an 'href'");
}

function imageErrors(images: unknown): readonly string[] {
  const isFine = everyItem(images, (image) => {
    const src = ownValue(image, 'src');
    return typeof src === 'string' && src.startsWith('https://');
  });
  return errorIf(!isFine, "'images' must be an array of objects with an 'https' 'src'");
}

/** True for an absent list too. */
function everyItem(list: unknown, isFine: (item: JsonObject) => boolean): boolean {
  if (list === undefined || list === null) return true;
  return Array.isArray(list) && list.every((item) => isJsonObject(item) && isFine(item));
}

function detailsOf(payload: JsonObject, body: JsonObject): TriggerDetails {
  const client = ownValue(body, 'client');
  const url = ownValue(body, 'client_url');
  const severity = SEVERITIES.find((known) => known === ownValue(payload, 'severity'));
  return {
    summary: String(ownValue(payload, 'summary')),
    source: String(ownValue(payload, 'source')),
    severity: severity ?? 'critical',
    ...(typeof client === 'string' && {
      client: { name: client, ...(typeof url === 'string' && { url }) },
    }),
  };
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function errorIf(isWrong: boolean, message: string): readonly string[] {
  return isWrong ? [message] : [];
}
