import type { DeliveryPlan, PlanInput } from '../domain/correlation/delivery-plan.ts';
import { planDelivery } from '../domain/correlation/plan.ts';
import type { AlertGroup } from '../domain/correlation/place.ts';
import type { Thread } from '../domain/correlation/thread.ts';
import { decide, decideOpen, type Decided } from '../domain/incident/decide.ts';
import type { Incident } from '../domain/incident/state.ts';
import { err, ok, type Result } from '../domain/shared/result.ts';
import type { EpochMs } from '../domain/shared/time.ts';
import type { PortFailure } from '../ports/failure.ts';
import type { StoredDelivery } from '../ports/store.ts';
import { isWorthDecidingAgain, maxAttempts, pause } from './attempts.ts';
import { commitDecision } from './commit.ts';
import type { IntakeDeps } from './deps.ts';
import type { Intake, Placed } from './intake.ts';
import { keepOrReceive } from './keep-delivery.ts';

/** One problem's share of a delivery. */
export interface GroupShare {
  readonly intake: Intake;
  readonly group: AlertGroup;
  readonly threadHash: string;
  /** The thread as just read, for the first try; null when it is still to be read. */
  readonly seen: Result<Thread | null, PortFailure> | null;
  readonly deliveryId: string;
  /** Makes the delivery's row, to be written in the same transaction; null when not here. */
  readonly store: ((incidentId: string | null, nowMs: EpochMs) => StoredDelivery) | null;
}

/** Decides one share and commits it, from the start again whenever somebody else was first. */
export async function placeGroup(
  deps: IntakeDeps,
  share: GroupShare,
): Promise<Result<Placed, PortFailure>> {
  let last: PortFailure = { kind: 'conflict', message: 'The alert group was never free.' };
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    if (attempt > 0) await pause(deps, attempt);
    const step = await placeOnce(deps, attempt === 0 ? share : { ...share, seen: null });
    if (!step.ok) {
      last = step.error;
      if (!isWorthDecidingAgain(last)) return step;
    } else if (step.value !== 'again') {
      return ok(step.value);
    }
  }
  return err(last);
}

interface Scene {
  readonly thread: Thread;
  readonly incident: Incident | null;
  readonly nowMs: EpochMs;
}

async function placeOnce(
  deps: IntakeDeps,
  share: GroupShare,
): Promise<Result<Placed | 'again', PortFailure>> {
  const scene = await look(deps, share);
  if (!scene.ok) return scene;
  const { incident, nowMs } = scene.value;
  if (incident !== null) {
    const { decided } = decide(incident, { kind: 'wake' }, contextOf(share, nowMs));
    if (decided.events.length > 0) return overtake(deps, scene.value, decided);
  }
  return carryOut(deps, share, { scene: scene.value, plan: planOf(deps, share, scene.value) });
}

async function look(deps: IntakeDeps, share: GroupShare): Promise<Result<Scene, PortFailure>> {
  const { store, clock } = deps;
  const { id: tenant } = share.intake.origin.tenant;
  const { correlationKey } = share.group;
  const thread = share.seen ?? (await store.loadThread(tenant, share.threadHash));
  if (!thread.ok) return thread;
  const nowMs = clock.now();
  const known: Thread = thread.value ?? {
    tenant,
    threadHash: share.threadHash,
    correlationKey,
    version: 0,
    current: null,
    episodes: [],
  };
  const { current } = known;
  if (current === null) return ok({ thread: known, incident: null, nowMs });
  const incident = await store.loadIncident(tenant, current.incidentId);
  if (!incident.ok) return incident;
  if (isTorn(current, incident.value)) {
    const message = `Incident ${current.incidentId} has changed while it was read.`;
    return err({ kind: 'conflict', message });
  }
  return ok({ thread: known, incident: incident.value, nowMs });
}

/** Two readings are no snapshot: somebody may open or close the incident between them. */
const isTorn = ({ isOpen }: NonNullable<Thread['current']>, incident: Incident | null): boolean =>
  incident !== null && (incident.state !== 'resolved') !== isOpen;

