import { beforeEach, describe, expect, it } from 'vitest';
import { newChatRow, newChatWorkspace, type ChatRow } from '../../lib/domain/announce/row.ts';
import { epochMs } from '../../lib/domain/shared/time.ts';
import type { ChatRows } from '../../lib/ports/chat-rows.ts';
import { valueOf } from './store.contract.ts';

const rowOf = (incidentId: string, more: Partial<ChatRow> = {}): ChatRow => ({
  ...newChatRow('acme', incidentId),
  version: 1,
  ...more,
});

const thread = { channel: 'C1', threadTs: '1700000000.000100' };

/** What every keeper of the chat's rows does. */
export function chatRowsContract(make: () => Promise<ChatRows>): void {
  let rows: ChatRows;
  beforeEach(async () => {
    rows = await make();
  });
  const idsUntil = async (untilMs: number, limit = 10): Promise<readonly string[]> =>
    valueOf(await rows.loadPending('acme', epochMs(untilMs), limit)).map((row) => row.incidentId);

  describe('rows', () => {
    it('are not there before they are written', async () => {
      expect(valueOf(await rows.load('acme', 'a'))).toBeNull();
      expect(valueOf(await rows.loadWorkspace('acme'))).toBeNull();
      expect(valueOf(await rows.findByPlace('acme', thread))).toBeNull();
    });

    it('come back as they were written, version after version', async () => {
      const first = rowOf('a', { toldSeq: 3, home: { channel: 'C1', ts: '1.2', digest: 'd' } });
      valueOf(await rows.save(first));
      expect(valueOf(await rows.load('acme', 'a'))).toEqual(first);
      const second = { ...first, version: 2, toldSeq: 9 };
      valueOf(await rows.save(second));
      expect(valueOf(await rows.load('acme', 'a'))).toEqual(second);
      expect(valueOf(await rows.load('globex', 'a'))).toBeNull();
    });

    it.each([
      ['a second first write', 1],
      ['a version left out', 3],
      ['an old version', 0],
    ])('refuse %s', async (_what, version) => {
      const kept = rowOf('a', { toldSeq: 1 });
      valueOf(await rows.save(kept));
      const refused = await rows.save(rowOf('a', { version, toldSeq: 2 }), [thread]);
      expect(refused).toMatchObject({ ok: false, error: { kind: 'conflict' } });
      expect(valueOf(await rows.load('acme', 'a'))).toEqual(kept);
      expect(valueOf(await rows.findByPlace('acme', thread))).toBeNull();
    });

    it('cannot begin with a later version', async () => {
      const refused = await rows.save(rowOf('a', { version: 2 }));
      expect(refused).toMatchObject({ ok: false, error: { kind: 'conflict' } });
    });
  });

  describe('what is owed', () => {
    it('is found from its instant on, the earliest first', async () => {
      valueOf(await rows.save(rowOf('late', { nextAtMs: epochMs(3000) })));
      valueOf(await rows.save(rowOf('early', { nextAtMs: epochMs(1000) })));
      valueOf(await rows.save(rowOf('never')));
      valueOf(await rows.save({ ...rowOf('foreign', { nextAtMs: epochMs(1) }), tenant: 'globex' }));
      expect(await idsUntil(999)).toEqual([]);
      expect(await idsUntil(1000)).toEqual(['early']);
      expect(await idsUntil(3000)).toEqual(['early', 'late']);
      expect(await idsUntil(3000, 1)).toEqual(['early']);
    });

    it('is gone once its row waits for nothing', async () => {
      const row = rowOf('a', { nextAtMs: epochMs(1000) });
      valueOf(await rows.save(row));
      valueOf(await rows.save({ ...row, version: 2, nextAtMs: null }));
      expect(await idsUntil(5000)).toEqual([]);
    });
  });

  it('find the incident of a channel and of a thread, within the tenant', async () => {
    const channel = { channel: 'C2', threadTs: null };
    valueOf(await rows.save(rowOf('a'), [thread]));
    valueOf(await rows.save(rowOf('b'), [channel]));
    expect(valueOf(await rows.findByPlace('acme', thread))).toBe('a');
    expect(valueOf(await rows.findByPlace('acme', channel))).toBe('b');
    expect(valueOf(await rows.findByPlace('acme', { ...thread, threadTs: null }))).toBeNull();
    expect(valueOf(await rows.findByPlace('acme', { ...thread, channel: 'C2' }))).toBeNull();
    expect(valueOf(await rows.findByPlace('globex', thread))).toBeNull();
  });

  it('keep how a workspace answers, on its version', async () => {
    const first = { ...newChatWorkspace('acme'), version: 1, failures: 2, reason: 'timeout' };
    valueOf(await rows.saveWorkspace(first));
    expect(valueOf(await rows.loadWorkspace('acme'))).toEqual(first);
    expect(await rows.saveWorkspace(first)).toMatchObject({ error: { kind: 'conflict' } });
    const second = { ...first, version: 2, downSinceMs: epochMs(7) };
    valueOf(await rows.saveWorkspace(second));
    expect(valueOf(await rows.loadWorkspace('acme'))).toEqual(second);
    expect(valueOf(await rows.loadWorkspace('globex'))).toBeNull();
  });
}
