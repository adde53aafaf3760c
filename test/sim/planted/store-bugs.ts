import { systemHashing } from '../../../lib/adapters/system/hashing.ts';
import { canonicalJson } from '../../../lib/domain/shared/json.ts';
import type { IncidentEvent } from '../../../lib/domain/incident/event.ts';
import { err, ok } from '../../../lib/domain/shared/result.ts';
import { epochMs, hours } from '../../../lib/domain/shared/time.ts';
import type { IncidentWrite, Store, Transaction } from '../../../lib/ports/store.ts';
import type { PlantedParts } from '../engine/app-under-test.ts';

type Mutate = (transaction: Transaction, store: Store) => Transaction | Promise<Transaction>;

/** A store that writes something else than it was asked to. */
const writing = (mutate: Mutate): PlantedParts => ({
  store: (store) => ({
    ...store,
    commit: async (transaction) => store.commit(await mutate(transaction, store)),
  }),
});

const withIncident = (
  transaction: Transaction,
  change: (write: IncidentWrite) => IncidentWrite,
): Transaction =>
  transaction.incident === undefined
    ? transaction
    : { ...transaction, incident: change(transaction.incident) };

/** The same decision under a fresh seal, so that only its meaning is wrong. */
function resealed(write: IncidentWrite, commit: Partial<IncidentWrite['commit']>): IncidentWrite {
  const { hash: _hash, ...unsealed } = { ...write.commit, ...commit };
  const sealed = { ...unsealed, hash: systemHashing.digest(canonicalJson(unsealed)) };
  return { ...write, commit: sealed, incident: { ...write.incident, lastHash: sealed.hash } };
}

const without = (type: IncidentEvent['type']): PlantedParts =>
  writing((transaction) =>
    withIncident(transaction, (write) =>
      resealed(write, { events: write.commit.events.filter((event) => event.type !== type) }),
    ),
  );

/** Last writer wins: a decision made on an old version is stamped with the new one. */
export const versionIgnored = writing(async (transaction, store) => {
  const { incident: write } = transaction;
  if (write === undefined || write.expectedVersion === 0) return transaction;
  const held = await store.loadIncident(write.incident.tenant, write.incident.id);
  if (!held.ok || held.value === null || held.value.version === write.expectedVersion) {
    return transaction;
  }
  const { version, lastHash } = held.value;
  const stamped = resealed(write, { firstSeq: version + 1, previousHash: lastHash });
  const next = version + write.commit.events.length;
  const incident = { ...stamped.incident, version: next };
  return { ...transaction, incident: { ...stamped, expectedVersion: version, incident } };
});

/** The outbox is left for later: a page is decided and nothing says that it must leave. */
export const outboxForgotten = writing((transaction) =>
  withIncident(transaction, (write) => ({
    ...write,
    dueAdded: write.dueAdded.filter(({ row }) => row.kind !== 'intent'),
  })),
);

/** Wake-ups of clocks are not written: a deadline passes and nobody looks. */
export const wakeUpForgotten = writing((transaction) =>
  withIncident(transaction, (write) => ({
    ...write,
    dueAdded: write.dueAdded.filter(({ row }) => row.kind === 'intent'),
  })),
);

export const breachForgotten = without('sla.breached');

/** The pointer of the thread is written apart from its incident, and then not at all. */
export const threadForgotten = writing(({ thread, ...transaction }) =>
  transaction.incident !== undefined && transaction.incident.expectedVersion > 0
    ? transaction
    : { ...transaction, ...(thread === undefined ? {} : { thread }) },
);

/** Somebody else was first, so all must be well. */
export const conflictTakenForDone: PlantedParts = {
  store: (store) => ({
    ...store,
    commit: async (transaction) => {
      const written = await store.commit(transaction);
      return written.ok || written.error.kind === 'conflict' ? ok(undefined) : err(written.error);
    },
  }),
};

export const receiptForgotten: PlantedParts = {
  store: (store) => ({ ...store, putReceipt: () => Promise.resolve(ok(undefined)) }),
};

/** The second channel is used by whoever comes, without asking who else does. */
export const claimSkipped: PlantedParts = {
  store: (store) => ({ ...store, claim: () => Promise.resolve(ok(true)) }),
};

/** Whoever claims a message and dies takes it to the grave. */
export const claimForEver: PlantedParts = {
  store: (store) => ({
    ...store,
    claim: (claim) => store.claim({ ...claim, keepForMs: hours(1000) }),
  }),
};

/** A tick looks back one minute, as if no tick before it had ever been missed or failed. */
export const lateRowsForgotten: PlantedParts = {
  store: (store, clock) => ({
    ...store,
    loadDue: async (untilMs, limit) => {
      const rows = await store.loadDue(untilMs, limit);
      const sinceMs = epochMs(clock.now() - 60_000);
      return rows.ok ? ok(rows.value.filter(({ dueAtMs }) => dueAtMs >= sinceMs)) : rows;
    },
  }),
};

/** Rows are deleted when they are read, before anything was done about them. */
export const rowsDroppedFirst: PlantedParts = {
  store: (store, clock) => ({
    ...store,
    loadDue: async (untilMs, limit) => {
      const rows = await store.loadDue(untilMs, limit);
      if (rows.ok) await store.dropDue(rows.value.filter((row) => row.dueAtMs <= clock.now()));
      return rows;
    },
  }),
};
