import { describe, expect, it } from 'vitest';
import { actionApi, actionList, planHash, proposed, targets, wholeId } from './action-samples.ts';
import { run, status } from './run-cli.ts';

const path = `/v1/actions/${wholeId}`;
const approved = {
  changed: true,
  action: { ...proposed, state: 'approved', approvals: [...proposed.approvals, { by: {} }] },
};

describe('tocsin approve', () => {
  it('prints the plan, asks, and sends the hash of what was printed', async () => {
    const { dataDir, received } = await actionApi({ [`POST ${path}/approve`]: approved });

    const { exitCode, out, err } = await run(['approve', 'a41f', '-d', dataDir], { says: 'y' });

    expect([exitCode, err]).toEqual([0, 'Approve this plan? [y/N] ']);
    expect(out).toContain('Roll back Deployment shop/checkout to revision 16  plan 1a2b3c4d');
    expect(out).toContain('    image: checkout:2.4.0 → checkout:2.3.9\n');
    expect(out).toContain('1 of 2 approvals (Grace Murray), ends in 8 min');
    expect(out).toContain('Approved: 2 of 2 approvals');
    expect(out).not.toContain('\u001b');
    expect(received.at(-1)).toMatchObject({ method: 'POST', body: JSON.stringify({ planHash }) });
  });

  it.each([['n'], [''], ['nyes']])('does nothing after %j', async (says) => {
    const { dataDir, received } = await actionApi();
    const { exitCode, err } = await run(['approve', 'a41f', '-d', dataDir], { says });
    expect([exitCode, err]).toEqual([4, expect.stringContaining('error: Not approved.')]);
    expect(received.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it('where nobody can be asked needs --yes', async () => {
    const { dataDir, received } = await actionApi({ [`POST ${path}/approve`]: approved });
    expect(await run(['approve', 'a41f', '-d', dataDir])).toMatchObject({
      exitCode: 2,
      err: 'error: Nobody can be asked here. Read the plan and give --yes.\n',
    });
    const { exitCode, out } = await run(['approve', 'a41f', '-y', '--json', '-d', dataDir]);
    expect([exitCode, JSON.parse(out)]).toEqual([0, approved]);
    expect(received.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  it('says who may when it is refused, with exit code 4', async () => {
    const error = { kind: 'refused', message: 'Ada asked for it. Grace may.' };
    const { dataDir } = await actionApi({ [`POST ${path}/approve`]: status(409, { error }) });
    expect(await run(['approve', wholeId, '-y', '-d', dataDir])).toMatchObject({
      exitCode: 4,
      err: 'error: Ada asked for it. Grace may.\n',
    });
  });

  it('has nothing to approve without a plan', async () => {
    const action = { ...proposed, state: 'planning', planHash: '', planText: null };
    const { dataDir } = await actionApi({ [`GET ${path}`]: { action } });
    const { exitCode, err } = await run(['approve', wholeId, '-y', '-d', dataDir]);
    expect([exitCode, err]).toEqual([4, `error: Action ${wholeId} has no plan: it is planning.\n`]);
  });
});

describe('tocsin deny', () => {
  it('ends it, and says why', async () => {
    const { dataDir, received } = await actionApi({
      [`POST ${path}/deny`]: { changed: true, action: proposed },
    });
    const { exitCode, out } = await run(['deny', 'a41f', '-m', 'wrong one', '-d', dataDir]);
    expect([exitCode, out]).toEqual([0, expect.stringContaining('denied, nothing is done.\n')]);
    expect(received.at(-1)?.body).toBe('{"reason":"wrong one"}');
  });
});

describe('tocsin actions', () => {
  it('lists what is open, and says first what is halted and locked', async () => {
    const halt = { on: true, by: 'Lin (api)', reason: 'storm', at: '2026-11-21T03:40:00.000Z' };
    const { dataDir } = await actionApi({ 'GET /v1/targets': { ...targets, halt } });
    const { exitCode, out } = await run(['actions', '-d', dataDir]);
    expect(exitCode).toBe(0);
    expect(out).toBe(
      'HALTED by Lin (api) at 2026-11-21T03:40:00.000Z: storm\n' +
        'Nothing starts; `npx tocsin halt --off --reason ...` lifts it.\n' +
        'LOCKED search by Ada Byron (api) until 2026-11-21T05:00:00.000Z: migration\n' +
        `${wholeId}  proposed · 1 of 2 approvals (Grace Murray), ends in 8 min · Ada Byron · ` +
        'incident 7k3qa-9mx2tpd\n' +
        '  Roll back Deployment shop/checkout to revision 16\n' +
        '\nConsole: https://tocsin.example.com/actions\n',
    );
  });

  it('with an id shows the plan and what happened', async () => {
    const { dataDir } = await actionApi();
    const { out } = await run(['actions', 'a41', '-d', dataDir]);
    expect(out).toContain('plan 1a2b3c4d\n  Why this\n    Revision 16 ran for three days.\n');
    expect(out).toContain(
      'What happened\n  2026-11-21T03:46:00.000Z  Ada Byron (api) asked for it',
    );
  });

  it('asks for the ended ones only with --all', async () => {
    const ended = { ...proposed, id: 'a0', state: 'verified', outcome: 'It helped.' };
    const { dataDir } = await actionApi({
      'GET /v1/actions?limit=100&status=ended': actionList(ended),
    });
    expect((await run(['actions', '-d', dataDir])).out).not.toContain('It helped.');
    expect((await run(['actions', '--all', '-d', dataDir])).out).toContain('It helped.');
    expect((await run(['actions', 'a41f', '--all', '-d', dataDir])).exitCode).toBe(2);
  });

  it('scores the runbooks', async () => {
    const runbook = {
      runbook: 'bad-deploy',
      title: 'Errors after a deploy',
      mode: 'shadow',
      shadows: 5,
      same: 3,
      different: 1,
      nothingDone: 0,
      waiting: 1,
      precisionPct: 75,
      verified: 0,
      failed: 0,
      unverified: 0,
      notDone: 2,
    };
    const answer = { tenant: 'default', actions: 7, isCut: false, runbooks: [runbook] };
    const { dataDir } = await actionApi({ 'GET /v1/actions/score': answer });
    expect((await run(['actions', '--score', '-d', dataDir])).out).toBe(
      'bad-deploy  shadow  Errors after a deploy\n' +
        '  shadows: 5, 75 % as people did (3 same, 1 different, 0 where nothing was done), 1 open\n' +
        '  actions: 0 verified, 0 failed, 0 unverified, 2 not done\n' +
        '\n7 ended actions were read.\n',
    );
  });

  it('knows an action by no id that is not there, or that means two', async () => {
    const twin = { ...proposed, id: 'a41f000000000002' };
    const { dataDir } = await actionApi({
      'GET /v1/actions?limit=100&status=ended': actionList(twin),
    });
    const both = await run(['actions', 'a41f', '-d', dataDir]);
    expect(both.exitCode).toBe(2);
    expect(both.err).toContain('can mean');
    expect((await run(['deny', 'abc', '-d', dataDir])).exitCode).toBe(3);
    expect((await run(['deny', ' ', '-d', dataDir])).exitCode).toBe(2);
  });
});
