import { describe, expect, it } from 'vitest';
import { actionApi, planning, proposed, refused, wholeId } from './action-samples.ts';
import { incident, lateIncident, listOf } from './incident-samples.ts';
import { run, type FakeApi } from './run-cli.ts';

const path = `/v1/actions/${wholeId}`;
const because = ['-m', 'errors since 2.4.0'];

const sent = ({ received }: FakeApi): unknown => {
  const { body = '' } = received.find(({ method }) => method === 'POST') ?? {};
  return body === '' ? null : JSON.parse(body);
};

describe('tocsin plan', () => {
  it('asks for the only open incident of the target’s service, and shows the plan', async () => {
    const api = await actionApi();
    const argv = ['plan', 'rollback', 'checkout', ...because, '-d', api.dataDir];

    const { exitCode, out } = await run(argv);

    expect(exitCode).toBe(0);
    expect(sent(api)).toEqual({
      verb: 'rollback',
      target: 'checkout',
      parameters: {},
      reason: 'errors since 2.4.0',
    });
    expect(out).toContain('revision 16  plan 1a2b3c4d');
    expect(out).toContain(`Somebody else approves: npx tocsin approve ${wholeId}`);
  });

  it.each([
    [['scale', 'checkout', 'replicas=8'], { replicas: '8' }],
    [['scale', 'checkout', '8'], { replicas: '8' }],
    [['scale', 'checkout', 'by=+2'], { by: '+2' }],
    [['shift', 'checkout', 'to=90/10'], { to: '90/10' }],
  ])('reads %o', async (words, parameters) => {
    const api = await actionApi();
    await run(['plan', ...words, ...because, '-d', api.dataDir]);
    expect(sent(api)).toMatchObject({ parameters });
  });

  it.each([
    [['rolback', 'checkout'], '"rolback" is no verb. Did you mean rollback?'],
    [['restart', 'checkout', 'now'], 'restart has no use for "now". Its parameters: none.'],
    [['scale', 'checkout', 'size=8'], 'scale has no use for "size=8". Its parameters: replicas='],
    [['scale', 'checkout', '8', '9'], 'scale has no use for "9".'],
  ])('refuses %o before anything is sent', async (words, message) => {
    const api = await actionApi();
    const { exitCode, err } = await run(['plan', ...words, ...because, '-d', api.dataDir]);
    expect([exitCode, err]).toEqual([2, expect.stringContaining(message)]);
    expect(api.received).toEqual([]);
  });

  it('needs a reason', async () => {
    const { dataDir } = await actionApi();
    const { exitCode, err } = await run(['plan', 'rollback', 'checkout', '-d', dataDir]);
    expect([exitCode, err]).toEqual([2, expect.stringContaining('Say why, with --reason')]);
  });

  it('asks which incident is meant when it cannot know', async () => {
    const twin = { ...incident, id: '7k3qz-0000000' };
    const many = await actionApi({ 'GET /v1/incidents': listOf(incident, twin, lateIncident) });
    const none = await actionApi({ 'GET /v1/incidents': listOf() });
    const plan = (target: string, dataDir: string) =>
      run(['plan', 'restart', target, ...because, '-d', dataDir]);
    expect((await plan('checkout', many.dataDir)).err).toContain(
      'Which incident? Name it with --incident: 7k3qa-9mx2tpd (CheckoutDown), 7k3qz-0000000',
    );
    expect((await plan('search', many.dataDir)).err).toContain('No open incident is about search.');
    const nothing = await plan('checkout', none.dataDir);
    expect(nothing.exitCode).toBe(4);
    expect(nothing.err).toContain('There is no open incident');
    const nowhere = await plan('nowhere', many.dataDir);
    expect(nowhere.exitCode).toBe(3);
    expect(nowhere.err).toContain('There are checkout, search, shared.');
  });

  it('takes the incident that is named', async () => {
    const api = await actionApi();
    await run(['plan', 'restart', 'search', '-i', '7k3qa', ...because, '-d', api.dataDir]);
    expect(sent(api)).toMatchObject({ target: 'search' });
  });

  it('exits with 4 and the reason when there can be no plan', async () => {
    const { dataDir } = await actionApi({ [`GET ${path}`]: { action: refused } });
    expect(await run(['plan', 'rollback', 'checkout', ...because, '-d', dataDir])).toEqual({
      exitCode: 4,
      out: `${wholeId} was refused: It is paused.\n`,
      err: '',
    });
  });

  it('waits for the plan, but not longer than 20 s', async () => {
    let looks = 0;
    const slow = await actionApi({
      [`GET ${path}`]: (response) => {
        looks += 1;
        response.end(JSON.stringify({ action: looks < 4 ? planning : proposed }));
      },
    });
    const never = await actionApi({ [`GET ${path}`]: { action: planning } });
    const plan = (dataDir: string) =>
      run(['plan', 'rollback', 'checkout', ...because, '-d', dataDir]);
    expect((await plan(slow.dataDir)).exitCode).toBe(0);
    expect(looks).toBe(4);
    const { exitCode, out } = await plan(never.dataDir);
    expect(exitCode).toBe(1);
    expect(out).toContain('is not planned yet');
    expect(never.received.filter(({ url }) => url.startsWith(path))).toHaveLength(41);
  });
});

describe('tocsin lock, unlock and halt', () => {
  it('lock a target for a while, with a reason', async () => {
    const lock = { by: 'Ada', reason: 'x', until: '2026-11-21T05:00:00.000Z' };
    const api = await actionApi({ 'POST /v1/targets/checkout/lock': { lock } });
    const argv = ['lock', 'checkout', '--for', '2h', '-m', 'x', '-d', api.dataDir];
    expect(await run(argv)).toMatchObject({
      exitCode: 0,
      out: 'checkout is locked until 2026-11-21T05:00:00.000Z.\n',
    });
    expect(sent(api)).toEqual({ reason: 'x', for: '2h' });
    expect((await run(['lock', 'checkout', '-d', api.dataDir])).exitCode).toBe(2);
  });

  it('unlock it, and say when it was not locked', async () => {
    const message = 'The target checkout is not locked.';
    const api = await actionApi({
      'POST /v1/targets/checkout/unlock': { changed: false, message },
    });
    expect((await run(['unlock', 'checkout', '-d', api.dataDir])).out).toBe(
      `checkout: nothing changed. ${message}\n`,
    );
  });

  it.each([
    [[], true, 'Halted: nothing starts any more. By Ada (api), t: x\n'],
    [['--off'], false, 'Not halted: actions may start. By Ada (api), t: x\n'],
  ])('halt %o', async (words, on, out) => {
    const halt = { on, by: 'Ada (api)', reason: 'x', at: 't' };
    const api = await actionApi({ 'POST /v1/halt': { halt } });
    const argv = ['halt', ...words, '-m', 'x', '-d', api.dataDir];
    expect(await run(argv)).toEqual({ exitCode: 0, out, err: '' });
    expect(sent(api)).toEqual({ on, reason: 'x' });
  });

  it('do not halt without a reason', async () => {
    const api = await actionApi();
    expect((await run(['halt', '-d', api.dataDir])).exitCode).toBe(2);
    expect(api.received).toEqual([]);
  });
});
