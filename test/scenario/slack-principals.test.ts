import { describe, expect, it } from 'vitest';
import { strangerText } from '../../lib/app/slack/principal.ts';
import { verbs } from '../../lib/app/verbs/registry.ts';
import type { Incident } from '../../lib/domain/incident/state.ts';
import { ada } from './harness.ts';
import { actionVerbNames } from './slack-action-world.ts';
import { adaInSlack, SlackWorld, teams, type Seen, type SlackUser } from './slack-world.ts';
import { checkoutDown, type TenantId } from './samples.ts';

const states = ['triggered', 'acknowledged', 'resolved'] as const;
type State = (typeof states)[number];

/** A world with one incident in that state, which somebody has brought there by the API. */
async function worldIn(state: State) {
  const slack = new SlackWorld();
  const { world } = slack;
  const incident = await world.open({ alerts: [checkoutDown] });
  const occurredAtMs = world.clock.now();
  if (state === 'acknowledged') {
    await world.act(incident, { kind: 'acknowledge', by: ada, occurredAtMs });
  }
  if (state === 'resolved') {
    await world.act(incident, {
      kind: 'resolve',
      cause: 'person',
      by: ada,
      note: '',
      occurredAtMs,
    });
  }
  world.skipPages();
  return { slack, world, incident: world.now(incident) };
}

type Outcome = 'done' | 'refused' | 'shown' | 'form';
type Case = readonly [what: string, triggered: Outcome, acknowledged: Outcome, resolved: Outcome];

/** What a responder may, by the state of the incident: `$` is its id. */
const commands: readonly Case[] = [
  ['declare P2 a smell', 'done', 'done', 'done'],
  ['declare', 'form', 'form', 'form'],
  ['list', 'shown', 'shown', 'shown'],
  ['show $', 'shown', 'shown', 'shown'],
  ['ack $', 'done', 'refused', 'refused'],
  ['unack $', 'refused', 'done', 'refused'],
  ['resolve $', 'done', 'done', 'refused'],
  ['reopen $', 'refused', 'refused', 'done'],
  ['severity $ P1', 'done', 'done', 'done'],
  ['severity $', 'form', 'form', 'form'],
  ['status $ identified', 'done', 'done', 'refused'],
  ['assign $ commander me', 'done', 'done', 'done'],
  ['assign $', 'form', 'form', 'form'],
  ['release $ commander', 'refused', 'refused', 'refused'],
  ['page $ grace', 'done', 'done', 'refused'],
  ['page $', 'form', 'form', 'form'],
  ['escalate $', 'done', 'done', 'refused'],
  ['note $ seen', 'done', 'done', 'done'],
  ['note $', 'form', 'form', 'form'],
  ['update $ it is slow', 'done', 'done', 'done'],
  ['update $', 'form', 'form', 'form'],
  ['timeline $', 'shown', 'shown', 'shown'],
  ['link $ https://a.example', 'done', 'done', 'done'],
  ['oncall', 'shown', 'shown', 'shown'],
  ['postmortem $', 'shown', 'shown', 'shown'],
  ['postmortem $ done', 'refused', 'refused', 'done'],
  ['help', 'shown', 'shown', 'shown'],
];

/** Buttons and menu entries, as they are drawn for the state that the incident has. */
const clicks: readonly Case[] = [
  ['ack', 'done', 'refused', 'refused'],
  ['unack', 'refused', 'done', 'refused'],
  ['resolve', 'done', 'done', 'refused'],
  ['reopen', 'refused', 'refused', 'done'],
  ['escalate', 'done', 'done', 'refused'],
  ['update', 'form', 'form', 'form'],
  ['note', 'form', 'form', 'form'],
  ['severity', 'form', 'form', 'form'],
  ['assign', 'form', 'form', 'form'],
  ['page', 'form', 'form', 'form'],
  ['timeline', 'shown', 'shown', 'shown'],
  ['oncall', 'shown', 'shown', 'shown'],
  ['postmortem', 'shown', 'shown', 'shown'],
  ['show', 'shown', 'shown', 'shown'],
];

const fieldsOf: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  declare: { title: 'a smell', severity: 'P2', service: 'search' },
  note: { text: 'seen' },
  update: { issue: 'slow', impact: '', actions: '', estimate: '', next: '30m' },
  severity: { severity: 'P1', reason: '' },
  role: { role: 'scribe', person: 'grace' },
  page: { person: 'grace', message: '' },
};

const forms: readonly Case[] = [
  ['declare', 'done', 'done', 'done'],
  ['note', 'done', 'done', 'done'],
  ['update', 'done', 'done', 'done'],
  ['severity', 'done', 'done', 'done'],
  ['role', 'done', 'done', 'done'],
  ['page', 'done', 'done', 'refused'],
];

