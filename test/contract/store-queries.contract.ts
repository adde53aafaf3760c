import { beforeEach, describe, expect, it } from 'vitest';
import { after, hours, type EpochMs } from '../../lib/domain/shared/time.ts';
import type { Receipt, Store } from '../../lib/ports/store.ts';
import { dueItem } from '../../lib/codec/table/due-item.ts';
import {
  at,
  dueOf,
  resolvedOf,
  sampleDelivery,
  sampleIncident,
  sampleKey,
  t0,
  writeOf,
} from './store-samples.ts';
import { valueOf, type Subject } from './store.contract.ts';

const receiptOf = (requestId: string, receivedAtMs: EpochMs, setDigest?: string): Receipt => ({
  key: sampleKey(setDigest === undefined ? {} : { setDigest }),
  receivedAtMs,
  bodyHash: 'body',
  firstDeliveryId: 'first',
  requestId,
});

/** What every store finds: due rows, receipts, lists, and what expiry means. */
export function storeQueriesContract(make: () => Promise<Subject>): void {
  let store: Store;
  let setNow: Subject['setNow'];
  beforeEach(async () => {
    ({ store, setNow } = await make());
  });

  describe('due rows', () => {
    const put = async (
      id: string,
      rows: readonly (readonly [number, string?])[],
    ): Promise<void> => {
      const dueAdded = rows.map(([ms, name]) => dueOf(id, at(ms), name));
      valueOf(await store.commit(writeOf(sampleIncident({ id }), { dueAdded })));
    };

    it('finds what is due up to and including an instant, earliest first over all shards', async () => {
      const shards = new Set<string>();
      for (let index = 0; index < 30; index += 1) {
        await put(`incident-${index}`, [[(index * 7) % 30], [5000]]);
        shards.add(JSON.stringify(dueItem(dueOf(`incident-${index}`, t0), 1)['pk']));
      }
      expect(shards.size).toBeGreaterThan(6);
      const due = valueOf(await store.loadDue(at(20), 100));
      expect(due.map(({ dueAtMs }) => dueAtMs - t0)).toEqual(
        Array.from({ length: 21 }, (_, index) => index),
      );
    });

    it('gives the earliest when there are more than asked for', async () => {
      for (let index = 0; index < 12; index += 1) await put(`i-${index}`, [[100 - index]]);
      const due = valueOf(await store.loadDue(at(1000), 5));
      expect(due.map(({ dueAtMs }) => dueAtMs - t0)).toEqual([89, 90, 91, 92, 93]);
    });

    it('gives back each row as it was added, timers and intents', async () => {
      const rows = [dueOf('k3v9m-2q7xzwn', at(1)), dueOf('k3v9m-2q7xzwn', at(2), 'open#1.ä')];
      valueOf(await store.commit(writeOf(sampleIncident(), { dueAdded: rows })));
      expect(valueOf(await store.loadDue(at(2), 10))).toMatchObject(rows);
    });

    it('adds and removes with the commit; a row that is both stays', async () => {
      const [first, second, third] = [dueOf('x', at(1)), dueOf('x', at(2)), dueOf('x', at(3))];
      const opened = writeOf(sampleIncident({ id: 'x' }), { dueAdded: [first, second] });
      valueOf(await store.commit(opened));
      const next = writeOf(sampleIncident({ id: 'x', version: 6 }), {
        expectedVersion: 5,
        dueAdded: [second, third, third],
        dueRemoved: [first, second, dueOf('x', at(9))],
      });
      valueOf(await store.commit(next));
      expect(valueOf(await store.loadDue(at(9), 10))).toMatchObject([second, third]);
    });

    it('drops rows, and those that are gone without complaint', async () => {
      await put('x', [[1], [2]]);
      const rows = valueOf(await store.loadDue(at(9), 10));
      valueOf(await store.dropDue(rows.slice(0, 1)));
      valueOf(await store.dropDue([...rows.slice(0, 1), dueOf('never', at(1))]));
      expect(valueOf(await store.loadDue(at(9), 10))).toEqual(rows.slice(1));
      valueOf(await store.dropDue([dueOf('x', at(2))]));
      expect(valueOf(await store.loadDue(at(9), 10))).toEqual([]);
    });

    it('does not drop a row that a commit has written again since it was read', async () => {
      await put('x', [[1]]);
      const seen = valueOf(await store.loadDue(at(9), 10));
      const again = writeOf(sampleIncident({ id: 'x', version: 6 }), {
        expectedVersion: 5,
        dueAdded: [dueOf('x', at(1))],
      });
      valueOf(await store.commit(again));
      valueOf(await store.dropDue(seen));
      expect(valueOf(await store.loadDue(at(9), 10))).toHaveLength(1);
    });
  });

  describe('receipts', () => {
    it('counts each request once, per alert set, and knows the newest', async () => {
      const none = { count: 0, lastAtMs: null };
      expect(valueOf(await store.countRepeats(sampleKey()))).toEqual(none);
      for (const [id, ms] of [
        ['a', 30],
        ['b', 20],
        ['b', 20],
        ['c', 20],
      ] as const) {
        valueOf(await store.putReceipt(receiptOf(id, at(ms))));
      }
      valueOf(await store.putReceipt(receiptOf('z', at(99), 'f'.repeat(64))));
      const counted = valueOf(await store.countRepeats(sampleKey()));
      expect(counted).toEqual({ count: 3, lastAtMs: at(30) });
    });
  });

  describe('expiry', () => {
    it('forgets delivery and receipts after 400 days, cleared away or not', async () => {
      const delivery = sampleDelivery();
      valueOf(await store.commit({ token: 'a', delivery }));
      valueOf(await store.putReceipt(receiptOf('a', t0)));
      const end = after(t0, hours(400 * 24));

      setNow(at(hours(400 * 24) - 1));
      expect(valueOf(await store.loadDelivery(delivery.key))).not.toBeNull();
      expect(valueOf(await store.countRepeats(delivery.key)).count).toBe(1);
      setNow(end);
      expect(valueOf(await store.loadDelivery(delivery.key))).toBeNull();
      expect(valueOf(await store.countRepeats(delivery.key)).count).toBe(0);

      const later = sampleDelivery({ deliveryId: 'later', receivedAtMs: end });
      valueOf(await store.commit({ token: 'b', delivery: later }));
      expect(valueOf(await store.loadDelivery(delivery.key))?.deliveryId).toBe('later');
    });
  });

  describe('lists', () => {
    const list = async (status: 'open' | 'closed', limit = 10, after: string | null = null) =>
      valueOf(await store.listIncidents({ tenant: 'default', status, limit, after }));

    const open = async (count: number): Promise<void> => {
      for (let index = 0; index < count; index += 1) {
        const incident = sampleIncident({ id: `i-${index}`, openedAtMs: at(index) });
        valueOf(await store.commit(writeOf(incident)));
      }
    };

    it('gives the newest first, over pages without gap or repeat', async () => {
      await open(7);
      const seen: string[] = [];
      let after: string | null = null;
      do {
        const page = await list('open', 3, after);
        seen.push(...page.incidents.map(({ id }) => id));
        after = page.next;
      } while (after !== null && seen.length < 20);
      expect(seen).toEqual(['i-6', 'i-5', 'i-4', 'i-3', 'i-2', 'i-1', 'i-0']);
    });

    it('has no next page when a page is just full', async () => {
      await open(3);
      expect((await list('open', 3)).next).toBeNull();
      expect((await list('open', 2)).next).not.toBeNull();
    });

    it('moves an incident from open to closed and back', async () => {
      const incident = sampleIncident();
      valueOf(await store.commit(writeOf(incident)));
      valueOf(await store.commit(writeOf(resolvedOf(incident), { expectedVersion: 5 })));
      expect((await list('open')).incidents).toEqual([]);
      expect((await list('closed')).incidents).toEqual([resolvedOf(incident)]);
      const reopened = { ...incident, version: 7, reopenCount: 1 };
      valueOf(await store.commit(writeOf(reopened, { expectedVersion: 6 })));
      expect((await list('open')).incidents).toEqual([reopened]);
      expect((await list('closed')).incidents).toEqual([]);
    });

    it('shows a tenant its own, also with the cursor of another', async () => {
      await open(4);
      const other = sampleIncident({ tenant: 'zeta', id: 'own', openedAtMs: at(0) });
      valueOf(await store.commit(writeOf(other)));
      const { next } = await list('open', 2);
      const query = { tenant: 'zeta', status: 'open', limit: 10 } as const;
      const page = valueOf(await store.listIncidents({ ...query, after: next }));
      expect(page.incidents.map(({ tenant }) => tenant)).toEqual(['zeta']);
      const all = valueOf(await store.listIncidents({ ...query, after: null }));
      expect(all.incidents).toEqual([other]);
    });

    it.each(['', 'x', '../../etc', 'AAAA', Buffer.from('12#x').toString('base64url')])(
      'rejects the cursor %j with words for people',
      async (after) => {
        await open(1);
        const query = { tenant: 'default', status: 'open', limit: 10, after } as const;
        const page = await store.listIncidents(query);
        expect(page).toMatchObject({ ok: false, error: { kind: 'rejected' } });
        if (!page.ok) expect(page.error.message).toContain('leave it out');
      },
    );
  });
}
