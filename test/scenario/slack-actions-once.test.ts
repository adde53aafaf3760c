import { expect, it } from 'vitest';
import { seconds } from '../../lib/domain/shared/time.ts';
import { stampOf } from '../../lib/domain/verbs/stamp.ts';
import { SlackActionWorld, user } from './slack-action-world.ts';

const usedText = 'This request was used already; nothing was done now.';

async function proposed() {
  const slack = new SlackActionWorld();
  const incident = await slack.acting.openOn('checkout');
  const action = await slack.proposed(incident);
  const bound = `${action.id} ${action.planHash}`;
  const value = slack.drawnValue(incident, bound);
  return { slack, world: slack.acting, incident, action, value };
}

it('one signed approval counts once, also when it comes a second later from elsewhere (S10)', async () => {
  const { slack, world, action, value } = await proposed();
  const post = slack.pressPost({ verb: 'approve', value, label: '' }, user('grace'));
  expect((await slack.send(post)).by).toBe('nothing');
  await world.fastForward(seconds(1));
  expect((await slack.send(post)).text).toContain(usedText);
  expect(world.action(action.id).approvals).toHaveLength(1);
  await world.untilOver();
  expect(world.done).toHaveLength(1);
});

it('a double click approves once, and the second is told so', async () => {
  const { slack, world, action } = await proposed();
  await Promise.all([
    slack.press('approve', action, user('grace')),
    slack.press('approve', action, user('grace')),
  ]);
  expect(world.action(action.id).approvals).toMatchObject([{ personId: 'grace' }]);
  expect(slack.windows.map(({ text }) => text)).toEqual([
    expect.stringMatching(/Grace Hopper has already approved|is approved by now/),
  ]);
});

it('one signed request asks once, also where Slack sends it again', async () => {
  const { slack, world } = await proposed();
  const post = slack.commandPost('restart checkout');
  await slack.send(post);
  await slack.send(post);
  const asked = (
    world.store.tables.actions.range('') as readonly { readonly request: unknown }[]
  ).filter(({ request }) => (request as { readonly verb: string }).verb === 'restart');
  expect(asked).toHaveLength(1);
});

it('a refused approval stays refused when it is sent again', async () => {
  const { slack, action } = await proposed();
  const post = slack.pressPost(
    {
      verb: 'approve',
      value: slack.drawnValue(slack.incidentOf(action), `${action.id} ${'0'.repeat(64)}`),
      label: '',
    },
    user('grace'),
  );
  expect((await slack.send(post)).text).toContain('look at it and approve that one');
  expect((await slack.send(post)).text).toContain(usedText);
});

it('a tick is made once, and undone by a line', async () => {
  const { slack, world, incident } = await proposed();
  const checklist = {
    runbookId: 'restore',
    title: 'Restore from a backup',
    steps: ['Stop the writers', 'Restore'],
    willNot: '',
  };
  await world.act(incident, { kind: 'start-checklist', checklist });
  const [first] = (await slack.drawn(incident)).filter(({ verb }) => verb.startsWith('steps:'));
  expect(first?.label).toBe('☐ 1. Stop the writers');
  if (first === undefined) throw new Error('There is a button.');
  const post = slack.pressPost(first, user('alan'));
  expect((await slack.send(post)).by).toBe('nothing');
  expect((await slack.send(post)).text).toContain(usedText);
  expect((await slack.send(slack.pressPost(first, user('ada')))).text).toContain(
    'refused: Step 1 is done already, by Alan Turing (slack).',
  );
  expect(await slack.said('steps', user('olga'))).toContain('☑ 1. Stop the writers (Alan');
  expect(await slack.said('steps 1 undo')).toContain('is not done after all');
  expect(await slack.said('steps restore 7')).toContain('The checklist has steps 1 to 2');
  expect(await slack.said('steps other 1')).toContain('"other" is no checklist');
  await slack.submit('steps', incident, { step: 'restore 2' }, user('alan'));
  expect(world.now(incident).checklists[0]?.steps.map(({ done }) => done?.by ?? '')).toEqual([
    '',
    'Alan Turing (slack)',
  ]);
});

it.each([
  ['another action', (of: Forged) => ({ ...of, a: `a${'0'.repeat(15)} ${of.hash}` })],
  ['another incident', (of: Forged) => ({ ...of, i: of.other })],
  ['another tenant', (of: Forged) => ({ ...of, t: 'globex' })],
  ['another plan', (of: Forged) => ({ ...of, a: `${of.action} ${'f'.repeat(64)}` })],
  [
    'a plan that begins as this one',
    (of: Forged) => ({ ...of, a: `${of.action} ${of.hash.slice(0, 7)}` }),
  ],
  ['no incident', ({ i: _i, ...of }: Forged) => of],
])('a button that names %s approves nothing', async (_, forge) => {
  const { slack, world, incident, action } = await proposed();
  const other = await world.openOn('search');
  const value = forge({
    t: 'acme',
    i: incident.id,
    s: stampOf(incident),
    a: `${action.id} ${action.planHash}`,
    other: other.id,
    action: action.id,
    hash: action.planHash,
  });
  const drawn = { verb: 'approve', value: JSON.stringify(value), label: '' };
  const seen = await slack.send(slack.pressPost(drawn, user('grace')));
  expect(seen.text).not.toContain('done: ');
  expect(world.action(action.id)).toMatchObject({ state: 'proposed', approvals: [] });
});

interface Forged {
  readonly t: string;
  readonly i: string;
  readonly s: string;
  readonly a: string;
  readonly other: string;
  readonly action: string;
  readonly hash: string;
}

it('what else a payload says decides nothing', async () => {
  const { slack, world, action, value } = await proposed();
  const claims = { roles: ['approver'], person: 'grace', slackUserId: 'U0GRACE', is_admin: true };
  const alan = { ...user('alan'), more: claims };
  await slack.send(slack.pressPost({ verb: 'approve', value, label: '' }, alan));
  const fields = {
    answer: 'approve',
    personId: 'grace',
    approvals: '2',
    planHash: action.planHash,
  };
  await slack.send(slack.planPost(action, fields, alan));
  expect(world.action(action.id).approvals).toEqual([]);
});
