import { createHash } from 'node:crypto';
import type {
  Alert,
  AlertLinks,
  AlertStatus,
  Delivery,
  Unreadable,
} from '../domain/alert/alert.ts';
import { canonicalJson, type JsonObject } from '../domain/shared/json.ts';
import { ok, type Result } from '../domain/shared/result.ts';
import { epochMs, type EpochMs } from '../domain/shared/time.ts';
import {
  cloudMonitoringAnnotations,
  cloudMonitoringLabels,
  documentationLinks,
} from './cloud-monitoring-labels.ts';
import { cutIdentity, cutText, showJson, type Bounded } from './cut.ts';
import * as fields from './fields.ts';
import { parseInstant } from './instant.ts';
import { readJsonObject, unreadable } from './json-body.ts';
import { annotationBounds, labelBounds, readLabels } from './label-set.ts';
import { intakeLimits, type IntakeLimits } from './limits.ts';
import { keepSourceFields } from './source-fields.ts';
import { webLink } from './web-link.ts';

/**
 * Reads a notification of Google Cloud Monitoring's webhook: payload versions 1.2, 1.1, 1.0 and 1
 * (as text or number) and `test`. Every field may be missing.
 *
 * | of the alert | from `incident` |
 * | --- | --- |
 * | fingerprint, group | `incident_id`, equal in the open and in the closed message |
 * | status | `state` in any case: closed is resolved, all else fires (unknown ones with a mark) |
 * | startsAtMs, endsAtMs | `started_at`, `ended_at`: unix seconds, number or text; 0 is none |
 * | name | `policy_name`, else `condition_name`, else the fingerprint |
 * | summary | `summary`, else the documentation's subject, else the name |
 * | description | documentation, as an object with `content` or as a bare text |
 * | labels, annotations | the tables in `cloudMonitoringLabels`, `cloudMonitoringAnnotations` |
 * | links.runbook, .dashboard | first documentation link; first one whose name says dashboard |
 * | links.source | `url`, Google's page of the incident |
 * | sourceFields | all else, with the payload's `version` |
 *
 * The group is the incident itself: Google's incident is the unit that opens and closes, and
 * older closed messages do not repeat the policy's resource name. Group by the label
 * `policy_name` to see the incidents of one policy as one problem.
 *
 * Fails with a sentence when the body is no such notification; never throws.
 */
export function decodeCloudMonitoring(
  body: Uint8Array | string,
  limits: IntakeLimits = intakeLimits,
): Result<Delivery, Unreadable> {
  const read = readJsonObject(body, { limits, listName: null });
  if (!read.ok) return read;
  const message = read.value.value;
  const version = readVersion(message);
  if (!version.ok) return version;
  const incident = fields.member(message, 'incident');
  if (!fields.isRecord(incident)) {
    const came = fields.describeKind(incident);
    return unreadable(`\`incident\` is ${came}; an object is expected.`);
  }
  const isTest = version.value.value === 'test';
  const fingerprint = readFingerprint(incident, { isTest, limits });
  if (fingerprint === null) {
    return unreadable('The incident has no `incident_id` and nothing else that identifies it.');
  }
  const alert = decodeIncident(incident, { fingerprint, limits, isTest });
  const sourceFields = { version: fields.member(message, 'version') ?? null };
  return ok({
    sourceKind: 'cloud-monitoring',
    group: fingerprint.value,
    alerts: [{ ...alert, sourceFields: { ...alert.sourceFields, ...sourceFields } }],
    truncatedAlerts: 0,
    isTest,
    cuts: [...read.value.cuts, ...version.value.cuts],
  });
}

const knownVersions = ['1.2', '1.1', '1.0', '1', 'test'];

/** The version as text; a message without one is read as 1.2, with a mark. */
function readVersion(message: JsonObject): Result<Bounded<string>, Unreadable> {
  const sent = fields.member(message, 'version');
  if (sent === undefined && fields.isRecord(fields.member(message, 'incident'))) {
    return ok({ value: '1.2', cuts: ['The message has no `version`; it was read as 1.2.'] });
  }
  const version = typeof sent === 'number' ? String(sent) : sent;
  const known = knownVersions.find(
    (candidate) => typeof version === 'string' && version.toLowerCase() === candidate,
  );
  if (known !== undefined) return ok({ value: known, cuts: [] });
  if (fields.isRecord(fields.member(message, 'message'))) {
    return unreadable(
      'The message is a Pub/Sub push envelope, which has no route here. Use a notification ' +
        'channel of type webhook, or switch on payload unwrapping in the subscription.',
    );
  }
  const came = sent === undefined ? 'no `version`' : `\`version\` ${showJson(sent)}`;
  const allowed = knownVersions.map((name) => `"${name}"`).join(', ');
  return unreadable(`The message has ${came}. Allowed are Cloud Monitoring's ${allowed}.`);
}

interface IncidentContext {
  readonly limits: IntakeLimits;
  readonly isTest: boolean;
}

const identifying = [
  ...['policy_name', 'condition_name', 'resource_id', 'resource_name'],
  ...['scoping_project_id', 'url', 'started_at'],
];

