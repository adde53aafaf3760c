import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../lib/adapters/memory/clock.ts';
import { createMemoryStore, type StoreChange } from '../../lib/adapters/memory/store.ts';
import { epochMs } from '../../lib/domain/shared/time.ts';
import { storeQueriesContract } from './store-queries.contract.ts';
import { storeContract, valueOf, type Subject } from './store.contract.ts';
import { at, dueOf, sampleDelivery, sampleIncident, t0, writeOf } from './store-samples.ts';

function make(): Promise<Subject> {
  let nowMs = t0;
  const store = createMemoryStore({ clock: { now: () => nowMs } });
  return Promise.resolve({ store, setNow: (ms) => void (nowMs = ms) });
}

describe('the store in memory', () => {
  storeContract(make, { tokens: true });
  storeQueriesContract(make);

  it('takes a token again after ten minutes, as DynamoDB does', async () => {
    const clock = createVirtualClock(t0);
    const store = createMemoryStore({ clock });
    const write = writeOf(sampleIncident());
    valueOf(await store.commit(write));
    await clock.advance(600_000 as never);
    expect(await store.commit(write)).toMatchObject({ ok: false, error: { kind: 'conflict' } });
  });

  it('tells of inserted commits and intents only, once each, after they are there', async () => {
    const changes: StoreChange[] = [];
    const store = createMemoryStore({
      clock: { now: () => t0 },
      onChange: (change) => changes.push(change),
    });
    const rows = [dueOf('x', at(1)), dueOf('x', at(1), 'intent-1')];
    const opened = writeOf(sampleIncident({ id: 'x' }), { dueAdded: rows });
    valueOf(await store.commit(opened));
    valueOf(await store.commit(opened));
    const next = sampleIncident({ id: 'x', version: 6 });
    valueOf(await store.commit(writeOf(next, { expectedVersion: 5, dueAdded: rows })));
    expect(changes.map(({ kind }) => kind)).toEqual(['commit', 'intent', 'commit']);
    expect(changes[1]).toEqual({ kind: 'intent', due: rows[1] });
  });

  it('goes back to a snapshot', async () => {
    const store = createMemoryStore({ clock: { now: () => epochMs(t0) } });
    valueOf(await store.commit({ ...writeOf(sampleIncident()), delivery: sampleDelivery() }));
    const snapshot = structuredClone(store.snapshot());
    valueOf(await store.commit(writeOf(sampleIncident({ id: 'later' }))));
    expect(store.incidents()).toHaveLength(2);
    store.restore(snapshot);
    expect(store.incidents()).toEqual([sampleIncident()]);
    expect(store.deliveries()[0]?.body).toBe(
      Buffer.from(sampleDelivery().body ?? []).toString('base64'),
    );
  });
});
