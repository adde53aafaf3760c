import { isList, isRecord, member, textOf } from '../../codec/fields.ts';
import { parseInstant } from '../../codec/instant.ts';
import { labelBounds, readLabels } from '../../codec/label-set.ts';
import { intakeLimits } from '../../codec/limits.ts';
import type { SourcePolicy } from '../../domain/policy/policy.ts';
import type { Json } from '../../domain/shared/json.ts';
import { labelOf, type Labels } from '../../domain/shared/labels.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { after, between, type EpochMs } from '../../domain/shared/time.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { AlertAtSource } from '../../ports/signals.ts';
import { parseJson, refused, unreadable } from './answers.ts';
import type { Incoming, Outgoing } from './exchange.ts';
import {
  alertsComeWithinMs,
  alertsTimeoutMs,
  clocksDifferMs,
  maxAlertsBytes,
  maxFilterValueLength,
} from './limits.ts';

/** An exchange with the source, its credential added. */
export type AskSource = (outgoing: Outgoing) => Promise<Result<Incoming, PortFailure>>;

/** An alert, and the Alertmanager that is asked for it. */
export interface AskedAlert {
  readonly apiUrl: string;
  readonly source: SourcePolicy;
  readonly labels: Labels;
  readonly startsAtMs: EpochMs;
}

/**
 * Whether Alertmanager has an alert with these labels now. A silenced or inhibited one fires all
 * the same. One that started a moment ago, and not before the alert began, may not have been told
 * of it yet: it cannot tell.
 */
export async function askAlertmanager(
  ask: AskSource,
  of: AskedAlert,
  nowMs: EpochMs,
): Promise<Result<AlertAtSource, PortFailure>> {
  const url = new URL(`${of.apiUrl.replace(/\/+$/, '')}/api/v2/alerts`);
  for (const state of ['active', 'silenced', 'inhibited', 'unprocessed']) {
    url.searchParams.set(state, 'true');
  }
  for (const filter of filtersOf(of.source, of.labels)) url.searchParams.append('filter', filter);
  const alerts = await get(ask, url);
  if (!alerts.ok) return alerts;
  if (!isList(alerts.value)) return err(unreadable(url.host, 'is no list of alerts'));
  if (alerts.value.some((alert) => isThatAlert(alert, of))) return ok('firing');
  return goneOrUntold(ask, of, nowMs);
}

/**
 * Matchers that narrow the answer down. Labels that the policy adds are unknown to the source, and
 * long ones may have been cut here: those are compared afterwards.
 */
function filtersOf(source: SourcePolicy, labels: Labels): readonly string[] {
  return Object.entries(labels)
    .filter(([name, value]) => {
      const isOurs = Object.hasOwn(source.labels, name) && source.labels[name] === value;
      const isPlain = /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) && value.length <= maxFilterValueLength;
      return isPlain && !isOurs;
    })
    .map(([name, value]) => `${name}="${escaped(value)}"`);
}

const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

/** Reads its labels as those of a delivery are read, so that equal ones are equal. */
function isThatAlert(
  alert: Json,
  { source, labels }: { readonly source: SourcePolicy; readonly labels: Labels },
): boolean {
  if (!isRecord(alert)) return false;
  const read = readLabels(member(alert, 'labels'), labelBounds(intakeLimits)).value;
  const there: Labels = { ...source.labels, ...read };
  return Object.entries(labels).every(([name, value]) => labelOf(there, name) === value);
}

async function goneOrUntold(
  ask: AskSource,
  { apiUrl, startsAtMs }: AskedAlert,
  nowMs: EpochMs,
): Promise<Result<AlertAtSource, PortFailure>> {
  const status = await get(ask, new URL(`${apiUrl.replace(/\/+$/, '')}/api/v2/status`));
  // What only speaks the half of the protocol that lists alerts has no such page.
  if (!status.ok) return status.error.kind === 'not_found' ? ok('resolved') : status;
  const startedAtMs = parseInstant(isRecord(status.value) ? textOf(status.value, 'uptime') : '');
  if (startedAtMs === null) return ok('resolved');
  const isNew = between(startedAtMs, nowMs) < alertsComeWithinMs;
  const wasTold = after(startedAtMs, clocksDifferMs) < startsAtMs;
  return ok(isNew && !wasTold ? 'cannot-tell' : 'resolved');
}

async function get(ask: AskSource, url: URL): Promise<Result<Json, PortFailure>> {
  const answer = await ask({
    url,
    headers: { accept: 'application/json' },
    form: null,
    timeoutMs: alertsTimeoutMs,
    maxBytes: maxAlertsBytes,
  });
  if (!answer.ok) return answer;
  const json = parseJson(answer.value.body);
  if (answer.value.status !== 200) {
    return err(refused(url.host, answer.value, typeof json === 'string' ? json : ''));
  }
  return json === undefined ? err(unreadable(url.host, 'is no JSON')) : ok(json);
}
