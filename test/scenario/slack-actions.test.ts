import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../lib/domain/shared/time.ts';
import { targetNamed } from './action-world.ts';
import { SlackActionWorld, user } from './slack-action-world.ts';

async function withIncident(slack = new SlackActionWorld()) {
  const incident = await slack.acting.openOn('checkout');
  return { slack, incident, world: slack.acting };
}

describe('somebody types a rollback', () => {
  it('a plan follows, another person approves it by its button, and it is done once', async () => {
    const { slack, incident, world } = await withIncident();

    expect(await slack.said('rollback checkout -- errors since <@U0EDSGER> deployed')).toBe(
      `done: Asked for: Roll back checkout. The plan follows in the thread of ${incident.id} in a few seconds.`,
    );
    const action = slack.latest();
    expect(action).toMatchObject({
      state: 'proposed',
      request: { verb: 'rollback', reason: 'errors since @Edsger Dijkstra deployed' },
      origin: { kind: 'person', personId: 'ada', by: { via: 'slack' } },
    });
    const buttons = await slack.drawn(incident);
    expect(buttons.map(({ verb, label }) => `${verb}: ${label}`)).toEqual([
      'approve: Approve',
      'deny: Deny',
      'plan: Whole plan…',
    ]);
    const [approve] = buttons;
    if (approve === undefined) throw new Error('There is a button.');

    expect((await slack.send(slack.pressPost(approve, user('ada')))).text).toContain(
      'refused: Ada Byron has asked for this action',
    );
    expect(world.done).toEqual([]);
    expect((await slack.send(slack.pressPost(approve, user('grace')))).by).toBe('nothing');
    await world.untilOver();
    expect(world.done).toHaveLength(1);
    expect(slack.how(action)).toContain('verified');
    expect((await slack.drawn(incident)).map(({ verb }) => verb)).toEqual([]);
    expect((await slack.send(slack.pressPost(approve, user('barbara')))).text).toContain(
      `refused: Action ${action.id} is verified by now`,
    );
    expect(world.done).toHaveLength(1);
  });

  it('without a target: the only one of the service; without a reason: who asked', async () => {
    const { slack } = await withIncident();
    expect(await slack.said('rollback')).toContain('Asked for: Roll back checkout.');
    expect(slack.latest().request.reason).toBe('Ada Byron judged it right');
  });

  it.each([
    ['scale checkout 8', { replicas: '8' }, ''],
    ['scale check +2 -- more load', { by: '+2' }, 'more load'],
    ['scale -1 — too many', { by: '-1' }, 'too many'],
    ['scale checkout replicas=4', { replicas: '4' }, ''],
    ['rb checkout 16', { to: '16' }, ''],
    ['rollback checkout to=v41 -- seen in the log', { to: 'v41' }, 'seen in the log'],
    ['restart checkout it leaks memory', {}, 'it leaks memory'],
    ['act scale checkout 5', { replicas: '5' }, ''],
  ])('%s', async (typed, parameters, reason) => {
    const { slack } = await withIncident();
    expect(await slack.said(typed)).toContain('done: Asked for: ');
    expect(slack.latest().request).toMatchObject({
      targetId: 'checkout',
      parameters,
      reason: reason === '' ? 'Ada Byron judged it right' : reason,
    });
  });

  it.each([
    ['rollback chekout', 'There is no target "chekout" for `rollback`. These have it: checkout.'],
    [
      'promote checkout',
      'checkout has no `promote`: it can rollback, scale, restart, pause or resume.',
    ],
    ['promote', 'The policy names no target that has `promote`'],
    ['scale checkout many', '"many" is none: `scale` takes replicas or by'],
    ['scale checkout 8 9', 'One parameter came twice'],
    ['rollback checkout errors since noon', 'The reason comes last, after two dashes'],
    ['act dance checkout', '"dance" cannot be done to a target: it is rollback, scale'],
    ['rollback __proto__', 'There is no target "__proto__"'],
  ])('%s is refused: %s', async (typed, sentence) => {
    const { slack, world } = await withIncident();
    const text = await slack.said(typed);
    expect(text).toContain('refused: ');
    expect(text).toContain(sentence);
    expect(world.store.tables.actions.range('')).toEqual([]);
  });

  it('with something missing: a form that asks for it, and takes what a line takes', async () => {
    const { slack, incident } = await withIncident();
    const form = await slack.command('scale checkout');
    expect(form).toMatchObject({ by: 'form' });
    expect(form.text).toContain('"action":"scale checkout"');
    const all = await slack.command('act');
    expect(all.text).toContain('"rollback checkout"');
    expect(all.text).not.toContain('"rollback search"');

    const fields = { action: 'scale checkout', parameters: '', reason: 'load' };
    expect((await slack.submit('action', incident, fields)).text).toContain('Say how many');
    const wrong = { ...fields, action: 'promote checkout' };
    expect((await slack.submit('action', incident, wrong)).text).toContain('Choose what');
    const seen = await slack.submit('action', incident, { ...fields, parameters: '+2' });
    expect(seen.by).toBe('nothing');
    expect(slack.latest().request).toMatchObject({ parameters: { by: '+2' }, reason: 'load' });
  });

  it('of which the rules say no: their sentence', async () => {
    const { slack, incident } = await withIncident();
    await slack.command('resolve');
    expect(await slack.said(`rollback ${incident.id} checkout`)).toBe(
      'refused: The incident is resolved; reopen it to act on a target.',
    );
  });
});