/** Google's id; without one a hash of what opening and closing have in common. */
function readFingerprint(
  incident: JsonObject,
  { isTest, limits }: IncidentContext,
): Bounded<string> | null {
  const sent = fields.member(incident, 'incident_id');
  if ((typeof sent === 'string' && sent !== '') || typeof sent === 'number') {
    const text = String(sent);
    const value = cutIdentity(text, limits.identityCodePoints);
    return { value, cuts: value === text ? [] : ['`incident_id` was cut, hash included.'] };
  }
  const known = identifying.filter((name) => fields.member(incident, name) !== undefined);
  if (known.length === 0 && !isTest) return null;
  const parts = known.map((name) => [name, fields.member(incident, name)]);
  const hash = createHash('sha256').update(canonicalJson(parts), 'utf8').digest('hex');
  return {
    value: `derived-${hash.slice(0, 32)}`,
    cuts: ['The incident has no `incident_id`; a hash of its other fields stands in for it.'],
  };
}

const placedInIncident: ReadonlySet<string> = new Set([
  ...['incident_id', 'state', 'started_at', 'ended_at', 'summary', 'policy_name'],
  ...['condition_name', 'policy_user_labels', 'documentation'],
]);

function decodeIncident(
  incident: JsonObject,
  context: IncidentContext & { readonly fingerprint: Bounded<string> },
): Alert {
  const { fingerprint, limits, isTest } = context;
  const labels = readLabels(cloudMonitoringLabels(incident), labelBounds(limits));
  const annotations = readLabels(cloudMonitoringAnnotations(incident), annotationBounds(limits));
  const status = readStatus(incident);
  const startsAtMs = readSeconds(incident, 'started_at');
  const noStart = startsAtMs === null && !isTest;
  const own = keepSourceFields(withoutText(incident), {
    except: placedInIncident,
    maxLength: limits.sourceFieldsLength,
  });
  const text = (...names: readonly string[]): string =>
    cutText(
      fields.firstText(...names.map((name) => fields.textOf(incident, name))),
      limits.annotationValueCodePoints,
    );
  const name = text('policy_name', 'condition_name') || `unnamed incident ${fingerprint.value}`;
  return {
    fingerprint: fingerprint.value,
    startsAtMs: startsAtMs ?? epochMs(0),
    endsAtMs: readSeconds(incident, 'ended_at'),
    status: status.value,
    name,
    summary: text('summary') || annotation(annotations, 'documentation_subject') || name,
    description: annotation(annotations, 'documentation'),
    labels: labels.value,
    annotations: annotations.value,
    links: linksOf(incident, limits),
    sourceFields: own.value,
    cuts: [
      ...[fingerprint, status, labels, annotations, own].flatMap((part) => part.cuts),
      ...(noStart ? ['`started_at` is missing or 0; it counts as 1970-01-01T00:00:00Z.'] : []),
    ],
  };
}

const annotation = (annotations: Bounded<JsonObject>, name: string): string =>
  fields.textOf(annotations.value, name);

/** The incident with `documentation` reduced to what no annotation holds: its links. */
function withoutText(incident: JsonObject): JsonObject {
  const links = documentationLinks(incident);
  return links.length === 0 ? incident : { ...incident, documentation_links: links };
}

function readStatus(incident: JsonObject): Bounded<AlertStatus> {
  const state = fields.textOf(incident, 'state');
  const word = state.toLowerCase();
  if (word === 'closed') return { value: 'resolved', cuts: [] };
  if (word === 'open' || word === 'acknowledged') return { value: 'firing', cuts: [] };
  const came = showJson(fields.member(incident, 'state'));
  return { value: 'firing', cuts: [`\`state\` is ${came}; it counts as open.`] };
}

/** Beyond this a number of seconds lies after the year 5000: it is milliseconds. */
const mostSeconds = 1e11;
/** The largest instant that a Date can show. */
const mostMs = 8.64e15;

/** An instant from unix seconds, as Google documents, or from milliseconds or RFC 3339. */
function readSeconds(incident: JsonObject, name: string): EpochMs | null {
  const number = fields.numberOf(incident, name);
  if (number === null) return parseInstant(fields.textOf(incident, name));
  const ms = Math.trunc(number > mostSeconds ? number : number * 1000);
  return ms > 0 && ms <= mostMs ? epochMs(ms) : null;
}

function linksOf(incident: JsonObject, limits: IntakeLimits): AlertLinks {
  const named = documentationLinks(incident)
    .filter(fields.isRecord)
    .map((entry) => ({
      isDashboard: /dashboard/i.test(fields.textOf(entry, 'displayName')),
      url: webLink(fields.textOf(entry, 'url'), limits.linkCodePoints),
    }));
  const first = (isDashboard: boolean): string | undefined =>
    named.find((link) => link.isDashboard === isDashboard && link.url !== undefined)?.url;
  const runbook = first(false);
  const dashboard = first(true);
  const source = webLink(fields.textOf(incident, 'url'), limits.linkCodePoints);
  return {
    ...(runbook === undefined ? {} : { runbook }),
    ...(dashboard === undefined ? {} : { dashboard }),
    ...(source === undefined ? {} : { source }),
  };
}
