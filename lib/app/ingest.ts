import { groupAlerts, type AlertGroup } from '../domain/correlation/place.ts';
import type { Thread } from '../domain/correlation/thread.ts';
import { threadHash } from '../domain/incident/identity.ts';
import { canonicalJson } from '../domain/shared/json.ts';
import { err, ok, type Result } from '../domain/shared/result.ts';
import type { EpochMs } from '../domain/shared/time.ts';
import type { PortFailure } from '../ports/failure.ts';
import type {
  DeliveryKey,
  DeliveryOutcome,
  KnownDelivery,
  StoredDelivery,
} from '../ports/store.ts';
import { inParallel } from './concurrency.ts';
import type { IntakeDeps } from './deps.ts';
import type { Intake, Placed, Taken } from './intake.ts';
import { keepOrReceive, keepReceipt } from './keep-delivery.ts';
import { placeGroup } from './place-group.ts';

/** Above this a raw body is kept as a blob: a row of the table holds 400 KB at most. */
const maxBodyInTable = 350_000;
const groupsAtOnce = 8;

/**
 * Takes a delivery: everything in it is stored and decided when this returns `ok`, and only then.
 * Taking the same delivery again, in whole or in part, changes nothing.
 */
export async function ingest(
  deps: IntakeDeps,
  intake: Intake,
): Promise<Result<Taken, PortFailure>> {
  const key = deliveryKey(deps, intake);
  const known = await deps.store.loadDelivery(key);
  if (!known.ok) return known;
  if (known.value === null) return takeNew(deps, intake, { key, isStored: false });
  const [receipt, isAwake] = await Promise.all([
    keepReceipt(deps, {
      key,
      receivedAtMs: deps.clock.now(),
      bodyHash: deps.hashing.digestBytes(intake.body),
      deliveryId: known.value.deliveryId,
      requestId: intake.requestId,
    }),
    mayWake(deps, intake, known.value),
  ]);
  if (!receipt.ok) return receipt;
  if (isAwake) return takeNew(deps, intake, { key, isStored: true });
  const { deliveryId, outcome } = known.value;
  return ok({ deliveryId, isRepeat: true, outcome, placed: [] });
}

function deliveryKey(
  { hashing }: IntakeDeps,
  { origin, delivery, setDigest }: Intake,
): DeliveryKey {
  return {
    tenant: origin.tenant.id,
    sourceId: origin.source.id,
    groupHash: hashing.digest(delivery.group).slice(0, 32),
    setDigest,
  };
}

/** A repeat matters only where a resolve by hand has been quiet for long enough. */
async function mayWake(
  { store, clock }: IntakeDeps,
  { origin, delivery }: Intake,
  known: KnownDelivery,
): Promise<boolean> {
  if (!delivery.alerts.some(({ status }) => status === 'firing')) return false;
  for (const hash of known.threadHashes) {
    const thread = await store.loadThread(origin.tenant.id, hash);
    if (thread.ok && isQuietOver(thread.value, clock.now())) return true;
  }
  return false;
}

function isQuietOver(thread: Thread | null, nowMs: EpochMs): boolean {
  const quietUntilMs = thread?.current?.quietUntilMs ?? null;
  return quietUntilMs !== null && quietUntilMs <= nowMs;
}

async function takeNew(
  deps: IntakeDeps,
  intake: Intake,
  { key, isStored }: { readonly key: DeliveryKey; readonly isStored: boolean },
): Promise<Result<Taken, PortFailure>> {
  const deliveryId = deps.hashing.digest(canonicalJson(key)).slice(0, 24);
  const kept = await keepLargeBody(deps, intake, key.tenant);
  if (!kept.ok) return kept;
  const groups = intake.delivery.isTest ? [] : groupAlerts(intake.delivery, intake.origin);
  const threadHashes = groups.map(({ correlationKey }) =>
    threadHash(key.tenant, correlationKey, deps.hashing.digest),
  );
  const stored = (outcome: DeliveryOutcome, nowMs: EpochMs): StoredDelivery => ({
    key,
    deliveryId,
    receivedAtMs: nowMs,
    bodyHash: deps.hashing.digestBytes(intake.body),
    body: intake.body.byteLength > maxBodyInTable ? null : intake.body,
    outcome,
    threadHashes,
  });
  // The delivery is stored with the last group: once it is known, all of it has been decided.
  const early = await placeAll(deps, intake, { groups: groups.slice(0, -1), deliveryId });
  if (!early.ok) return early;
  const last = groups.at(-1);
  if (last === undefined) {
    return keepAlone(deps, intake, stored(nothingIn(intake), deps.clock.now()));
  }
  const placed = await placeGroup(deps, {
    intake,
    group: last,
    deliveryId,
    store: isStored
      ? null
      : (incidentId, nowMs) =>
          stored(outcomeOf(intake, [...early.value.map(idOf), incidentId]), nowMs),
  });
  if (!placed.ok) return placed;
  const all = [...early.value, placed.value];
  const outcome = outcomeOf(intake, all.map(idOf));
  return ok({ deliveryId, isRepeat: false, outcome, placed: all });
}

const idOf = ({ incidentId }: Placed): string | null => incidentId;

async function placeAll(
  deps: IntakeDeps,
  intake: Intake,
  of: { readonly groups: readonly AlertGroup[]; readonly deliveryId: string },
): Promise<Result<readonly Placed[], PortFailure>> {
  const results = await inParallel(of.groups, groupsAtOnce, (group) =>
    placeGroup(deps, { intake, group, deliveryId: of.deliveryId, store: null }),
  );
  const placed: Placed[] = [];
  for (const result of results) {
    if (!result.ok) return err(result.error);
    placed.push(result.value);
  }
  return ok(placed);
}

async function keepLargeBody(
  { blobs, hashing }: IntakeDeps,
  { body }: Intake,
  tenant: string,
): Promise<Result<void, PortFailure>> {
  if (body.byteLength <= maxBodyInTable) return ok(undefined);
  const key = `raw/${tenant}/${hashing.digestBytes(body)}`;
  return blobs.put(key, body, 'application/octet-stream');
}

async function keepAlone(
  deps: IntakeDeps,
  { requestId }: Intake,
  delivery: StoredDelivery,
): Promise<Result<Taken, PortFailure>> {
  const kept = await keepOrReceive(deps, delivery, requestId);
  if (!kept.ok) return kept;
  const { deliveryId, outcome } = delivery;
  return ok({ deliveryId, isRepeat: false, outcome, placed: [] });
}

function nothingIn({ delivery }: Intake): DeliveryOutcome {
  return delivery.isTest
    ? { kind: 'test', incidentIds: [], alerts: 0, reason: 'a test message of the source' }
    : { kind: 'empty', incidentIds: [], alerts: 0, reason: 'the delivery holds no alert' };
}

function outcomeOf(
  { delivery, operator }: Intake,
  incidentIds: readonly (string | null)[],
): DeliveryOutcome {
  const ids = [...new Set(incidentIds.filter((id) => id !== null))];
  const alerts = delivery.alerts.length;
  if (ids.length === 0) {
    const reason = 'rule resolved-before-fired: only resolves of alerts that never fired here';
    return { kind: 'suppressed', incidentIds: [], alerts, reason };
  }
  if (operator !== null) {
    return { kind: 'quarantined', incidentIds: ids, alerts, reason: operator.reason.text };
  }
  return { kind: 'attached', incidentIds: ids, alerts, reason: '' };
}
