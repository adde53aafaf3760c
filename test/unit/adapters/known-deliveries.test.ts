import { describe, expect, it } from 'vitest';
import { rememberDeliveries } from '../../../lib/adapters/dynamodb/known-deliveries.ts';
import { ok } from '../../../lib/domain/shared/result.ts';
import { epochMs } from '../../../lib/domain/shared/time.ts';
import type { DeliveryKey, KnownDelivery, Store } from '../../../lib/ports/store.ts';

const keyOf = (setDigest: string): DeliveryKey => ({
  tenant: 'acme',
  sourceId: 'prometheus',
  groupHash: 'g',
  setDigest,
});

const stored: KnownDelivery = {
  deliveryId: 'd1',
  receivedAtMs: epochMs(1),
  bodyHash: 'h',
  outcome: { kind: 'attached', incidentIds: ['i'], alerts: 1, reason: '' },
  threadHashes: ['t'],
};

/** Counts readings; only what is in `rows` exists. */
function countingStore(rows: ReadonlySet<string>): { store: Store; readings: string[] } {
  const readings: string[] = [];
  const loadDelivery: Store['loadDelivery'] = ({ setDigest }) => {
    readings.push(setDigest);
    return Promise.resolve(ok(rows.has(setDigest) ? stored : null));
  };
  // Only this method is called here.
  return { store: { loadDelivery } as Store, readings };
}

describe('rememberDeliveries', () => {
  it('reads a stored delivery once', async () => {
    const { store, readings } = countingStore(new Set(['a']));
    const remembering = rememberDeliveries(store);
    for (let time = 0; time < 3; time += 1) {
      expect(await remembering.loadDelivery(keyOf('a'))).toEqual(ok(stored));
    }
    expect(readings).toEqual(['a']);
  });

  it('never remembers that a delivery is absent', async () => {
    const rows = new Set<string>();
    const { store } = countingStore(rows);
    const remembering = rememberDeliveries(store);
    expect(await remembering.loadDelivery(keyOf('a'))).toEqual(ok(null));
    rows.add('a');
    expect(await remembering.loadDelivery(keyOf('a'))).toEqual(ok(stored));
  });

  it('keeps tenants apart and forgets the oldest beyond its capacity', async () => {
    const { store, readings } = countingStore(new Set(['a', 'b', 'c']));
    const remembering = rememberDeliveries(store, 2);
    for (const name of ['a', 'b', 'c', 'a']) await remembering.loadDelivery(keyOf(name));
    await remembering.loadDelivery({ ...keyOf('c'), tenant: 'other' });
    expect(readings).toEqual(['a', 'b', 'c', 'a', 'c']);
  });
});
