import { describe, expect, it } from 'vitest';
import { strangerText } from '../../lib/app/slack/principal.ts';
import type { Action, ActionState } from '../../lib/domain/action/action.ts';
import type { ChecklistStarted } from '../../lib/domain/action/event.ts';
import type { Incident } from '../../lib/domain/incident/state.ts';
import { minutes, seconds } from '../../lib/domain/shared/time.ts';
import { actionForms, actionVerbNames, SlackActionWorld, user } from './slack-action-world.ts';
import { teams, type Seen, type SlackUser, type SlackWorld } from './slack-world.ts';
import type { TenantId } from './samples.ts';

type By = SlackUser & { readonly signedBy?: TenantId };

const checklist: Omit<ChecklistStarted, 'type'> = {
  runbookId: 'restore',
  title: 'Restore from a backup',
  steps: ['Stop the writers', 'Restore'],
  willNot: 'It never restores by itself.',
};

/** How an action comes into a state, by what people and targets do. */
const states: readonly (readonly [
  ActionState,
  (slack: SlackActionWorld, incident: Incident) => Promise<unknown>,
])[] = [
  ['planning', (slack, incident) => askedOnly(slack, incident)],
  ['proposed', (slack, incident) => slack.proposed(incident)],
  [
    'approved',
    async (slack, incident) => {
      await slack.said('lock checkout');
      await slack.press('approve', await slack.proposed(incident), user('barbara'));
    },
  ],
  [
    'executing',
    async (slack, incident) => {
      const action = await slack.proposed(incident);
      slack.acting.targets.faults.push({ call: 'send', killed: 'before' });
      await slack.press('approve', action, user('barbara'));
    },
  ],
  [
    'observing',
    async (slack, incident) => {
      await slack.press('approve', await slack.proposed(incident), user('barbara'));
      await slack.acting.fastForward(seconds(15));
    },
  ],
  [
    'verified',
    async (slack, incident) => {
      await slack.press('approve', await slack.proposed(incident), user('barbara'));
      await slack.acting.untilOver();
    },
  ],
  [
    'denied',
    async (slack, incident) => slack.press('deny', await slack.proposed(incident), user('barbara')),
  ],
  [
    'expired',
    async (slack, incident) => {
      await slack.proposed(incident);
      await slack.acting.fastForward(minutes(12));
    },
  ],
  [
    'cancelled',
    async (slack, incident) => {
      await slack.proposed(incident);
      await slack.command(`resolve ${incident.id}`);
      await slack.acting.fastForward(minutes(1));
    },
  ],
];

async function askedOnly(slack: SlackActionWorld, incident: Incident): Promise<void> {
  slack.acting.runs.stream = false;
  slack.acting.runs.scheduler = false;
  await slack.command(`rollback ${incident.id} checkout`);
}

async function worldIn(state: ActionState) {
  const slack = new SlackActionWorld();
  const opened = await slack.acting.openOn('checkout');
  await slack.acting.act(opened, { kind: 'start-checklist', checklist });
  const [, bring] = states.find(([name]) => name === state) ?? [];
  await bring?.(slack, opened);
  const action = slack.latest();
  expect(action.state).toBe(state);
  return { slack, action, incident: slack.acting.now(opened) };
}

interface Scene {
  readonly slack: SlackActionWorld;
  readonly action: Action;
  readonly incident: Incident;
}

type Post = (scene: Scene, by: By) => ReturnType<SlackWorld['commandPost']>;

const typed =
  (text: string): Post =>
  ({ slack, action, incident }, by) =>
    slack.commandPost(
      text
        .replace('$I', incident.id)
        .replace('$A', action.id)
        .replace('$H', action.planHash.slice(0, 8) || '00000000'),
      by,
      { signedBy: by.signedBy ?? 'acme' },
    );

const pressed =
  (verb: string, args: (action: Action) => string): Post =>
  ({ slack, action, incident }, by) => {
    const value = slack.drawnValue(incident, args(action));
    return slack.pressPost({ verb, value, label: '' }, by, by.signedBy);
  };

const sent =
  (form: string, fields: Readonly<Record<string, string>>): Post =>
  ({ slack, action, incident }, by) =>
    form === 'plan'
      ? slack.planPost(action, fields, by, { as: by.signedBy ?? 'acme' })
      : slack.submitPost(form, incident, fields, by, by.signedBy);

