import { describe, expect, it } from 'vitest';
import type { SlackEntry } from '../../lib/app/slack/deps.ts';
import { receiveSlack } from '../../lib/app/slack/receive-slack.ts';
import type { Incident } from '../../lib/domain/incident/state.ts';
import { err, ok } from '../../lib/domain/shared/result.ts';
import { minutes, seconds } from '../../lib/domain/shared/time.ts';
import { failing } from './harness.ts';
import { SlackWorld, type SignedPost } from './slack-world.ts';
import { checkoutDown } from './samples.ts';

const searchSlow = { name: 'SearchSlow', service: 'search', severity: 'error' };

async function withIncident() {
  const slack = new SlackWorld();
  const incident = await slack.world.open({ alerts: [checkoutDown] });
  slack.world.skipPages();
  return { slack, world: slack.world, incident };
}

const usedText = 'This request was used already; nothing was done now.';

/** One request that changes something, for each way in. */
const changes: readonly (readonly [
  string,
  (slack: SlackWorld, incident: Incident) => SignedPost,
])[] = [
  ['a command', (slack, { id }) => slack.commandPost(`ack ${id}`)],
  ['a declaration', (slack) => slack.commandPost('declare P2 a smell')],
  ['a click', (slack, incident) => slack.clickPost('ack', incident)],
  ['a form', (slack, incident) => slack.submitPost('note', incident, { text: 'seen' })],
  [
    'the form of a declaration',
    (slack) => slack.submitPost('declare', null, { title: 'a smell', severity: 'P2' }),
  ],
];

/** One request that changes nothing, for each way in. */
const looks: readonly (readonly [string, (slack: SlackWorld, incident: Incident) => SignedPost])[] =
  [
    ['a command', (slack) => slack.commandPost('show')],
    ['a command that opens a form', (slack) => slack.commandPost('note')],
    ['a click', (slack, incident) => slack.clickPost('timeline', incident)],
    ['a click that opens a form', (slack, incident) => slack.clickPost('note', incident)],
    [
      'a form that lacks something',
      (slack, incident) => slack.submitPost('note', incident, { text: '' }),
    ],
    [
      'the shortcut that declares',
      (slack) => slack.interactionPost({ type: 'shortcut', callback_id: 'tocsin:declare' }),
    ],
    ['the shortcut on a message', (slack) => messageAction(slack)],
  ];

const messageAction = (slack: SlackWorld): SignedPost =>
  slack.interactionPost({
    type: 'message_action',
    callback_id: 'tocsin:note',
    channel: { id: 'C0HOME', name: 'incidents' },
    message: {
      type: 'message',
      text: 'we &lt;rolled&gt; back',
      ts: '1778555000.000300',
      user: 'U0GRACE',
    },
  });

describe('a request that is sent a second time', () => {
  it.for(changes)('%s: changes nothing more', async ([, make]) => {
    const { slack, world, incident } = await withIncident();
    const post = make(slack, incident);
    await slack.send(post);
    const after = world.store.incidents();

    await world.fastForward(seconds(1));
    const again = await slack.send(post);
    expect(again.text).toContain(usedText);
    expect(world.store.incidents()).toEqual(after);
    world.skipPages();
  });

  it.for(looks)('%s: shows nothing more', async ([, make]) => {
    const { slack, incident } = await withIncident();
    const post = make(slack, incident);
    const first = await slack.send(post);
    expect(first.text).not.toContain(usedText);

    expect((await slack.send(post)).text).toContain(usedText);
  });

  it('is refused also where the first was refused and now would be possible', async () => {
    const { slack, world, incident } = await withIncident();
    const post = slack.commandPost(`unack ${incident.id}`);
    expect((await slack.send(post)).text).toContain('refused: ');
    await slack.command(`ack ${incident.id}`);

    expect((await slack.send(post)).text).toContain(usedText);
    expect(world.now(incident).state).toBe('acknowledged');
    world.skipPages();
  });

  it('at the same time: one of the two changes something', async () => {
    const { slack, world, incident } = await withIncident();
    const post = slack.submitPost('note', incident, { text: 'once' });
    await Promise.all([slack.send(post), slack.send(post)]);

    expect(await world.events(incident, 'note.added')).toHaveLength(1);
  });
});

