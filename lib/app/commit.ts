import type { Thread } from '../domain/correlation/thread.ts';
import type { Decided } from '../domain/incident/decide.ts';
import { dueDifference } from '../domain/incident/due.ts';
import type { Commit } from '../domain/incident/event.ts';
import { readDedupKey } from '../domain/incident/identity.ts';
import type { Incident } from '../domain/incident/state.ts';
import { invariant } from '../domain/shared/invariant.ts';
import { canonicalJson } from '../domain/shared/json.ts';
import { err, ok, type Result } from '../domain/shared/result.ts';
import type { EpochMs } from '../domain/shared/time.ts';
import type { ActionWrites } from '../ports/action-writes.ts';
import type { PortFailure } from '../ports/failure.ts';
import type { StoredDelivery, Transaction } from '../ports/store.ts';
import type { Deps } from './deps.ts';

/** A decision and all that is to stand or fall with it. */
export interface Decree {
  readonly before: Incident | null;
  readonly decided: Decided;
  readonly nowMs: EpochMs;
  /** Stable name of the cause, for the log. */
  readonly causeId: string;
  /** The thread to write; found by itself when only the incident's openness changed. */
  readonly thread?: Thread;
  readonly delivery?: StoredDelivery | undefined;
  /** The step of an action that the decision tells of. */
  readonly action?: ActionWrites | undefined;
}

/**
 * Writes a decision: events, snapshot, wake-ups, thread and delivery in one transaction. Gives the
 * incident as stored. `conflict` means that somebody else was first: load and decide anew. After
 * `timeout` the write may have happened, which shows on loading again.
 */
export async function commitDecision(
  deps: Deps,
  decree: Decree,
): Promise<Result<Incident, PortFailure>> {
  const { before, decided } = decree;
  if (decided.events.length === 0) return ok(decided.incident);
  const commit = chain(deps, decree);
  const incident: Incident = { ...decided.incident, lastHash: commit.hash };
  const thread = await threadToWrite(deps, decree, incident);
  if (!thread.ok) return thread;
  const due = dueDifference(before, incident);
  const transaction: Transaction = {
    token: commit.hash,
    incident: {
      incident,
      expectedVersion: before?.version ?? 0,
      commit,
      dueAdded: due.added,
      dueRemoved: due.removed,
    },
    ...(thread.value === null ? {} : { thread: thread.value }),
    ...besideOf(decree),
  };
  const written = await deps.store.commit(transaction);
  if (!written.ok) return written;
  tellGivenUp(deps, decided);
  return ok(incident);
}

const besideOf = ({ delivery, action }: Decree): Pick<Transaction, 'delivery' | 'action'> => ({
  ...(delivery === undefined ? {} : { delivery }),
  ...(action === undefined ? {} : { action }),
});

/** An alarm listens to this line: whoever was to be paged has to be reached otherwise. */
function tellGivenUp({ log }: Deps, { events, incident }: Decided): void {
  for (const event of events) {
    if (event.type !== 'page.dead_lettered' || event.channel === 'rest') continue;
    const { channel, action, attempt, failure } = event;
    log.error('A page was given up.', { incident: incident.id, channel, action, attempt, failure });
  }
}

/** The commit record: its hash covers everything in it and the hash before. */
function chain({ hashing, policy }: Deps, { before, decided, nowMs, causeId }: Decree): Commit {
  const unsealed = {
    tenant: decided.incident.tenant,
    incidentId: decided.incident.id,
    firstSeq: (before?.version ?? 0) + 1,
    atMs: nowMs,
    policyVersion: policy.version,
    causeId,
    events: decided.events,
    previousHash: before?.lastHash ?? '',
  };
  return { ...unsealed, hash: hashing.digest(canonicalJson(unsealed)) };
}

type ThreadWrite = NonNullable<Transaction['thread']>;

/** The thread points at its incident, so it changes whenever that opens or closes. */
async function threadToWrite(
  { store }: Deps,
  { before, thread }: Decree,
  incident: Incident,
): Promise<Result<ThreadWrite | null, PortFailure>> {
  if (thread !== undefined) return ok(pointed(thread, incident));
  const isSame = (before?.state === 'resolved') === (incident.state === 'resolved');
  if (isSame) return ok(null);
  const key = readDedupKey(incident.dedupKey);
  invariant(key !== null, 'an incident carries a dedup key of ours');
  const loaded = await store.loadThread(incident.tenant, key.threadHash);
  if (!loaded.ok) return loaded;
  if (loaded.value === null) {
    return err({ kind: 'conflict', message: `The thread of incident ${incident.id} is missing.` });
  }
  return repoint(loaded.value, incident);
}

/** An older incident of the thread may still be touched by hand, but no longer is the pointer. */
function repoint(thread: Thread, incident: Incident): Result<ThreadWrite | null, PortFailure> {
  if (thread.current?.incidentId === incident.id) return ok(pointed(thread, incident));
  return incident.state === 'resolved'
    ? ok(null)
    : err({ kind: 'conflict', message: `A newer incident has followed ${incident.id}.` });
}

function pointed(thread: Thread, incident: Incident): ThreadWrite {
  const current = {
    incidentId: incident.id,
    ordinal: incident.ordinal,
    isOpen: incident.state !== 'resolved',
    quietUntilMs: incident.state === 'resolved' ? incident.quietUntilMs : null,
  };
  return {
    value: { ...thread, version: thread.version + 1, current },
    expectedVersion: thread.version,
  };
}