type Way = 'command' | 'click' | 'form';
const ways: readonly (readonly [Way, readonly Case[]])[] = [
  ['command', commands],
  ['click', clicks],
  ['form', forms],
];

function postOf(
  slack: SlackWorld,
  of: { readonly way: Way; readonly what: string; readonly incident: Incident },
  by: SlackUser & { readonly signedBy?: TenantId },
) {
  const { way, what, incident } = of;
  const { signedBy = 'acme' } = by;
  if (way === 'command') {
    return slack.commandPost(what.replace('$', incident.id), by, { signedBy });
  }
  if (way === 'click') return slack.clickPost(what, incident, by, signedBy);
  const about = what === 'declare' ? null : incident;
  return slack.submitPost(what, about, fieldsOf[what] ?? {}, by, signedBy);
}

function outcomeOf({ by, text }: Seen): Outcome | 'unauthorized' {
  if (by === 'unauthorized' || by === 'form') return by;
  if (by === 'errors' || text.startsWith('refused: ')) return 'refused';
  if (by === 'nothing' || text.startsWith('done: ')) return 'done';
  return 'shown';
}

const everything = ways.flatMap(([way, cases]) =>
  cases.flatMap(([what, ...outcomes]) =>
    states.map((state, index) => ({ way, what, state, outcome: outcomes[index] ?? 'refused' })),
  ),
);

it('is about every verb and every form that there is', () => {
  const typed = new Set(commands.map(([what]) => what.split(' ')[0]));
  const here = verbs.filter(({ name }) => !actionVerbNames.has(name));
  expect(here.filter(({ name }) => !typed.has(name)).map(({ name }) => name)).toEqual([]);
  const sent = new Set(forms.map(([what]) => what));
  expect(here.flatMap(({ form }) => form?.name ?? []).filter((name) => !sent.has(name))).toEqual(
    [],
  );
});