const bound = ({ id, planHash }: Action): string => `${id} ${planHash}`.trim();

/** Every way to say yes or no to an action. */
const yes: readonly (readonly [string, Post])[] = [
  ['approve, typed', typed('approve $A $H')],
  ['the button Approve', pressed('approve', bound)],
  ['the window with the plan', sent('plan', { answer: 'approve' })],
];
const no: readonly (readonly [string, Post])[] = [
  ['deny, typed', typed('deny $A not now')],
  ['the button Deny', pressed('deny', bound)],
  ['the window with the plan', sent('plan', { answer: 'deny', reason: 'not now' })],
];

/** All else that changes something, with what a responder gets. */
const changes: readonly (readonly [string, Post])[] = [
  ['rollback, typed', typed('rollback $I checkout')],
  ['act, typed', typed('act $I restart checkout')],
  ['the form of an action', sent('action', { action: 'restart checkout', parameters: '' })],
  ['steps, typed', typed('steps $I 1')],
  ['the button of a step', pressed('steps', () => 'restore 1')],
  ['the form of the checklist', sent('steps', { step: 'restore 1' })],
  ['lock', typed('lock search')],
  ['unlock', typed('unlock search')],
  ['halt', typed('halt')],
  ['unhalt', typed('unhalt')],
];

/** What only shows something. */
const looks: readonly (readonly [string, Post])[] = [
  ['plan, typed', typed('plan $A')],
  ['the button of the plan', pressed('plan', bound)],
  ['actions', typed('actions')],
  ['steps', typed('steps $I')],
  ['the button of the checklist', pressed('steps', () => '')],
];

const all = [...yes, ...no, ...changes, ...looks];

const isDone = ({ by, text }: Seen): boolean => by === 'nothing' || text.startsWith('done: ');
const isRefused = ({ by, text }: Seen): boolean => by === 'errors' || text.startsWith('refused: ');

it('is about every verb and form of actions that there is', () => {
  const said = 'rollback act approve deny plan actions steps lock unlock halt unhalt';
  const same = 'scale restart pause resume abort retry promote switch shift revert';
  expect([...actionVerbNames].toSorted()).toEqual(
    [...said.split(' '), ...same.split(' ')].toSorted(),
  );
  expect(actionForms).toEqual(['action', 'plan', 'steps']);
});

/** In which states an answer counts, and what is said in all others. */
const answers: Readonly<Partial<Record<ActionState, readonly [yes: string, no: string]>>> = {
  planning: ['There is no plan yet', ''],
  proposed: ['', ''],
  approved: ['is approved by now', ''],
  executing: ['is executing by now', 'has started and runs to its end'],
  observing: ['is observing by now', 'has started and runs to its end'],
  verified: ['is verified by now', 'is verified by now'],
  denied: ['is denied by now', 'It was denied already'],
  expired: ['is expired by now', 'is expired by now'],
  cancelled: ['is cancelled by now', 'is cancelled by now'],
};