describe('a request that Slack did not sign, or not just now', () => {
  const all = [...changes, ...looks];

  it.for(all)('%s: is refused, whatever is wrong with it', async ([, make]) => {
    const { slack, world, incident } = await withIncident();
    const before = world.store.snapshot();
    const post = make(slack, incident);

    const forged: readonly SignedPost[] = [
      {
        ...post,
        signature: slack.sign(post.entry, post.body, 'acme', 'another secret' as never).signature,
      },
      { ...post, body: post.body.replace('U0ADA', 'U0BDA') },
      { ...post, timestamp: String(Number(post.timestamp) + 1) },
      { ...post, signature: '' },
      { ...post, signature: post.signature.slice(3) },
    ];
    for (const one of forged) expect((await slack.send(one)).by).toBe('unauthorized');
    expect(world.store.snapshot()).toEqual(before);
    expect(slack.windows).toEqual([]);
  });

  it.for(all)('%s: is taken for five minutes', async ([, make]) => {
    const late = await withIncident();
    const post = make(late.slack, late.incident);
    late.world.runs.scheduler = false;
    await late.world.fastForward(seconds(301));
    expect((await late.slack.send(post)).by).toBe('unauthorized');

    const inTime = await withIncident();
    const other = make(inTime.slack, inTime.incident);
    inTime.world.runs.scheduler = false;
    await inTime.world.fastForward(seconds(300));
    expect((await inTime.slack.send(other)).by).not.toBe('unauthorized');
    inTime.world.skipPages();
  });

  it('says nothing of the sort about a future that is too far', async () => {
    const { slack, world, incident } = await withIncident();
    const before = world.store.snapshot();
    for (const [aheadS, expected] of [
      [301, 'unauthorized'],
      [300, 'message'],
    ] as const) {
      const ahead = new SlackWorld();
      await ahead.world.fastForward(seconds(aheadS));
      const post = ahead.commandPost(`show ${incident.id}`);
      expect((await slack.send(post)).by).toBe(expected);
    }
    expect(world.store.incidents()).toEqual(before.incidents.length === 0 ? [] : [incident]);
  });

  it.for<readonly [SlackEntry, (slack: SlackWorld, incident: Incident) => SignedPost]>([
    ['interactions', (slack, { id }) => slack.commandPost(`ack ${id}`)],
    ['commands', (slack, incident) => slack.clickPost('ack', incident)],
  ])('does nothing at the address for %s, where it was not sent to', async ([entry, make]) => {
    const { slack, world, incident } = await withIncident();
    const seen = await slack.send({ ...make(slack, incident), entry });

    expect(seen.text).toContain('This cannot be read.');
    expect(world.now(incident).version).toBe(incident.version);
  });
});