/** Instants that have passed come first: a clock's breach, the end of a resolve delay. */
async function overtake(
  deps: IntakeDeps,
  { incident, nowMs }: Scene,
  decided: Decided,
): Promise<Result<'again', PortFailure>> {
  const committed = await commitDecision(deps, {
    before: incident,
    decided,
    nowMs,
    causeId: 'instant passed',
  });
  return committed.ok ? ok('again') : committed;
}

const contextOf = (
  { intake }: GroupShare,
  nowMs: EpochMs,
): { readonly policy: Intake['origin']['tenant']; readonly nowMs: EpochMs } => ({
  policy: intake.origin.tenant,
  nowMs,
});

function planOf(deps: IntakeDeps, share: GroupShare, scene: Scene): DeliveryPlan {
  const { intake, group, deliveryId } = share;
  const input: PlanInput = {
    thread: scene.thread,
    incident: scene.incident,
    group,
    sourceKind: intake.delivery.sourceKind,
    sourceId: intake.origin.source.id,
    deliveryId,
    truncatedAlerts: intake.delivery.truncatedAlerts,
    cuts: intake.delivery.cuts,
    operator: intake.operator,
  };
  return planDelivery(input, {
    ...contextOf(share, scene.nowMs),
    policyVersion: deps.policy.version,
    digest: deps.hashing.digest,
  });
}

async function carryOut(
  deps: IntakeDeps,
  share: GroupShare,
  { scene, plan }: { readonly scene: Scene; readonly plan: DeliveryPlan },
): Promise<Result<Placed | 'again', PortFailure>> {
  const context = contextOf(share, scene.nowMs);
  switch (plan.kind) {
    case 'duplicate':
      return keepDelivery(deps, share, scene);
    case 'remember':
      return remember(deps, share, { scene, thread: plan.thread });
    case 'open':
      return write(deps, share, {
        scene: { ...scene, incident: null },
        thread: plan.thread,
        decided: decideOpen(plan.command, context),
      });
    case 'attach':
    case 'roll-over': {
      if (scene.incident === null) return ok('again');
      const { decided } = decide(scene.incident, plan.command, context);
      if (plan.kind === 'roll-over') return overtake(deps, scene, decided);
      return write(deps, share, { scene, thread: plan.thread, decided });
    }
  }
}

async function write(
  deps: IntakeDeps,
  share: GroupShare,
  on: { readonly scene: Scene; readonly thread: Thread; readonly decided: Decided },
): Promise<Result<Placed, PortFailure>> {
  const { nowMs, incident: before } = on.scene;
  const incidentId = on.decided.incident.id;
  const committed = await commitDecision(deps, {
    before,
    decided: on.decided,
    nowMs,
    causeId: `delivery ${share.deliveryId}`,
    thread: on.thread,
    ...(share.store === null ? {} : { delivery: share.store(incidentId, nowMs) }),
  });
  return committed.ok ? ok({ incidentId, incident: committed.value }) : committed;
}

/** Nothing new: only the raw delivery is stored. Its incident may have pages still to send. */
async function keepDelivery(
  deps: IntakeDeps,
  share: GroupShare,
  { thread, incident, nowMs }: Scene,
): Promise<Result<Placed, PortFailure>> {
  const incidentId = thread.current?.incidentId ?? null;
  if (share.store === null) return ok({ incidentId, incident });
  const delivery = share.store(incidentId, nowMs);
  const kept = await keepOrReceive(deps, delivery, share.intake.requestId);
  return kept.ok ? ok({ incidentId, incident }) : kept;
}

async function remember(
  deps: IntakeDeps,
  share: GroupShare,
  { scene, thread }: { readonly scene: Scene; readonly thread: Thread },
): Promise<Result<Placed, PortFailure>> {
  const written = await deps.store.commit({
    token: `${share.deliveryId}:${scene.nowMs}`,
    thread: {
      value: { ...thread, version: thread.version + 1 },
      expectedVersion: thread.version,
    },
    ...(share.store === null ? {} : { delivery: share.store(null, scene.nowMs) }),
  });
  return written.ok ? ok({ incidentId: null, incident: null }) : written;
}