it.for(everything)(
  'a responder: $way $what on a $state incident is $outcome',
  async ({ way, what, state, outcome }) => {
    const { slack, world, incident } = await worldIn(state);
    const before = world.now(incident).version;
    const linesBefore = world.log.lines().length;

    const seen = await slack.send(postOf(slack, { way, what, incident }, adaInSlack));

    expect(outcomeOf(seen), seen.text).toBe(outcome);
    const isAboutIt = !what.startsWith('declare');
    expect(world.now(incident).version > before).toBe(outcome === 'done' && isAboutIt);
    const lines = world.log.lines().slice(linesBefore);
    const [line] = lines.filter(({ fields }) => 'who' in fields);
    expect(line?.fields).toMatchObject({ who: 'ada', via: 'slack', tenant: 'acme' });
    expect(JSON.stringify(lines)).not.toMatch(/hooks\.slack|trigger"|xoxb|secret/);
    world.skipPages();
  },
);

const changing = (what: string): boolean =>
  !/^(?:list|show|timeline|oncall|help|postmortem)(?: \$)?$/.test(what);

describe.for(states)('on a %s incident', (state) => {
  it('an observer sees everything and changes nothing', async () => {
    const { slack, world, incident } = await worldIn(state);
    const before = world.store.incidents();

    for (const [way, cases] of ways) {
      for (const [what] of cases) {
        const post = postOf(slack, { way, what, incident }, { userId: 'U0OLGA' });
        const seen = await slack.send(post);
        const isChange = way === 'form' || changing(what);
        expect(outcomeOf(seen), `${way} ${what}: ${seen.text}`).toBe(
          isChange ? 'refused' : 'shown',
        );
        if (isChange) expect(seen.text).toContain('needs the role responder');
      }
    }
    expect(world.store.incidents()).toEqual(before);
  });

  const strangers: readonly (readonly [string, SlackUser & { readonly signedBy?: TenantId }])[] = [
    ['a user whom the policy does not know', { userId: 'U0MALLORY' }],
    ['a second account of a responder', { userId: 'U0ADA2', more: { username: 'ada' } }],
    ['a bot', { userId: 'B0BOT', more: { is_bot: true } }],
    ['the id of a responder in another workspace', { userId: 'U0ADA', teamId: 'T0OTHER' }],
    ['the id of a responder in no workspace', { userId: 'U0ADA', teamId: null }],
    ['the id of a responder in a grid', { userId: 'U0ADA', teamId: null, enterpriseId: 'E0OTHER' }],
    ['a person of another tenant', { userId: 'U0HANK' }],
    [
      'a person of another tenant in their own workspace',
      { userId: 'U0HANK', teamId: teams.globex },
    ],
  ];
  it.for(strangers)('%s gets one and the same refusal', async ([, who]) => {
    const { slack, world, incident } = await worldIn(state);
    const before = world.store.snapshot();

    for (const [way, cases] of ways) {
      for (const [what] of cases) {
        const seen = await slack.send(postOf(slack, { way, what, incident }, who));
        expect(seen.text, `${way} ${what}`).toBe(`refused: ${strangerText}`);
      }
    }
    expect(world.store.snapshot()).toEqual(before);
    const warnings = world.log.lines().filter(({ level }) => level === 'warn');
    expect(warnings).toHaveLength(commands.length + clicks.length + forms.length);
    expect(warnings[0]?.fields).toMatchObject({ who: who.userId, outcome: 'refused' });
  });

  /** A command does not tell what a user is: there the policy alone decides. */
  const admitted: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ['a guest', { is_restricted: true }],
    ['a guest of a single channel', { is_ultra_restricted: true }],
    ['a member of another organisation', { is_stranger: true }],
    ['a guest of Slack Connect', { team_id: 'T0OTHER' }],
    ['a bot', { is_bot: true }],
  ];
  it.for(admitted)('%s with the id of a responder gets it, too', async ([, more]) => {
    const { slack, world, incident } = await worldIn(state);
    const before = world.store.snapshot();

    for (const [way, cases] of ways.filter(([way]) => way !== 'command')) {
      for (const [what] of cases) {
        const who = { ...adaInSlack, more };
        const seen = await slack.send(postOf(slack, { way, what, incident }, who));
        expect(seen.text, `${way} ${what}`).toBe(`refused: ${strangerText}`);
      }
    }
    expect(world.store.snapshot()).toEqual(before);
  });

  it('a responder of another tenant finds no such incident', async () => {
    const { slack, world, incident } = await worldIn(state);
    const before = world.store.incidents();
    const hank = { userId: 'U0HANK', signedBy: 'globex' } as const;

    for (const [way, cases] of ways) {
      for (const [what] of cases.filter(([what]) => what.includes('$') || way !== 'command')) {
        if (what === 'declare') continue;
        const seen = await slack.send(postOf(slack, { way, what, incident }, hank));
        expect(outcomeOf(seen), `${way} ${what}: ${seen.text}`).toBe('refused');
        expect(seen.text).toMatch(/There is no (?:such )?incident/);
        expect(seen.text).not.toContain('CheckoutDown');
      }
    }
    const asTheirs = { ...incident, tenant: 'globex' };
    const seen = await slack.send(slack.clickPost('ack', asTheirs, hank, 'globex'));
    expect(seen.text).toContain('There is no such incident');
    expect(world.store.incidents()).toEqual(before);

    const theirs = await world.open({ alerts: [checkoutDown] }, 'globex');
    const drawnForOthers = { ...theirs, tenant: 'acme' };
    const other = await slack.send(slack.clickPost('ack', drawnForOthers, hank, 'globex'));
    expect(other.text).toContain('There is no such incident');
    expect(world.now(theirs).state).toBe('triggered');
    world.skipPages();
  });
});

describe('what else a payload says', () => {
  const claims = {
    is_admin: true,
    is_owner: true,
    roles: ['responder'],
    person: 'ada',
    slackUserId: 'U0ADA',
    email: 'ada@example.com',
    profile: { email: 'ada@example.com' },
  };

  it('makes nobody of a stranger', async () => {
    const { slack, incident } = await worldIn('triggered');
    const mallory = {
      userId: 'U0MALLORY',
      more: { ...claims, username: 'ada', name: 'Ada Byron' },
    };
    expect((await slack.click('ack', incident, mallory)).text).toContain(strangerText);
    const form = new URLSearchParams(slack.commandPost('ack', mallory).body);
    for (const [name, value] of Object.entries(claims)) form.set(name, JSON.stringify(value));
    const seen = await slack.send(slack.sign('commands', form.toString(), 'acme'));
    expect(seen.text).toContain(strangerText);
  });

  it('lets an observer change nothing', async () => {
    const { slack, world, incident } = await worldIn('triggered');
    const olga = { userId: 'U0OLGA', more: claims };
    expect((await slack.click('ack', incident, olga)).text).toContain('needs the role responder');
    const fields = { severity: 'P2', reason: 'x', by: 'ada', tenant: 'globex', policyVersion: '0' };
    await slack.submit('severity', incident, fields, olga);
    expect(world.now(incident)).toEqual(incident);
  });

  it('decides nothing of what a responder does', async () => {
    const { slack, world, incident } = await worldIn('triggered');
    const fields = { severity: 'P1', reason: 'x', by: 'olga', tenant: 'globex', incident: 'other' };
    await slack.submit('severity', incident, fields);
    const [changed] = await world.events(incident, 'severity.changed');
    expect(changed?.event).toMatchObject({ to: 'P1', by: { id: 'ada', via: 'slack' } });
    world.skipPages();
  });
});