describe('a button that says what is no longer so', () => {
  it.for(['ack', 'resolve', 'escalate', 'severity', 'unack', 'reopen'])(
    '%s: does nothing, and shows how it stands',
    async (verb) => {
      const { slack, world, incident } = await withIncident();
      await slack.command(`ack ${incident.id}`);
      const { version } = world.now(incident);

      const seen = await slack.click(verb, incident);
      expect(seen).toEqual({
        by: 'window',
        text:
          'card: Nothing was done: it has changed since. This is how it stands now. ' +
          `${incident.id} acknowledged`,
      });
      expect(world.now(incident).version).toBe(version);
      world.skipPages();
    },
  );

  it('a form about the severity as it was: does nothing', async () => {
    const { slack, world, incident } = await withIncident();
    await slack.command(`severity ${incident.id} P1`);

    const seen = await slack.submit('severity', incident, { severity: 'P2' });
    expect(seen.text).toContain('Nothing was done');
    expect(world.now(incident).severity).toBe('P1');
    world.skipPages();
  });

  it('what was typed into a form is never lost to a change meanwhile', async () => {
    const { slack, world, incident } = await withIncident();
    await slack.command(`resolve ${incident.id}`);

    expect((await slack.submit('note', incident, { text: 'the cause' })).by).toBe('nothing');
    expect(await world.events(incident, 'note.added')).toHaveLength(1);
    const refusedPage = await slack.submit('page', incident, { person: 'grace', message: 'come' });
    expect(refusedPage.by).toBe('errors');
    expect(refusedPage.text).toMatch(/^\{"person":"/);
    world.skipPages();
  });
});

describe('the shortcut on a message', () => {
  it('opens a note with the message, its author and its time', async () => {
    const { slack, world, incident } = await withIncident();
    const seen = await slack.send(messageAction(slack));
    expect(seen).toMatchObject({ by: 'form' });
    expect(seen.text).toContain('Grace Murray: we <rolled> back');

    await world.fastForward(minutes(1));
    const drawn = JSON.stringify({
      t: 'acme',
      i: incident.id,
      s: 'triggered.P0.0',
      o: 1778555000000,
    });
    const view = {
      callback_id: 'tocsin:note',
      private_metadata: drawn,
      state: { values: { text: { value: { value: 'we rolled back' } } } },
    };
    await slack.send(slack.interactionPost({ type: 'view_submission', view }));
    expect(await world.events(incident, 'note.added')).toMatchObject([
      { event: { text: 'we rolled back', occurredAtMs: 1778555000000 } },
    ]);
  });
});

describe('the shortcut on a message that could belong to several incidents', () => {
  it('asks which', async () => {
    const { slack, world, incident } = await withIncident();
    const other = await world.open({ alerts: [searchSlow], groupKey: 'search' });
    const seen = await slack.send(messageAction(slack));
    expect(seen).toMatchObject({ by: 'form' });
    for (const { id } of [incident, other]) expect(seen.text).toContain(`"value":"${id}"`);

    await slack.submit('note', null, { incident: other.id, text: 'rolled back' });
    expect(await world.events(other, 'note.added')).toHaveLength(1);
    expect(await world.events(incident, 'note.added')).toHaveLength(0);
    world.skipPages();
  });

  it('takes nobody to the incident of another tenant', async () => {
    const { slack, world } = await withIncident();
    const theirs = await world.open({ alerts: [checkoutDown] }, 'globex');
    const seen = await slack.submit('note', null, { incident: theirs.id, text: 'hello' });
    expect(seen.text).toContain('There is no such incident.');
    expect(world.now(theirs).version).toBe(theirs.version);
    world.skipPages();
  });
});

describe('when something below is down', () => {
  it('the store: nothing is done, and the person is told what to do', async () => {
    const { slack, world, incident } = await withIncident();
    for (let call = 0; call < 20; call += 1) {
      world.storeFaults.push({ call: 'loadDelivery', failure: failing('unavailable') });
    }
    const seen = await slack.command(`ack ${incident.id}`);
    expect(seen.text).toContain('failed: The store cannot be reached just now');
    expect(world.now(incident).state).toBe('triggered');
    world.expectErrors('A request of a person was not carried out.');
  });

  it('the store is slow: the person is told before Slack gives up', async () => {
    const { slack, world, incident } = await withIncident();
    const never = new Promise<never>(() => undefined);
    const deps = { ...slack.deps, store: { ...slack.deps.store, loadDelivery: () => never } };
    const startedAtMs = world.clock.now();
    const { entry, body, ...signed } = slack.commandPost(`ack ${incident.id}`);
    const rawBody = new TextEncoder().encode(body);

    const post = { ...signed, entry, rawBody, requestId: 'slow' };
    const received = await world.drive(receiveSlack(deps, post));
    expect(received).toMatchObject({
      answer: { message: { text: expect.stringContaining('may or may not be done') as string } },
    });
    expect(world.clock.now() - startedAtMs).toBe(2_000);
    world.expectErrors('A request of Slack was not answered in time.');
  });

  it('the secrets: nobody can be told from anybody else', async () => {
    const { slack, incident } = await withIncident();
    const down = { slack: () => Promise.resolve(err(failing('unavailable'))) };
    const { entry, body, ...signed } = slack.commandPost(`ack ${incident.id}`);
    const rawBody = new TextEncoder().encode(body);

    const post = { ...signed, entry, rawBody, requestId: 'blind' };
    const received = await receiveSlack({ ...slack.deps, secrets: down }, post);
    expect(received).toMatchObject({ kind: 'busy', failure: { kind: 'unavailable' } });
  });

  it('a secret was rotated a moment ago: the new one is looked up', async () => {
    const { slack, world, incident } = await withIncident();
    const old = { workspaces: { acme: { signingSecrets: ['older'], botToken: '' } } };
    const { secrets } = slack.deps;
    const rotated: typeof secrets = {
      slack: (freshness) =>
        freshness === 'fresh' ? secrets.slack('fresh') : Promise.resolve(ok(old)),
    };
    const { entry, body, ...signed } = slack.commandPost(`ack ${incident.id}`);
    const rawBody = new TextEncoder().encode(body);

    const post = { ...signed, entry, rawBody, requestId: 'rotated' };
    await world.drive(receiveSlack({ ...slack.deps, secrets: rotated }, post));
    expect(world.now(incident).state).toBe('acknowledged');
    await world.settle();
    world.skipPages();
  });

  it('Slack does not open a form: the one-line way is told', async () => {
    const { slack } = await withIncident();
    slack.opensWindows = false;
    expect((await slack.command('note')).text).toContain('Say it in one line');
  });
});
