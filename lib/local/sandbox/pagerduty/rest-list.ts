import type { Timekeeper } from '../../shared/timekeeper.ts';
import type { SandboxIncident } from './incident.ts';
import { json, restError, type Reply } from './reply.ts';

/** PagerDuty REST pagination (developer.pagerduty.com, Pagination). */
const DEFAULT_LIMIT = 25;
const MAX_LIMIT = 100;
const MAX_LIMIT_PLUS_OFFSET = 10_000;

/** Without `since`, `until` or `date_range=all`, incidents of the last month are listed. */
const DEFAULT_RANGE_MS = 30 * 24 * 3_600_000;

/** One page of a list; `name` is the key that PagerDuty gives it. */
export function page<Item>(
  name: string,
  items: readonly Item[],
  { query, show }: { readonly query: URLSearchParams; readonly show: (item: Item) => object },
): Reply {
  const limit = countOf(query, 'limit', DEFAULT_LIMIT);
  const offset = countOf(query, 'offset', 0);
  const errors = [
    ...(Number.isNaN(limit) || limit > MAX_LIMIT ? [`Limit must be 0 to ${MAX_LIMIT}.`] : []),
    ...(Number.isNaN(offset) ? ['Offset must be a number from 0.'] : []),
    ...(limit + offset > MAX_LIMIT_PLUS_OFFSET
      ? [`Limit and offset together must be at most ${MAX_LIMIT_PLUS_OFFSET}.`]
      : []),
  ];
  if (errors.length > 0) return invalidInput(errors);
  const shown = items.slice(offset, offset + limit);
  return json(200, {
    [name]: shown.map((item) => show(item)),
    limit,
    offset,
    total: query.get('total') === 'true' ? items.length : null,
    more: offset + shown.length < items.length,
  });
}

export function invalidInput(errors: readonly string[]): Reply {
  return restError(400, 2001, { message: 'Invalid Input Provided', errors });
}

function countOf(query: URLSearchParams, name: string, otherwise: number): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  return /^\d{1,9}$/.test(text) ? Number(text) : NaN;
}

const STATUSES = ['triggered', 'acknowledged', 'resolved'];

/** What `GET /incidents` asks for, or what is wrong with the question. */
export function incidentFilter(
  query: URLSearchParams,
  timekeeper: Timekeeper,
): ((incident: SandboxIncident) => boolean) | readonly string[] {
  const statuses = query.getAll('statuses[]');
  const urgencies = query.getAll('urgencies[]');
  const key = query.get('incident_key');
  const range = rangeOf(query, timekeeper.nowMs());
  const errors = [
    ...(statuses.every((status) => STATUSES.includes(status)) ? [] : ['Statuses are unknown.']),
    ...(range === undefined ? ['Since and until must be ISO 8601 instants.'] : []),
  ];
  if (range === undefined || errors.length > 0) return errors;
  return (incident) =>
    (statuses.length === 0 || statuses.includes(incident.status)) &&
    (urgencies.length === 0 || urgencies.includes(incident.urgency)) &&
    (key === null || incident.alert.key === key) &&
    incident.createdAtMs >= range.sinceMs &&
    incident.createdAtMs < range.untilMs;
}

interface Range {
  readonly sinceMs: number;
  readonly untilMs: number;
}

function rangeOf(query: URLSearchParams, nowMs: number): Range | undefined {
  if (query.get('date_range') === 'all') return { sinceMs: -Infinity, untilMs: Infinity };
  const until = query.get('until');
  const since = query.get('since');
  const untilMs = until === null ? Infinity : Date.parse(until);
  const lastMs = until === null ? nowMs : untilMs;
  const sinceMs = since === null ? lastMs - DEFAULT_RANGE_MS : Date.parse(since);
  return Number.isNaN(untilMs) || Number.isNaN(sinceMs) ? undefined : { sinceMs, untilMs };
}
