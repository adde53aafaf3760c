import type { Incident } from '../../domain/incident/state.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { PagerIncidentRecord } from '../../ports/pager.ts';
import { act, type ActFailure } from '../act.ts';
import { inParallel } from '../concurrency.ts';
import { requestsAtOnce, requestTimeoutMs, type ReconcileDeps } from './deps.ts';
import { heal, type Pair } from './heal.ts';
import { replayNotes } from './notes.ts';
import { findTheirs, isComparable } from './pair.ts';
import { findOurs } from './strangers.ts';
import { switchOnWebhooks } from './webhooks.ts';

export type { ReconcileDeps } from './deps.ts';

/** What a run found. */
export interface Reconciled {
  /** False: there is no token, and nothing was asked. */
  readonly isConfigured: boolean;
  /** Pairs of incidents that were compared. */
  readonly compared: number;
  /** Those that said different things. */
  readonly healed: number;
  /** Those that could not be compared or healed; the next run finds them again. */
  readonly failed: number;
  /** Webhook subscriptions that were off and are on again. */
  readonly switchedOn: number;
}

const nothing: Reconciled = {
  isConfigured: false,
  compared: 0,
  healed: 0,
  failed: 0,
  switchedOn: 0,
};

/** Our open incidents and theirs, beyond which the rest waits for the next run. */
const mostIncidents = 1000;
const mostStrangers = 200;
const pageSize = 100;

/**
 * Compares our open incidents with PagerDuty's, and makes both sides say the same: what happened
 * there counts at PagerDuty's instant, what it has not heard it is told again. Also switches its
 * webhooks on again and takes the notes that they did not bring. Harmless to repeat: a second run
 * finds nothing to do. Fails only when PagerDuty or the store cannot be listed.
 */
export async function reconcile(deps: ReconcileDeps): Promise<Result<Reconciled, PortFailure>> {
  const isConfigured = await deps.pagerRest.isConfigured();
  if (!isConfigured.ok) return isConfigured;
  if (!isConfigured.value) return ok(nothing);
  const webhooks = await switchOnWebhooks(deps);
  if (!webhooks.ok) deps.log.warn('The webhooks cannot be looked at.', { why: webhooks.error });
  const services = await ourServices(deps);
  if (!services.ok) return services;
  const open = await deps.pagerRest.listOpen(services.value, requestTimeoutMs);
  if (!open.ok) return open;
  const ours = await listOurs(deps);
  if (!ours.ok) return ours;
  const results = await compareAll(deps, ours.value, open.value);
  return ok({
    isConfigured: true,
    compared: results.length,
    healed: results.filter((result) => result.ok && result.value).length,
    failed: results.filter((result) => !result.ok).length,
    switchedOn: webhooks.ok ? webhooks.value : 0,
  });
}

/**
 * The services that our pages lead to or that the policy names; empty for all of the account, when
 * a key leads to an orchestration, whose services are not known.
 */
async function ourServices(deps: ReconcileDeps): Promise<Result<readonly string[], PortFailure>> {
  const listed = await deps.pagerRest.services(requestTimeoutMs);
  if (!listed.ok) return listed;
  const { services, orchestrated } = listed.value;
  if (orchestrated.length > 0) return ok([]);
  const paged = services.filter(({ routingKeys }) => routingKeys.length > 0).map(({ id }) => id);
  const named = deps.policy.tenants.flatMap((tenant) =>
    tenant.services.flatMap(({ pagerdutyServiceId }) => pagerdutyServiceId ?? []),
  );
  return ok([...new Set([...paged, ...named])]);
}

async function listOurs(deps: ReconcileDeps): Promise<Result<readonly Incident[], PortFailure>> {
  const found: Incident[] = [];
  for (const { id: tenant } of deps.policy.tenants) {
    let after: string | null = null;
    do {
      const query = { tenant, status: 'open', limit: pageSize, after } as const;
      const page: Awaited<ReturnType<typeof deps.store.listIncidents>> =
        await deps.store.listIncidents(query);
      if (!page.ok) return page;
      found.push(...page.value.incidents);
      after = page.value.next;
    } while (after !== null && found.length < mostIncidents);
  }
  return ok(found);
}

type Compared = Result<boolean, ActFailure>;

async function compareAll(
  deps: ReconcileDeps,
  ours: readonly Incident[],
  open: readonly PagerIncidentRecord[],
): Promise<readonly Compared[]> {
  const comparable = ours.filter((incident) => isComparable(deps, incident));
  const paired = new Set<string>();
  const known = await inParallel(comparable, requestsAtOnce, async (incident) => {
    const pair = await findTheirs(deps, incident, open);
    if (!pair.ok) return told(deps, pair.error);
    if (pair.value.theirs !== null) paired.add(pair.value.theirs.pagerIncidentId);
    return settle(deps, pair.value);
  });
  const strangers = open.filter(
    (record) => !paired.has(record.pagerIncidentId) && !isOfAny(record, ours),
  );
  const found = await inParallel(
    strangers.slice(0, mostStrangers),
    requestsAtOnce,
    async (record): Promise<Compared | null> => {
      const own = await findOurs(deps, record);
      if (!own.ok) return told(deps, own.error);
      return own.value === null ? null : settleFound(deps, { ours: own.value, theirs: record });
    },
  );
  return [...known, ...found.filter((result) => result !== null)];
}

const isOfAny = (
  { pagerIncidentId, dedupKey }: PagerIncidentRecord,
  ours: readonly Incident[],
): boolean =>
  ours.some(
    (incident) =>
      incident.pagerIncidentId === pagerIncidentId ||
      (dedupKey !== null && incident.dedupKey === dedupKey),
  );

/** One that is still on its way to PagerDuty will be compared by the next run. */
async function settleFound(deps: ReconcileDeps, pair: Pair): Promise<Compared> {
  const { ours } = pair;
  const isBusy = ours.intents.some(({ channel }) => channel === 'pagerduty');
  return isBusy ? ok(false) : settle(deps, pair);
}

async function settle(deps: ReconcileDeps, pair: Pair): Promise<Compared> {
  const { ours, theirs } = pair;
  const healed = await heal(deps, pair);
  if (!healed.ok) return told(deps, healed.error);
  if (theirs === null) return healed;
  await link(deps, ours, theirs);
  const notes = await replayNotes(deps, ours, theirs.pagerIncidentId);
  return notes.ok ? healed : told(deps, notes.error);
}

/** Losing it costs only the link. */
async function link(
  deps: ReconcileDeps,
  ours: Incident,
  { pagerIncidentId, url, status }: PagerIncidentRecord,
): Promise<void> {
  if (ours.pagerIncidentId === pagerIncidentId || status === 'resolved') return;
  const { tenant, id: incidentId } = ours;
  const command = { kind: 'link-pager', pagerIncidentId, url } as const;
  await act(deps, { tenant, incidentId, command, causeId: `reconciliation ${pagerIncidentId}` });
}

function told({ log }: ReconcileDeps, error: ActFailure): Compared {
  log.warn('An incident could not be compared with PagerDuty.', { why: error });
  return { ok: false, error };
}
