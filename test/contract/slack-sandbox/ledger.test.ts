import { appendFileSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ADA, INCIDENTS, SHOP, start, temporaryFolder } from './harness.ts';

describe('what was said', () => {
  it('outlives the process, with all that an app can find it by', async () => {
    const ledgerDirectory = temporaryFolder();
    const first = await start({ ledgerDirectory });
    const metadata = { event_type: 'tocsin', event_payload: { key: 'k1' } };
    const { ts } = await first.web.chat.postMessage({ channel: INCIDENTS, text: 'a', metadata });
    await first.web.chat.update({ channel: INCIDENTS, ts: ts ?? '', text: 'b', metadata });
    const { channel } = await first.web.conversations.create({ name: 'inc-1', is_private: true });
    await first.web.conversations.invite({ channel: channel?.id ?? '', users: ADA });
    await first.web.conversations.archive({ channel: channel?.id ?? '' });
    const before = await first.state();
    await first.sandbox.close();

    const second = await start({ ledgerDirectory });
    const { ts: later } = await second.web.chat.postMessage({ channel: INCIDENTS, text: 'c' });

    const after = await second.state();
    expect(after.channels.map(({ messages }) => messages.length)).toEqual([2, 0, 3]);
    expect(after.channels[0]?.messages[0]).toEqual(before.channels[0]?.messages[0]);
    expect(after.channels[2]).toEqual(before.channels[2]);
    expect(Number(later)).toBeGreaterThan(Number(ts));
  });

  it('is a file for each workspace, readable by its owner alone', async () => {
    const ledgerDirectory = temporaryFolder();
    await start({ ledgerDirectory, workspaces: [SHOP, { ...SHOP, teamId: 'T0B' }] });

    expect(readdirSync(ledgerDirectory).sort()).toEqual(['T0B.jsonl', 'T0SHOP.jsonl']);
    expect(statSync(join(ledgerDirectory, 'T0B.jsonl')).mode & 0o777).toBe(0o600);
  });

  it('is read without the line that a kill tore', async () => {
    const ledgerDirectory = temporaryFolder();
    const first = await start({ ledgerDirectory });
    await first.web.chat.postMessage({ channel: INCIDENTS, text: 'whole' });
    await first.sandbox.close();
    const file = join(ledgerDirectory, 'T0SHOP.jsonl');
    appendFileSync(file, '{"kind":"posted","mess');

    const second = await start({ ledgerDirectory });
    await second.web.chat.postMessage({ channel: INCIDENTS, text: 'after' });
    expect((await second.state()).channels[0]?.messages).toMatchObject([
      { text: 'whole' },
      { text: 'after' },
    ]);
    expect(readFileSync(file, 'utf8').split('\n').at(-2)).toContain('after');
  });

  it('is forgotten on request', async () => {
    const { web, call, state } = await start({ ledgerDirectory: temporaryFolder() });
    await web.conversations.create({ name: 'inc-1' });
    await call('DELETE', '');

    expect((await state()).channels.map(({ name }) => name)).toEqual(['incidents', 'general']);
  });
});
