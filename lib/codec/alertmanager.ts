import type { Alert, AlertStatus, Delivery, Unreadable } from '../domain/alert/alert.ts';
import { canonicalJson, type JsonObject } from '../domain/shared/json.ts';
import { labelOf } from '../domain/shared/labels.ts';
import { ok, type Result } from '../domain/shared/result.ts';
import { epochMs, type EpochMs } from '../domain/shared/time.ts';
import { cutIdentity, showJson, type Bounded } from './cut.ts';
import { describeKind, firstText, isList, isRecord, member, numberOf, textOf } from './fields.ts';
import { parseInstant } from './instant.ts';
import { readJsonObject, unreadable } from './json-body.ts';
import { labelFingerprint } from './label-fingerprint.ts';
import { annotationBounds, labelBounds, readLabels } from './label-set.ts';
import { intakeLimits, type IntakeLimits } from './limits.ts';
import { linksOf } from './alertmanager-links.ts';
import { keepSourceFields } from './source-fields.ts';

/**
 * Reads a webhook message of Alertmanager, payload version 4, of any age: messages without
 * `truncatedAlerts` (before 0.21) and alerts without `fingerprint` (before 0.19) included.
 *
 * | of the alert | from |
 * | --- | --- |
 * | fingerprint | `fingerprint`, else the same hash computed from the labels |
 * | status | `alerts[].status` alone; anything unknown counts as firing, with a mark |
 * | startsAtMs | `startsAt`; 1970-01-01 with a mark when it cannot be read |
 * | endsAtMs | `endsAt`; null for Go's zero time |
 * | name | label `alertname`, else `rulename`, else the fingerprint |
 * | summary | annotation `summary`, `title` or `message`, else the name |
 * | description | annotation `description`, `message` or `details` |
 * | links | annotations `runbook_url` or `runbook`, `dashboard_url` or `dashboard`; `generatorURL` |
 * | sourceFields | all else of the alert and of the message, `receiver` and `externalURL` included |
 *
 * The group is `groupKey` as it came. Fails with a sentence when the body is no such message;
 * never throws. See `intakeLimits` for what is cut.
 */
export function decodeAlertmanager(
  body: Uint8Array | string,
  limits: IntakeLimits = intakeLimits,
): Result<Delivery, Unreadable> {
  const read = readJsonObject(body, { limits, listName: 'alerts' });
  if (!read.ok) return read;
  const message = read.value.value;
  const refusal = refuseVersion(message);
  if (refusal !== null) return unreadable(refusal);
  const list = readAlertList(message, limits);
  if (!list.ok) return list;
  const shared = keepSourceFields(message, {
    except: placedInMessage,
    maxLength: limits.sourceFieldsLength,
  });
  const group = readGroup(message, limits);
  return ok({
    sourceKind: 'alertmanager',
    group: group.value,
    alerts: list.value.value.map((alert) => decodeAlert(alert, { shared: shared.value, limits })),
    truncatedAlerts: truncatedBySource(message) + read.value.leftOut,
    isTest: false,
    cuts: [read.value, list.value, group, shared].flatMap((part) => part.cuts),
  });
}

const truncatedBySource = (message: JsonObject): number =>
  Math.max(0, Math.trunc(numberOf(message, 'truncatedAlerts') ?? 0));

/** The entries of `alerts` that are alerts; unreadable when there are entries and none is. */
function readAlertList(
  message: JsonObject,
  limits: IntakeLimits,
): Result<Bounded<readonly JsonObject[]>, Unreadable> {
  const list = member(message, 'alerts');
  if (!isList(list)) return unreadable(`\`alerts\` is ${describeKind(list)}; a list is expected.`);
  const first = list.slice(0, limits.alertsPerBody);
  const readable = first.filter(isRecord);
  if (readable.length === 0 && first.length > 0) {
    return unreadable(`None of the ${first.length} entries of \`alerts\` is an object.`);
  }
  const cuts: string[] = [];
  if (first.length < list.length) {
    cuts.push(`Of ${list.length} alerts the first ${first.length} were read, the most allowed.`);
  }
  if (readable.length < first.length) {
    cuts.push(`Entries of \`alerts\` that are no objects: ${first.length - readable.length}.`);
  }
  return ok({ value: readable, cuts });
}

const placedInMessage: ReadonlySet<string> = new Set([
  ...['version', 'groupKey', 'truncatedAlerts', 'status', 'alerts'],
  ...['commonLabels', 'commonAnnotations'],
]);

const placedInAlert: ReadonlySet<string> = new Set([
  ...['status', 'labels', 'annotations', 'startsAt', 'endsAt', 'fingerprint'],
]);

