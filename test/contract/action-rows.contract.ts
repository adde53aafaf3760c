import { beforeEach, describe, expect, it } from 'vitest';
import type { Action } from '../../lib/domain/action/action.ts';
import type { Halt, Lease } from '../../lib/domain/action/rows.ts';
import { epochMs } from '../../lib/domain/shared/time.ts';
import type { ActionRows, Changes } from '../../lib/ports/action-rows.ts';
import type { ActionWrites } from '../../lib/ports/action-writes.ts';
import type { Store } from '../../lib/ports/store.ts';
import { sampleAction, sampleChange, writesOf } from './action-samples.ts';
import { valueOf } from './store.contract.ts';
import { at, sampleIncident, t0, writeOf } from './store-samples.ts';

/** An empty store with the rows that its transactions write. */
export interface ActionSubject {
  readonly store: Store;
  readonly rows: ActionRows;
  readonly changes: Changes;
}

/** What every keeper of actions and of changes does. */
export function actionRowsContract(make: () => Promise<ActionSubject>): void {
  let store: Store;
  let rows: ActionRows;
  let changes: Changes;
  let tokens = 0;
  beforeEach(async () => {
    ({ store, rows, changes } = await make());
  });
  const commit = (action: ActionWrites) => store.commit({ token: `t${(tokens += 1)}`, action });
  const save = async (action: Action, more: Partial<ActionWrites> = {}): Promise<void> =>
    valueOf(await commit(writesOf(action, more)));
  const load = async (actionId = 'a0123456789abcde') =>
    valueOf(await rows.load('default', actionId));

  const lease = (of: Partial<Lease> = {}): Lease => ({
    tenant: 'default',
    name: 'kubernetes/main/shop/Deployment/checkout',
    version: 1,
    fence: 1,
    holder: { actionId: 'a0123456789abcde', untilMs: at(300_000) },
    lock: null,
    ...of,
  });
  const halt = (of: Partial<Halt> = {}): Halt => ({
    tenant: 'default',
    version: 1,
    isOn: true,
    by: 'Ada',
    reason: 'The cluster is being moved.',
    atMs: t0,
    ...of,
  });
  const starts = {
    tenant: 'default',
    version: 1,
    starts: [
      {
        actionId: 'a1',
        targetId: 'checkout',
        team: 'payments',
        isByRunbook: false,
        locks: [lease().name],
        atMs: t0,
        endedAtMs: null,
      },
    ],
  };
  const standing = {
    tenant: 'default',
    runbookId: 'undo-deploy',
    version: 1,
    demotedRevision: 3,
    reason: 'It failed.',
    atMs: t0,
  };

  describe('rows', () => {
    it('are blank before they are written', async () => {
      expect(await load()).toBeNull();
      expect(valueOf(await rows.loadLease('default', 'x'))).toEqual({
        ...lease({ name: 'x', version: 0, fence: 0 }),
        holder: null,
      });
      expect(valueOf(await rows.loadHalt('default'))).toMatchObject({ version: 0, isOn: false });
      expect(valueOf(await rows.loadStarts('default'))).toMatchObject({ version: 0, starts: [] });
      expect(valueOf(await rows.loadStanding('default', 'x'))).toBeNull();
    });

    it('come back as one transaction wrote them, beside the incident', async () => {
      const action = sampleAction();
      const more = { leases: [lease()], starts, standing, mustNotBeHalted: true };
      const incident = sampleIncident();
      valueOf(await store.commit({ ...writeOf(incident), action: writesOf(action, more) }));
      expect(await load()).toEqual(action);
      expect(valueOf(await rows.loadLease('default', lease().name))).toEqual(lease());
      expect(valueOf(await rows.loadStarts('default'))).toEqual(starts);
      expect(valueOf(await rows.loadStanding('default', 'undo-deploy'))).toEqual(standing);
      expect(valueOf(await store.loadIncident('default', incident.id))).toEqual(incident);
    });

    it('of another tenant are never met', async () => {
      await save(sampleAction(), { leases: [lease()] });
      expect(valueOf(await rows.load('globex', 'a0123456789abcde'))).toBeNull();
      expect(valueOf(await rows.loadLease('globex', lease().name))).toMatchObject({ version: 0 });
      const page = await rows.list({ tenant: 'globex', status: 'open', limit: 5, after: null });
      expect(valueOf(page)).toEqual({ actions: [], next: null });
    });
  });

  describe('a transaction', () => {
    it.each([
      ['the action', writesOf(sampleAction({ outcome: 'twice' }))],
      ['a version left out', writesOf(sampleAction({ version: 3 }))],
      ['a lease', writesOf(sampleAction({ version: 2 }), { leases: [lease()] })],
      ['the starts', writesOf(sampleAction({ version: 2 }), { starts })],
      ['a standing', writesOf(sampleAction({ version: 2 }), { standing })],
    ])('is refused whole for %s on another version', async (_what, refused) => {
      const incident = sampleIncident();
      await save(sampleAction(), { leases: [lease()], starts, standing });
      const answer = await store.commit({ ...writeOf(incident), action: refused });
      expect(answer).toMatchObject({ ok: false, error: { kind: 'conflict' } });
      expect(await load()).toEqual(sampleAction());
      expect(valueOf(await store.loadIncident('default', incident.id))).toBeNull();
    });

    it('writes no action when the incident is of another version', async () => {
      valueOf(await store.commit(writeOf(sampleIncident())));
      const other = { ...writeOf(sampleIncident(), { token: 'other' }) };
      const answer = await store.commit({ ...other, action: writesOf(sampleAction()) });
      expect(answer).toMatchObject({ ok: false, error: { kind: 'conflict' } });
      expect(await load()).toBeNull();
    });

    it('takes each lease for one only', async () => {
      await save(sampleAction({ id: 'first' }), { leases: [lease()] });
      const second = writesOf(sampleAction({ id: 'second' }), { leases: [lease()] });
      expect(await commit(second)).toMatchObject({ error: { kind: 'conflict' } });
      await save(sampleAction({ id: 'second' }), { leases: [lease({ version: 2, fence: 2 })] });
      expect(valueOf(await rows.loadLease('default', lease().name)).fence).toBe(2);
    });
  });

  describe('the kill switch', () => {
    it('refuses what must not be written while it is on, and nothing else', async () => {
      valueOf(await rows.saveHalt(halt()));
      const start = writesOf(sampleAction(), { mustNotBeHalted: true });
      expect(await commit(start)).toMatchObject({ error: { kind: 'conflict' } });
      expect(await load()).toBeNull();
      await save(sampleAction());
      valueOf(await rows.saveHalt(halt({ version: 2, isOn: false, reason: 'Done.' })));
      await save(sampleAction({ version: 2 }), { mustNotBeHalted: true });
      expect(valueOf(await rows.loadHalt('default'))).toMatchObject({ reason: 'Done.' });
    });

    it('is one tenant’s, and is turned on its version', async () => {
      valueOf(await rows.saveHalt(halt({ tenant: 'globex' })));
      await save(sampleAction(), { mustNotBeHalted: true });
      const again = await rows.saveHalt(halt({ tenant: 'globex' }));
      expect(again).toMatchObject({ error: { kind: 'conflict' } });
    });
  });

  it('a person’s lock is kept on the version of the lease', async () => {
    const lock = { by: 'Ada', reason: 'A migration runs.', untilMs: null };
    valueOf(await rows.saveLease(lease({ holder: null, lock })));
    expect(valueOf(await rows.loadLease('default', lease().name)).lock).toEqual(lock);
    expect(await rows.saveLease(lease())).toMatchObject({ error: { kind: 'conflict' } });
  });

  describe('what is due', () => {
    const idsUntil = async (untilMs: number, limit = 10) =>
      valueOf(await rows.loadPending(epochMs(untilMs), limit)).map(({ id }) => id);

    it('is found from its instant on, of all tenants, the earliest first', async () => {
      await save(sampleAction({ id: 'late', nextAtMs: epochMs(3000) }));
      await save(sampleAction({ id: 'early', tenant: 'globex', nextAtMs: epochMs(1000) }));
      await save(sampleAction({ id: 'never', nextAtMs: null }));
      expect(await idsUntil(999)).toEqual([]);
      expect(await idsUntil(1000)).toEqual(['early']);
      expect(await idsUntil(3000)).toEqual(['early', 'late']);
      expect(await idsUntil(3000, 1)).toEqual(['early']);
    });

    it('moves with the action, and is gone when it waits for nothing', async () => {
      await save(sampleAction({ id: 'a', nextAtMs: epochMs(1000) }));
      await save(sampleAction({ id: 'a', version: 2, nextAtMs: epochMs(5000) }));
      expect(await idsUntil(4000)).toEqual([]);
      expect(await idsUntil(5000)).toEqual(['a']);
      await save(sampleAction({ id: 'a', version: 3, nextAtMs: null, endedAtMs: t0 }));
      expect(await idsUntil(9000)).toEqual([]);
    });
  });

  it('lists are newest first, by pages, open apart from ended', async () => {
    for (const n of [1, 2, 3]) await save(sampleAction({ id: `a${n}`, createdAtMs: at(n) }));
    await save(sampleAction({ id: 'a2', version: 2, createdAtMs: at(2), endedAtMs: at(9) }));
    const page = async (status: 'open' | 'ended', after: string | null = null) => {
      const found = valueOf(await rows.list({ tenant: 'default', status, limit: 1, after }));
      return { ids: found.actions.map(({ id }) => id), next: found.next };
    };
    const first = await page('open');
    expect(first.ids).toEqual(['a3']);
    expect(await page('open', first.next)).toEqual({ ids: ['a1'], next: null });
    expect(await page('ended')).toEqual({ ids: ['a2'], next: null });
    const query = { tenant: 'default', status: 'open', limit: 1, after: 'nonsense' } as const;
    expect(await rows.list(query)).toMatchObject({ error: { kind: 'rejected' } });
  });

  describe('changes', () => {
    const near = async (from: number, until: number, service = 'checkout') =>
      valueOf(
        await changes.near({ tenant: 'default', service, fromMs: at(from), untilMs: at(until) }),
      );

    it('are found by service and time, the newest first', async () => {
      for (const n of [1, 2, 3]) {
        valueOf(await changes.put(sampleChange({ id: `d${n}`, atMs: at(n * 1000) })));
      }
      valueOf(await changes.put(sampleChange({ id: 'other', service: 'search' })));
      valueOf(await changes.put(sampleChange({ id: 'foreign', tenant: 'globex' })));
      expect((await near(0, 9000)).map(({ id }) => id)).toEqual(['d3', 'd2', 'd1']);
      expect((await near(1000, 2000)).map(({ id }) => id)).toEqual(['d2', 'd1']);
      expect(await near(9000, 9999)).toEqual([]);
    });

    it('are new once, and a later status takes the place of an earlier', async () => {
      const started = sampleChange({ status: 'started' });
      const failed = sampleChange({ status: 'failed', atMs: at(60_000) });
      expect(valueOf(await changes.put(started))).toBe(true);
      expect(valueOf(await changes.put(started))).toBe(false);
      expect(valueOf(await changes.put(failed))).toBe(true);
      expect(valueOf(await changes.put({ ...started, atMs: at(90_000) }))).toBe(false);
      expect(await near(-1000, 99_000)).toEqual([failed]);
    });

    it('of two sources never meet, even with one id', async () => {
      valueOf(await changes.put(sampleChange()));
      expect(valueOf(await changes.put(sampleChange({ sourceId: 'argocd' })))).toBe(true);
      expect(await near(-1, 1)).toHaveLength(2);
    });

    it('are at most a hundred, the newest', async () => {
      for (let n = 0; n < 103; n += 1) {
        valueOf(await changes.put(sampleChange({ id: `d${n}`, atMs: at(n) })));
      }
      const found = await near(-1, 200);
      expect(found).toHaveLength(100);
      expect(found[0]?.id).toBe('d102');
    });
  });
}