describe.for(states.map(([state]) => state))('an action that is %s', (state) => {
  const [whyNotYes = '', whyNotNo = ''] = answers[state] ?? [];

  it.for(yes)('%s: an approver is taken while it is proposed', async ([, post]) => {
    const scene = await worldIn(state);
    const seen = await scene.slack.send(post(scene, user('grace')));
    expect(isDone(seen), seen.text).toBe(whyNotYes === '');
    expect(seen.text).toContain(whyNotYes);
    const { approvals } = scene.slack.acting.action(scene.action.id);
    expect(approvals.some(({ personId }) => personId === 'grace')).toBe(whyNotYes === '');
  });

  it.for(no)('%s: a responder is taken until it has started', async ([, post]) => {
    const scene = await worldIn(state);
    const seen = await scene.slack.send(post(scene, user('alan')));
    expect(isDone(seen), seen.text).toBe(whyNotNo === '');
    expect(seen.text).toContain(whyNotNo);
    expect(scene.slack.how(scene.action).startsWith('denied: Denied by Alan')).toBe(
      whyNotNo === '',
    );
  });

  const barred: readonly (readonly [string, string])[] = [
    ['ada', state === 'proposed' ? 'has asked for this action' : whyNotYes],
    ['edsger', state === 'proposed' ? 'is an author of the change' : whyNotYes],
    ['alan', 'needs'],
    ['olga', 'needs'],
  ];
  it.for(barred)('%s approves nothing: %s', async ([who, sentence]) => {
    const scene = await worldIn(state);
    for (const [way, post] of yes) {
      const seen = await scene.slack.send(post(scene, user(who)));
      expect(isRefused(seen), `${way}: ${seen.text}`).toBe(true);
      const isRight = sentence === 'needs' && state !== 'proposed' && way.startsWith('the window');
      expect(seen.text, way).toContain(isRight ? '' : sentence);
    }
    const { approvals, state: after } = scene.slack.acting.action(scene.action.id);
    expect([approvals, after]).toEqual([scene.action.approvals, state]);
  });

  it('an observer reads all and changes nothing', async () => {
    const scene = await worldIn(state);
    const before = scene.slack.acting.store.tables.actions.range('');
    for (const [way, post] of [...yes, ...no, ...changes]) {
      const seen = await scene.slack.send(post(scene, user('olga')));
      expect(isRefused(seen), `${way}: ${seen.text}`).toBe(true);
    }
    for (const [way, post] of looks) {
      const seen = await scene.slack.send(post(scene, user('olga')));
      expect(['message', 'window'], way).toContain(seen.by);
      expect(seen.text, way).toMatch(/^lines: /);
    }
    expect(scene.slack.acting.store.tables.actions.range('')).toEqual(before);
    expect(scene.slack.acting.now(scene.incident).checklists).toEqual(scene.incident.checklists);
  });
});

const strangers: readonly (readonly [string, By])[] = [
  ['a user whom the policy does not know', { userId: 'U0MALLORY' }],
  ['a second account of an approver', { userId: 'U0GRACE2', more: { name: 'Grace Hopper' } }],
  ['a bot', { userId: 'B0BOT', more: { is_bot: true } }],
  ['an approver’s id in another workspace', { userId: 'U0GRACE', teamId: 'T0OTHER' }],
  ['an approver’s id in a grid', { userId: 'U0GRACE', teamId: null, enterpriseId: 'E0OTHER' }],
  ['a person of another tenant', { userId: 'U0HANK' }],
  ['a person of another tenant at home', { userId: 'U0HANK', teamId: teams.globex }],
];

it.for(strangers)('%s gets one and the same refusal', async ([, by]) => {
  const scene = await worldIn('proposed');
  const before = scene.slack.acting.store.snapshot();
  for (const [way, post] of all) {
    expect((await scene.slack.send(post(scene, by))).text, way).toBe(`refused: ${strangerText}`);
  }
  expect(scene.slack.acting.store.snapshot()).toEqual(before);
});

it.for([{ is_restricted: true }, { is_stranger: true }, { is_bot: true }, { team_id: 'T0OTHER' }])(
  'a guest or bot with the id of an approver clicks in vain: %j',
  async (more) => {
    const scene = await worldIn('proposed');
    for (const [way, post] of all.filter(([way]) => way.startsWith('the '))) {
      const seen = await scene.slack.send(post(scene, { userId: 'U0GRACE', more }));
      expect(seen.text, way).toBe(`refused: ${strangerText}`);
    }
    expect(scene.slack.acting.action(scene.action.id)).toEqual(scene.action);
  },
);

it('an approver of another tenant finds no such action, incident or target', async () => {
  const scene = await worldIn('proposed');
  const hank = { userId: 'U0HANK', signedBy: 'globex' } as const;
  const own = /^(?:un)?(?:lock|halt)$/;
  const about = changes.filter(([way]) => !own.test(way));
  for (const [way, post] of [...yes, ...no, ...about, ...looks.slice(0, 2)]) {
    const seen = await scene.slack.send(post(scene, hank));
    expect(isRefused(seen), `${way}: ${seen.text}`).toBe(true);
    expect(seen.text, way).toMatch(
      /There is no (?:such )?(?:incident|action|target)|needs the role approver/,
    );
    expect(seen.text, way).not.toContain('Deployment');
  }
  expect(scene.slack.acting.action(scene.action.id)).toEqual(scene.action);

  for (const text of ['halt', 'lock checkout']) {
    await scene.slack.send(typed(text)(scene, hank));
  }
  expect(await scene.slack.said('actions')).not.toContain('halted');
  expect(await scene.slack.said('unlock checkout')).toContain('is not locked');
});