describe('a plan', () => {
  it('is shown whole before it is approved by what was typed', async () => {
    const { slack, incident, world } = await withIncident();
    const action = await slack.proposed(incident);

    const form = await slack.command(`approve ${action.id.slice(0, 6)}`, user('grace'));
    expect(form.by).toBe('form');
    expect(form.text).toContain('"value":"approve"');
    expect(world.action(action.id).approvals).toEqual([]);
    const read = await slack.send(slack.planPost(action, { answer: 'approve' }, user('grace')));
    expect(read.by).toBe('nothing');
    expect(world.action(action.id).approvals).toMatchObject([{ personId: 'grace' }]);
  });

  it('is approved by its eight digits, and by no others', async () => {
    const { slack, incident, world } = await withIncident();
    const action = await slack.proposed(incident);
    expect(await slack.said(`approve ${action.id} 00000000`, user('grace'))).toContain(
      `refused: The plan is ${action.planHash.slice(0, 8)} and not 00000000`,
    );
    const short = action.planHash.slice(0, 8);
    expect(await slack.said(`ok ${action.id} ${short}`, user('grace'))).toContain(
      `done: You approved plan ${short} (1 of 1)`,
    );
    await world.untilOver();
    expect(slack.how(action)).toContain('verified');
  });

  it('is read by whoever may look, with why they may not approve', async () => {
    const { slack, incident } = await withIncident();
    const action = await slack.proposed(incident);
    const seen = await slack.command(`plan ${action.id}`, user('olga'));
    expect(seen.by).toBe('message');
    expect(seen.text).toContain('It waits for approvals: 0 of 1.');
    expect(seen.text).toContain('Undo');
    const own = await slack.command('plan', user('ada'));
    expect(own.by).toBe('form');
    expect(own.text).not.toContain('"value":"approve"');
    expect(own.text).toContain('"value":"deny"');
  });

  it('is denied by the window, by a line, and only before it has started', async () => {
    const { slack, incident } = await withIncident();
    const action = await slack.proposed(incident);
    const stale = { planHash: '0'.repeat(64) };
    const deny = { answer: 'deny', reason: 'wrong service' };
    expect((await slack.send(slack.planPost(action, deny, user('alan'), stale))).text).toContain(
      'look at it again',
    );
    await slack.send(slack.planPost(action, deny, user('alan')));
    expect(slack.how(action)).toBe('denied: Denied by Alan Turing (slack): wrong service');
    expect(await slack.said(`deny ${action.id}`)).toContain('refused: It was denied already.');

    const second = await slack.proposed(incident, 'restart checkout');
    expect(await slack.said(`no ${second.id} not now`, user('alan'))).toContain('done: You denied');
    expect(slack.how(second)).toBe('denied: Denied by Alan Turing (slack): not now');
    expect(await slack.said('deny', user('alan'))).toContain('refused: No action waits to start.');
    expect(await slack.said('approve', user('grace'))).toContain('No action waits for an approval');
  });

  it('of several, nobody guesses which', async () => {
    const { slack, incident } = await withIncident();
    const one = await slack.proposed(incident);
    await slack.acting.fastForward(seconds(1));
    const other = await slack.proposed(incident, 'restart checkout');
    const text = await slack.said('approve', user('grace'));
    expect(text).toContain('refused: Which one?');
    expect(text).toContain(one.id);
    expect(text).toContain(other.id);
    expect(await slack.said('approve a0000', user('grace'))).toContain(
      'There is no action "a0000"',
    );
  });

  it('that nobody approves in time ends, and its button says so', async () => {
    const { slack, incident, world } = await withIncident();
    const action = await slack.proposed(incident);
    await world.fastForward(minutes(12));
    expect((await slack.press('approve', action, user('grace'))).text).toContain(
      `refused: Action ${action.id} is expired by now`,
    );
    expect(world.done).toEqual([]);
  });
});

