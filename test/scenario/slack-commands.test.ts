import { describe, expect, it } from 'vitest';
import { openedByHand } from '../../lib/domain/incident/declared.ts';
import { minutes } from '../../lib/domain/shared/time.ts';
import type { Incident } from '../../lib/domain/incident/state.ts';
import { SlackWorld } from './slack-world.ts';
import { checkoutDown } from './samples.ts';

const paged = 'trigger [P0] CheckoutDown (checkout): it is down';
const searchSlow = { name: 'SearchSlow', service: 'search', severity: 'error' };

async function withIncident() {
  const slack = new SlackWorld();
  const incident = await slack.world.open({ alerts: [checkoutDown] });
  slack.world.expectPages(paged);
  const said = async (text: string): Promise<string> => (await slack.command(text)).text;
  const events = async (...types: readonly string[]): Promise<readonly unknown[]> =>
    (await slack.world.events(incident, ...types)).map(({ event }) => event);
  const now = (): Incident => slack.world.now(incident);
  return { slack, world: slack.world, incident, said, events, now };
}

describe('somebody types', () => {
  it('ack: has the incident, PagerDuty is told, the response clock is met', async () => {
    const { world, incident, said, events, now } = await withIncident();

    expect(await said('ack on it <@U0GRACE>')).toBe(
      `done: You have ${incident.id} P0 CheckoutDown (checkout). Time to resolve it: 1 h.`,
    );
    expect(now()).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: { kind: 'person', via: 'slack', id: 'ada', name: 'Ada Byron' },
      response: { end: { kind: 'met' } },
    });
    expect(await events('note.added')).toMatchObject([{ text: 'on it @Grace Murray' }]);
    world.expectPages('acknowledge [P0] CheckoutDown (checkout): it is down');
  });

  it('unack, resolve and reopen: each in its turn, and refused out of turn', async () => {
    const { world, incident, said, now } = await withIncident();

    expect(await said('unack')).toContain('refused: The incident is triggered, not acknowledged.');
    expect(await said('reopen')).toContain('refused: No incident is resolved yet.');
    await said('ack');
    expect(await said('a')).toContain('possible now: status, update, escalate, unack, resolve');
    expect(await said('unack wrong team')).toContain('done: You gave back');
    expect(now().state).toBe('triggered');
    expect(await said('r rolled back')).toContain('1 of its alerts still fire at the source');
    expect(now().state).toBe('resolved');
    expect(await said(`ack ${incident.id}`)).toContain('possible now: reopen, note, postmortem');
    expect(await said('reopen it is back')).toContain('done: Reopened');
    expect(now().state).toBe('triggered');
    world.skipPages();
  });

  it('severity: the deadlines follow', async () => {
    const { said, now, world } = await withIncident();

    expect(await said('sev p1 only the old app')).toContain('done: ');
    expect(now()).toMatchObject({
      severity: 'P1',
      severityReason: { text: 'only the old app' },
      response: { severity: 'P1' },
    });
    expect(await said('severity p7')).toBe('refused: "p7" is no severity: it is P0, P1 or P2.');
    expect(await said('severity P1')).toContain('refused: The severity is already P1.');
    world.skipPages();
  });

  it('status: by the first letters, too', async () => {
    const { said, now, incident } = await withIncident();

    expect(await said('status')).toBe(
      'refused: Say how far you are: investigating, identified or monitoring (nobody has told yet).',
    );
    expect(await said('st ide a bad deploy')).toBe(`done: ${incident.id} is identified.`);
    expect(now().progress).toBe('identified');
    expect(await said('status fixed')).toContain('(now identified)');
  });

  it('assign and release: by mention, by id, by first name, and oneself', async () => {
    const { said, now, incident } = await withIncident();

    expect(await said('assign ic me')).toBe(`done: Ada Byron is commander of ${incident.id}.`);
    await said('role comms <@U0GRACE>');
    await said('assign sme grace');
    await said('assign expert Ada Byron');
    expect(
      now()
        .roles.map(({ role, person }) => `${role} ${person.id}`)
        .toSorted(),
    ).toEqual(['commander ada', 'communications grace', 'expert ada', 'expert grace']);
    expect(await said('release expert')).toContain('Several are expert');
    expect(await said('release expert grace')).toContain('Grace Murray is no longer expert');
    expect(await said('release scribe')).toBe(`refused: Nobody is scribe of ${incident.id}.`);
    expect(await said('assign king me')).toContain('commander, communications, scribe or expert');
    expect(await said('assign scribe bob')).toContain('It knows: ada, grace, olga.');
    expect(await said('assign scribe <@U0MALLORY>')).toContain('refused: The policy knows nobody');
  });

  it('page and escalate: PagerDuty is asked for', async () => {
    const { said, events } = await withIncident();

    expect(await said('page grace the database is yours')).toContain('asked to call Grace Murray');
    expect(await said('page olga')).toContain('It can call: ada, grace.');
    expect(await said('esc')).toContain('done: PagerDuty is asked to call the next level');
    expect(await events('responder.requested', 'escalation.requested')).toMatchObject([
      { person: { id: 'grace' }, message: 'the database is yours' },
      { reason: 'Ada Byron needs the next level' },
    ]);
  });

  it('note and link: kept in every state', async () => {
    const { said, events, incident, now, world } = await withIncident();

    await said('note reset of the queue begun');
    await said('resolve');
    await said(`n ${incident.id} 500s & <timeouts> were gone at once`);
    expect(await events('note.added')).toMatchObject([
      { text: 'reset of the queue begun' },
      { text: '500s & <timeouts> were gone at once' },
    ]);
    expect(await said(`link ${incident.id} http://intra/x`)).toContain('is no https address');
    expect(await said(`link ${incident.id} https://ci.example/9 the deploy`)).toContain('done: ');
    expect(now().addedLinks).toEqual([{ title: 'the deploy', url: 'https://ci.example/9' }]);
    world.skipPages();
  });

  it('update: in parts, and when the next one comes', async () => {
    const { said, now, slack } = await withIncident();

    const text = 'update cards fail; impact: half of all orders eta: 20 minutes next: 30m';
    expect(await said(text)).toContain('done: Stakeholders');
    expect(now().latestUpdate).toMatchObject({
      issue: 'cards fail',
      impact: 'half of all orders',
      actions: '',
      estimate: '20 minutes',
      nextDueAtMs: slack.world.clock.now() + minutes(30),
    });
    expect(await said('update x next: soon')).toContain('write 30m or 2h');
  });

  it('show, list, timeline, postmortem and help: what there is', async () => {
    const { said, incident, slack, world } = await withIncident();

    expect(await said('show')).toBe(`card:  ${incident.id} triggered`);
    expect(await said(incident.id.slice(0, 5))).toBe(`card:  ${incident.id} triggered`);
    expect(await said('list')).toContain(
      `Open: 1\n${incident.id} P0 CheckoutDown (checkout): nobody`,
    );
    expect(await said('timeline')).toContain('Opened as P0: CheckoutDown (checkout)');
    expect(await said('list wide')).toContain('refused: "wide" cannot be listed');
    await said('resolve');
    expect(await said('list')).toBe('lines: No incident is open');
    expect(await said('ls closed')).toContain(incident.id);
    expect(await said('pm')).toContain(`https://console.example/${incident.id}?view=postmortem`);
    expect(await said('pm done http://x')).toContain('is no https address');
    expect(await said('pm done https://wiki.example/7')).toContain('done: The post-mortem');
    expect(world.now(incident).postmortem).toMatchObject({ url: 'https://wiki.example/7' });
    expect(await said('')).toContain('declare Open an incident (alone: a form)');
    expect(await said('help ack')).toContain('ack [id] [note]\nShort: a, acknowledge');
    expect((await slack.command('reslove')).text).toContain('Did you mean `resolve`?');
    world.skipPages();
  });

  it('declare: an incident that pages as any other, opened once', async () => {
    const slack = new SlackWorld();
    const { world } = slack;
    const seen = await slack.command('declare P0 service=checkout cards are declined');

    const incident = world.onlyIncident();
    expect(seen.text).toBe(
      `done: Opened ${incident.id} P0 cards are declined (checkout); its page is on the way.`,
    );
    expect(incident).toMatchObject({
      severity: 'P0',
      severityReason: { rule: 'declared', text: 'declared by Ada Byron (slack)' },
      service: 'checkout',
      team: 'payments',
      isOperator: false,
    });
    world.expectPages('trigger [P0] cards are declined (checkout)');
    expect(openedByHand(incident)).toBe('Declared by Ada Byron (slack)');
    expect((await slack.command('declare service=nowhere x')).text).toContain(
      'There are: checkout, search, reports.',
    );
    expect((await slack.command('declare P1')).text).toContain('Say what is wrong');
    expect((await slack.command('resolve')).text).not.toContain('still fire');
    await slack.command('declare something else is odd');
    expect(world.incidents().map(({ severity, title }) => `${severity} ${title}`)).toContain(
      'P1 something else is odd',
    );
    world.skipPages();
  });
});

