import type { Action } from '../../domain/action/action.ts';
import type { FurtherCommand } from '../../domain/action/command.ts';
import type { Signal } from '../../domain/action/observation.ts';
import {
  alertSignal,
  metricSignal,
  type AlertReading,
  type CheckReading,
} from '../../domain/action/verdict.ts';
import type { AlertRef, Commit } from '../../domain/incident/event.ts';
import type { CheckPolicy } from '../../domain/policy/action-policy.ts';
import type { TenantPolicy } from '../../domain/policy/policy.ts';
import type { Labels } from '../../domain/shared/labels.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import type { EpochMs } from '../../domain/shared/time.ts';
import { inParallel } from '../concurrency.ts';
import type { ActionFailure, ActionScene } from './commit-action.ts';
import type { ActDeps } from './deps.ts';
import { look } from './look.ts';

/** So many alerts are asked for at their source; more than that are one cause anyway. */
const alertsAsked = 20;
const callsAtOnce = 4;

/** Samples the three signals that tell whether an action has helped. */
export async function commandOfSample(
  deps: ActDeps,
  { action, policy }: ActionScene & { readonly action: Action },
): Promise<Result<FurtherCommand, ActionFailure>> {
  const commits = await deps.store.loadCommits(action.tenant, action.incidentId);
  if (!commits.ok) return commits;
  const [seen, alert, metric] = await Promise.all([
    look(deps, action),
    readAlerts(deps, policy, commits.value),
    readChecks(deps, policy, action),
  ]);
  return ok({ kind: 'sampled', observation: seen.ok ? seen.value : null, alert, metric });
}

/** One alert as the incident's log last heard of it. */
interface KnownAlert {
  readonly sourceId: string;
  readonly name: string;
  readonly labels: Labels;
  readonly status: AlertRef['status'];
  readonly startsAtMs: EpochMs;
}

/** The alerts of an incident, each by its newest episode; labels are those that were last told. */
export function knownAlerts(commits: readonly Commit[]): readonly KnownAlert[] {
  const alerts = new Map<string, KnownAlert>();
  for (const event of commits.flatMap(({ events }) => events)) {
    if (event.type !== 'alerts.attached') continue;
    for (const alert of event.alerts) {
      const key = `${event.sourceId} ${alert.fingerprint}`;
      alerts.set(key, newer(alerts.get(key), { ...alert, sourceId: event.sourceId }));
    }
  }
  return [...alerts.values()];
}

function newer(
  held: KnownAlert | undefined,
  { sourceId, name, labels, status, startsAtMs }: AlertRef & { readonly sourceId: string },
): KnownAlert {
  if (held !== undefined && held.startsAtMs > startsAtMs) return held;
  return { sourceId, name, labels: labels ?? held?.labels ?? {}, status, startsAtMs };
}

/** Asked at the source: our own log only tells what reached us. */
async function readAlerts(
  deps: ActDeps,
  policy: TenantPolicy,
  commits: readonly Commit[],
): Promise<Signal> {
  const all = knownAlerts(commits);
  if (all.length === 0) return unknown('the incident has no alert that could resolve');
  const asked = all.slice(0, alertsAsked);
  const readings = await inParallel(asked, callsAtOnce, (alert) => askSource(deps, policy, alert));
  const signal = alertSignal(readings);
  return signal.kind === 'good' && asked.length < all.length
    ? unknown(`only ${asked.length} of ${all.length} alerts were asked for at their source`)
    : signal;
}

const unknown = (says: string): Signal => ({ kind: 'unknown', says });

async function askSource(
  { signals, log }: ActDeps,
  { id: tenant, sources }: TenantPolicy,
  { sourceId, labels, name, status, startsAtMs }: KnownAlert,
): Promise<AlertReading> {
  const source = sources.find(({ id }) => id === sourceId);
  if (source === undefined) return { name, atSource: null, isToldResolved: false };
  const isToldResolved = status === 'resolved' && source.apiUrl === null;
  const answer = await signals.alertAtSource(tenant, { sourceId, labels, startsAtMs });
  if (answer.ok) return { name, atSource: answer.value, isToldResolved };
  log.warn('A source cannot be asked for its alert.', { tenant, sourceId, why: answer.error });
  return { name, atSource: null, isToldResolved };
}

/** Every check of the plan must hold. */
async function readChecks(
  deps: ActDeps,
  { id: tenant, actions }: TenantPolicy,
  { plan }: Action,
): Promise<Signal> {
  const checks = plan?.verification.checks ?? [];
  const readings = await inParallel(checks, callsAtOnce, (id) => {
    const check = actions.checks.find((known) => known.id === id);
    return check === undefined ? Promise.resolve(goneCheck(id)) : measure(deps, tenant, check);
  });
  return metricSignal(readings);
}

const goneCheck = (id: string): CheckReading => ({
  check: { name: id, atLeast: null, atMost: null },
  value: null,
  why: 'the check is not in the policy any more',
});

async function measure(
  { signals, clock }: ActDeps,
  tenant: string,
  check: CheckPolicy,
): Promise<CheckReading> {
  const measured = await signals.measure(tenant, check, clock.now());
  if (!measured.ok) return { check, value: null, why: measured.error.message };
  return measured.value.kind === 'value'
    ? { check, value: measured.value.value, why: '' }
    : { check, value: null, why: measured.value.why };
}