describe('stopping', () => {
  it('halt stops what is approved; unhalt takes an approver, and lets it go on', async () => {
    const { slack, incident, world } = await withIncident();
    const action = await slack.proposed(incident);
    expect(await slack.said('halt the database moves', user('alan'))).toContain(
      'All actions are halted: none starts, and no further step is sent.',
    );
    await slack.press('approve', action, user('grace'));
    await world.fastForward(minutes(1));
    expect(world.done).toEqual([]);
    expect(await world.waits(incident)).toEqual([
      'All actions were halted by Alan Turing (slack) (the database moves); ' +
        '`tocsin halt --off` lets them go on, in Slack `unhalt`.',
    ]);
    expect(await slack.said('actions', user('olga'))).toContain(
      'All actions are halted by Alan Turing (slack)',
    );
    expect(await slack.said('unhalt', user('alan'))).toContain('needs the role approver');
    expect(await slack.said('unhalt moved', user('grace'))).toContain('Actions may go on');
    await world.untilOver();
    expect(slack.how(action)).toContain('verified');
  });

  it('lock keeps actions off one target, for a time or until unlock', async () => {
    const { slack, incident, world } = await withIncident();
    const action = await slack.proposed(incident);
    expect(await slack.said('lock checkout for=1h migration', user('alan'))).toContain(
      'No action starts on checkout until ',
    );
    await slack.press('approve', action, user('grace'));
    await world.fastForward(minutes(1));
    expect((await world.waits(incident)).join()).toContain('is locked by Alan Turing (slack)');
    expect((await world.waits(incident)).join()).toContain('(migration)');
    expect(await slack.said('unlock checkout', user('alan'))).toContain('Actions may start');
    expect(await slack.said('unlock checkout', user('alan'))).toContain('is not locked');
    await world.untilOver();
    expect(slack.how(action)).toContain('verified');
    expect(await slack.said('lock', user('alan'))).toContain(
      'There are: checkout, search, reports.',
    );
    expect(await slack.said('lock checkout for=ever x', user('alan'))).toContain('for=30m');
  });

  it('a signed halt, unhalt or lock is good once', async () => {
    const { slack, world } = await withIncident();
    const used = 'This request was used already; nothing was done now.';
    const off = slack.commandPost('unhalt', user('grace'));
    await slack.send(off);
    await slack.said('halt', user('alan'));
    await world.fastForward(seconds(5));
    expect((await slack.send(off)).text).toContain(used);
    expect(await slack.said('actions')).toContain('All actions are halted');
    const lock = slack.commandPost('lock checkout', user('alan'));
    await slack.send(lock);
    await slack.said('unlock checkout', user('alan'));
    await world.fastForward(seconds(5));
    expect((await slack.send(lock)).text).toContain(used);
    expect(world.lease('checkout')?.lock).toBeNull();
  });
});

it('a target of another service is never meant by itself', async () => {
  const slack = new SlackActionWorld((policy) => ({ ...policy, targets: [targetNamed('search')] }));
  await withIncident(slack);
  const form = await slack.command('rollback');
  expect(form).toMatchObject({ by: 'form' });
  expect(form.text).toContain('"rollback search"');
  expect(await slack.said('rollback search')).toContain('Asked for: Roll back search.');
});

it('a target that nobody named is asked for where there are several', async () => {
  const slack = new SlackActionWorld((policy) => ({
    ...policy,
    targets: [targetNamed('checkout'), targetNamed('checkout-blue', { service: 'checkout' })],
  }));
  await withIncident(slack);
  const form = await slack.command('rollback');
  expect(form.by).toBe('form');
  expect(form.text).toContain('"rollback checkout-blue"');
  expect(await slack.said('rollback check')).toContain('There is no target "check"');
});