describe('which incident it is', () => {
  async function withTwo() {
    const one = await withIncident();
    const other = await one.world.open({ alerts: [searchSlow], groupKey: 'search' });
    one.world.skipPages();
    return { ...one, other };
  }

  it('the one whose channel it is', async () => {
    const { slack, incident, other, world } = await withTwo();
    await slack.ownChannel(other, 'C0OTHER');

    await slack.command('ack', undefined, { channel: 'C0OTHER' });
    expect([world.now(incident).state, world.now(other).state]).toEqual([
      'triggered',
      'acknowledged',
    ]);
    await slack.command(`ack ${incident.id}`, undefined, { channel: 'C0OTHER' });
    expect(world.now(incident).state).toBe('acknowledged');
    world.skipPages();
  });

  it('the one whose id begins so', async () => {
    const { slack, incident, other, world } = await withTwo();

    await slack.command(`ack #${other.id.slice(0, 5).toUpperCase()}`);
    expect(world.now(other).state).toBe('acknowledged');
    expect(world.now(incident).state).toBe('triggered');
    world.skipPages();
  });

  it('nobody knows: then those that are open are told, and nothing is done', async () => {
    const { said, incident, other, world } = await withTwo();

    const text = await said('ack');
    expect(text).toContain('refused: Which one?');
    expect(text).toContain(incident.id);
    expect(text).toContain(other.id);
    expect(await said('ack 7k3qz')).toBe(
      'refused: There is no incident "7k3qz". `list` shows what is open.',
    );
    expect(world.now(incident).state).toBe('triggered');
  });
});
