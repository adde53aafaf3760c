import { cutIdentity } from '../../codec/cut.ts';
import { webLink } from '../../codec/web-link.ts';
import type { PageContent } from '../../domain/paging/compose.ts';
import type { Severity } from '../../domain/policy/policy.ts';
import type { Json } from '../../domain/shared/json.ts';
import { toIso } from '../../domain/shared/time.ts';
import {
  maxCutDetailLength,
  maxCutDetailNameLength,
  maxDedupKeyLength,
  maxEventBytes,
  maxFieldLength,
  maxLinkLength,
  maxSummaryLength,
} from './limits.ts';

type Details = Readonly<Record<string, Json>>;

interface Link {
  readonly href: string;
  readonly text: string;
}

interface Payload {
  readonly summary: string;
  readonly source: string;
  readonly severity: 'critical' | 'error' | 'warning';
  readonly timestamp: string;
  readonly component?: string;
  readonly group?: string;
  readonly class?: string;
  readonly custom_details: Details;
}

/** An event as `POST /v2/enqueue` takes it. */
export interface EventBody {
  readonly routing_key: string;
  readonly event_action: PageContent['action'];
  readonly dedup_key: string;
  readonly payload?: Payload;
  readonly links?: readonly Link[];
  readonly client?: string;
  readonly client_url?: string;
}

const severities: Readonly<Record<Severity, Payload['severity']>> = {
  P0: 'critical',
  P1: 'error',
  P2: 'warning',
};

const cutNote = 'Some details were shortened or left out: PagerDuty takes 512 KB.';

/**
 * A page as PagerDuty takes it. Whatever is too long is cut at a character, never refused; links
 * that are no whole web address are left out; half characters are replaced. Total.
 */
export function eventBody(page: PageContent, routingKey: string): EventBody {
  const head = {
    routing_key: routingKey,
    event_action: page.action,
    dedup_key: dedupKey(page.dedupKey),
  };
  if (page.action !== 'trigger') return head;
  const body = {
    ...head,
    ...surroundings(page),
    payload: { ...payload(page), custom_details: {} },
  };
  const room = maxEventBytes - jsonBytes(body);
  return { ...body, payload: { ...body.payload, custom_details: fitDetails(page.details, room) } };
}

/** A key that is too long stays a pure function of itself, and differs where the whole differs. */
function dedupKey(key: string): string {
  const sound = key.toWellFormed();
  // Of code points, which may take two units each.
  const maxCodePoints = Math.floor(maxDedupKeyLength / 2);
  return sound.length <= maxDedupKeyLength ? sound : cutIdentity(sound, maxCodePoints);
}

function payload(page: PageContent): Omit<Payload, 'custom_details'> {
  return {
    summary: fitText(firstText(page.summary, page.class, 'Incident'), maxSummaryLength),
    source: fitText(firstText(page.source, page.component, 'tocsin'), maxFieldLength),
    severity: severities[page.severity],
    timestamp: toIso(page.occurredAtMs),
    ...optional('component', page.component),
    ...optional('group', page.group),
    ...optional('class', page.class),
  };
}

/** PagerDuty refuses an event in which one of these is blank. */
const firstText = (...candidates: readonly string[]): string =>
  candidates.find((text) => text.trim() !== '') ?? 'Tocsin';

function optional<Name extends string>(
  name: Name,
  text: string,
): Partial<Readonly<Record<Name, string>>> {
  if (text.trim() === '') return {};
  // A computed name widens to an index signature.
  return { [name]: fitText(text, maxFieldLength) } as Partial<Readonly<Record<Name, string>>>;
}

function surroundings({ links, consoleUrl }: PageContent) {
  const named = [
    ['Incident in Tocsin', consoleUrl],
    ['Runbook', links.runbook],
    ['Dashboard', links.dashboard],
    ['Source', links.source],
  ] as const;
  const kept = named.flatMap(([text, link]): Link[] => {
    const href = linkOf(link);
    return href === undefined ? [] : [{ href, text }];
  });
  const console = linkOf(consoleUrl);
  return {
    client: 'Tocsin',
    ...(console === undefined ? {} : { client_url: console }),
    ...(kept.length === 0 ? {} : { links: kept }),
  };
}

const linkOf = (link: string | undefined): string | undefined =>
  webLink((link ?? '').toWellFormed(), maxLinkLength);

/** The details whole, or else shortened one by one until the room is used up, with a note. */
function fitDetails(details: Details, roomBytes: number): Details {
  const whole = soundObject(details);
  if (jsonBytes(whole) <= roomBytes) return whole;
  const kept: [string, Json][] = [['cut', cutNote]];
  let used = jsonBytes(Object.fromEntries(kept));
  for (const [name, value] of Object.entries(whole)) {
    const entry: [string, Json] = [fitText(name, maxCutDetailNameLength), shorten(value)];
    // What an object of one entry takes, a comma included.
    const bytes = jsonBytes(Object.fromEntries([entry]));
    if (used + bytes > roomBytes) continue;
    kept.push(entry);
    used += bytes;
  }
  return Object.fromEntries(kept);
}

function shorten(value: Json): Json {
  if (typeof value === 'string') return fitText(value, maxCutDetailLength);
  if (typeof value !== 'object' || value === null) return value;
  const text = JSON.stringify(value);
  return text.length <= maxCutDetailLength ? value : fitText(text, maxCutDetailLength);
}

/** Half of a surrogate pair is no text: receivers refuse the event for it. */
function sound(value: Json): Json {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value !== 'object' || value === null) return value;
  return isList(value) ? value.map(sound) : soundObject(value);
}

const soundObject = (members: Details): Details =>
  Object.fromEntries(
    Object.entries(members).map(([name, member]) => [name.toWellFormed(), sound(member)]),
  );

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** At most so many UTF-16 units, with an ellipsis where it was cut, never half a character. */
function fitText(text: string, maxLength: number): string {
  const whole = text.toWellFormed();
  if (whole.length <= maxLength) return whole;
  const start = whole.slice(0, maxLength - 1);
  return `${start.isWellFormed() ? start : start.slice(0, -1)}…`;
}

const jsonBytes = (value: object): number => Buffer.byteLength(JSON.stringify(value));
