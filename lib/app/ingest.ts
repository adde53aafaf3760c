import { groupAlerts } from '../domain/correlation/place.ts';
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
import { placeGroup, type GroupShare } from './place-group.ts';

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
  const problems = problemsOf(deps, intake);
  const reading = readAhead(deps, key.tenant, problems);
  const known = await deps.store.loadDelivery(key);
  if (!known.ok) return known;
  if (known.value === null) {
    return takeNew(deps, intake, { key, problems, seen: await reading, isStored: false });
  }
  // A repeat that is remembered has its receipt on the way while the thread is still being read.
  const { value } = known;
  const [receipt, seen, isAwake] = await Promise.all([
    keepReceipt(deps, {
      key,
      receivedAtMs: deps.clock.now(),
      bodyHash: deps.hashing.digestBytes(intake.body),
      deliveryId: value.deliveryId,
      requestId: intake.requestId,
    }),
    reading,
    reading.then((ahead) => mayWake(deps, intake, { known: value, seen: ahead })),
  ]);
  if (!receipt.ok) return receipt;
  if (isAwake) return takeNew(deps, intake, { key, problems, seen, isStored: true });
  const { deliveryId, outcome } = value;
  return ok({ deliveryId, isRepeat: true, outcome, placed: [] });
}

/** The alerts of one problem, and the thread that they belong to. */
type Problem = Pick<GroupShare, 'group' | 'threadHash'>;

function problemsOf({ hashing }: IntakeDeps, { origin, delivery }: Intake): readonly Problem[] {
  if (delivery.isTest) return [];
  return groupAlerts(delivery, origin).map((group) => ({
    group,
    threadHash: threadHash(origin.tenant.id, group.correlationKey, hashing.digest),
  }));
}

/** A thread as it was found beside the delivery. */
interface SeenThread extends Pick<Problem, 'threadHash'> {
  readonly reading: Result<Thread | null, PortFailure>;
}

/** Nearly every delivery is about one problem: then its thread is read along with the delivery. */
async function readAhead(
  { store }: IntakeDeps,
  tenant: string,
  [only, ...others]: readonly Problem[],
): Promise<SeenThread | null> {
  if (only === undefined || others.length > 0) return null;
  return { ...only, reading: await store.loadThread(tenant, only.threadHash) };
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
  { known, seen }: { readonly known: KnownDelivery; readonly seen: SeenThread | null },
): Promise<boolean> {
  if (!delivery.alerts.some(({ status }) => status === 'firing')) return false;
  for (const hash of known.threadHashes) {
    const thread =
      seen?.threadHash === hash ? seen.reading : await store.loadThread(origin.tenant.id, hash);
    if (thread.ok && isQuietOver(thread.value, clock.now())) return true;
  }
  return false;
}

function isQuietOver(thread: Thread | null, nowMs: EpochMs): boolean {
  const quietUntilMs = thread?.current?.quietUntilMs ?? null;
  return quietUntilMs !== null && quietUntilMs <= nowMs;
}

interface Found {
  readonly key: DeliveryKey;
  readonly problems: readonly Problem[];
  readonly seen: SeenThread | null;
  readonly isStored: boolean;
}

async function takeNew(
  deps: IntakeDeps,
  intake: Intake,
  { key, problems, seen, isStored }: Found,
): Promise<Result<Taken, PortFailure>> {
  const deliveryId = deps.hashing.digest(canonicalJson(key)).slice(0, 24);
  const kept = await keepLargeBody(deps, intake, key.tenant);
  if (!kept.ok) return kept;
  const stored = (outcome: DeliveryOutcome, nowMs: EpochMs): StoredDelivery => ({
    key,
    deliveryId,
    receivedAtMs: nowMs,
    bodyHash: deps.hashing.digestBytes(intake.body),
    body: intake.body.byteLength > maxBodyInTable ? null : intake.body,
    outcome,
    threadHashes: problems.map((problem) => problem.threadHash),
  });
  // The delivery is stored with the last group: once it is known, all of it has been decided.
  const early = await placeAll(deps, intake, { problems: problems.slice(0, -1), deliveryId });
  if (!early.ok) return early;
  const last = problems.at(-1);
  if (last === undefined) {
    return keepAlone(deps, intake, stored(nothingIn(intake), deps.clock.now()));
  }
  const placed = await placeGroup(deps, {
    ...last,
    intake,
    deliveryId,
    seen: seen?.reading ?? null,
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
  of: { readonly problems: readonly Problem[]; readonly deliveryId: string },
): Promise<Result<readonly Placed[], PortFailure>> {
  const results = await inParallel(of.problems, groupsAtOnce, (problem) =>
    placeGroup(deps, { ...problem, intake, deliveryId: of.deliveryId, seen: null, store: null }),
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