/** Why this is no message of payload version 4, or null when it is one. */
function refuseVersion(message: JsonObject): string | null {
  const version = member(message, 'version');
  if (version === '4' || version === 4) return null;
  const allowed = `Allowed is Alertmanager's payload version "4".`;
  if (version === undefined) {
    return `The message has no \`version\`. ${allowed} Remove a custom \`payload\` template.`;
  }
  const came = `The message has \`version\` ${showJson(version)}.`;
  if (isGrafana(message)) {
    return `${came} It is Grafana's webhook, which has no route here. ${allowed}`;
  }
  return `${came} ${allowed} An older version comes from an Alertmanager to upgrade.`;
}

const isGrafana = (message: JsonObject): boolean =>
  member(message, 'version') === '1' &&
  (member(message, 'orgId') !== undefined || member(message, 'state') !== undefined);

/** The group key is opaque. Without one, receiver and group labels stand in for it. */
function readGroup(message: JsonObject, limits: IntakeLimits): Bounded<string> {
  const groupKey = textOf(message, 'groupKey');
  if (groupKey === '') {
    const parts = [member(message, 'receiver'), member(message, 'groupLabels')];
    return {
      value: cutIdentity(canonicalJson(parts), limits.identityCodePoints),
      cuts: ['The message has no `groupKey`; receiver and group labels stand in for it.'],
    };
  }
  return boundIdentity('groupKey', groupKey, limits);
}

function boundIdentity(name: string, text: string, limits: IntakeLimits): Bounded<string> {
  const value = cutIdentity(text, limits.identityCodePoints);
  const sentence = `\`${name}\` was cut to ${limits.identityCodePoints} characters, hash included.`;
  return { value, cuts: value === text ? [] : [sentence] };
}

interface AlertContext {
  /** Fields of the message, kept with each of its alerts. */
  readonly shared: JsonObject;
  readonly limits: IntakeLimits;
}

function decodeAlert(alert: JsonObject, { shared, limits }: AlertContext): Alert {
  const labels = readLabels(member(alert, 'labels'), labelBounds(limits));
  const annotations = readLabels(member(alert, 'annotations'), annotationBounds(limits));
  const fingerprint = readFingerprint(alert, limits);
  const status = readStatus(alert);
  const startsAt = readStart(alert);
  const links = linksOf(annotations.value, textOf(alert, 'generatorURL'), limits);
  const own = keepSourceFields(alert, {
    except: links.source === undefined ? placedInAlert : placedWithGenerator,
    maxLength: limits.sourceFieldsLength,
  });
  const note = (name: string): string => labelOf(annotations.value, name);
  const name =
    firstText(labelOf(labels.value, 'alertname'), labelOf(labels.value, 'rulename')) ||
    `unnamed alert ${fingerprint.value}`;
  return {
    fingerprint: fingerprint.value,
    startsAtMs: startsAt.value,
    endsAtMs: parseInstant(textOf(alert, 'endsAt')),
    status: status.value,
    name,
    summary: firstText(note('summary'), note('title'), note('message'), name),
    description: firstText(note('description'), note('message'), note('details')),
    labels: labels.value,
    annotations: annotations.value,
    links,
    sourceFields: { ...shared, ...own.value },
    cuts: [fingerprint, status, startsAt, labels, annotations, own].flatMap((part) => part.cuts),
  };
}

const placedWithGenerator: ReadonlySet<string> = new Set([...placedInAlert, 'generatorURL']);

function readFingerprint(alert: JsonObject, limits: IntakeLimits): Bounded<string> {
  const sent = textOf(alert, 'fingerprint');
  if (sent !== '') return boundIdentity('fingerprint', sent, limits);
  const labels = member(alert, 'labels');
  return { value: labelFingerprint(isRecord(labels) ? labels : {}), cuts: [] };
}

/** A status that nobody knows counts as firing: to page once too often is the safe side. */
function readStatus(alert: JsonObject): Bounded<AlertStatus> {
  const status = member(alert, 'status');
  const word = typeof status === 'string' ? status.toLowerCase() : '';
  if (word === 'firing' || word === 'resolved') return { value: word, cuts: [] };
  const came = showJson(status);
  return { value: 'firing', cuts: [`\`status\` is ${came}; it counts as firing.`] };
}

function readStart(alert: JsonObject): Bounded<EpochMs> {
  const sent = member(alert, 'startsAt');
  const instant = typeof sent === 'string' ? parseInstant(sent) : null;
  if (instant !== null) return { value: instant, cuts: [] };
  const came = showJson(sent);
  return {
    value: epochMs(0),
    cuts: [`\`startsAt\` is ${came}, no time after 1970; it counts as 1970-01-01T00:00:00Z.`],
  };
}
