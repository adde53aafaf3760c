import { describe, expect, it } from 'vitest';
import type { IncidentCommand } from '../../lib/domain/incident/command.ts';
import type { Incident } from '../../lib/domain/incident/state.ts';
import type { TenantPolicy } from '../../lib/domain/policy/policy.ts';
import { minutes, seconds } from '../../lib/domain/shared/time.ts';
import { actor, type RestCall } from './fake-pager-rest.ts';
import { ada, createWorld, failing, type World } from './harness.ts';
import { checkoutDown } from './samples.ts';

const opened = 'trigger [P0] CheckoutDown (checkout): it is down';

const withPriorities = (tenant: TenantPolicy): TenantPolicy => ({
  ...tenant,
  paging: { ...tenant.paging, priorities: { P0: 'P1', P1: 'P2', P2: null } },
});

async function pagedIncident(world: World): Promise<Incident> {
  const incident = await world.open({ alerts: [checkoutDown] });
  await world.fastForward(seconds(10));
  world.expectPages(opened);
  return world.now(incident);
}

/** What went through REST since the last look, marks left out. */
function callsOf({ pagerDuty: { rest } }: World): readonly RestCall[] {
  return rest.calls
    .splice(0)
    .map(([action, detail]) => [action, detail.replace(/\n\[Tocsin .*/s, '')]);
}

const note = (world: World): IncidentCommand => ({
  kind: 'add-note',
  by: ada,
  text: 'the disk is full',
  occurredAtMs: world.clock.now(),
});

const pageGrace: IncidentCommand = {
  kind: 'page-person',
  by: ada,
  person: { id: 'grace', name: 'Grace', pagerdutyUserId: 'PGRACE1' },
  message: 'come, please',
};

describe('what people do here reaches PagerDuty', () => {
  it('a note, a status update, a responder, an escalation', async () => {
    const world = createWorld();
    const incident = await pagedIncident(world);

    await world.act(incident, note(world));
    await world.act(incident, {
      kind: 'publish-update',
      by: ada,
      issue: 'checkout is down',
      impact: 'nobody can pay',
      actions: 'rolling back',
      estimate: '',
      nextInMs: null,
    });
    await world.act(incident, pageGrace);
    await world.act(incident, { kind: 'escalate', by: ada, reason: 'nobody answers' });

    expect(callsOf(world)).toEqual([
      ['note', 'Ada Byron (api): the disk is full'],
      ['status-update', expect.stringContaining('checkout is down')],
      ['responder', 'PGRACE1'],
      ['escalate', '2'],
    ]);
    expect(world.now(incident).intents).toEqual([]);
  });

  it('a priority that is kept in step with the severity', async () => {
    const world = createWorld(withPriorities);
    const incident = await pagedIncident(world);
    await world.fastForward(minutes(1));
    expect(callsOf(world)).toEqual([['priority', 'P1']]);

    await world.act(incident, { kind: 'change-severity', to: 'P1', by: ada, reason: 'half is up' });

    await world.fastForward(minutes(1));
    expect(callsOf(world)).toEqual([['priority', 'P2']]);
    world.skipPages();
  });

  it('not before the page that makes the incident there', async () => {
    const world = createWorld();
    world.pagerDuty.answer = () => failing('unavailable');
    const incident = await world.open({ alerts: [checkoutDown] });
    await world.act(incident, note(world));
    expect(callsOf(world)).toEqual([]);

    world.pagerDuty.answer = () => null;
    await world.fastForward(minutes(2));

    expect(callsOf(world)).toEqual([['note', 'Ada Byron (api): the disk is full']]);
    world.skipPages();
  });
});

describe('an answer of PagerDuty that is lost', () => {
  it.each([
    ['a note', note, 'note'],
    ['a responder', () => pageGrace, 'responder'],
  ] as const)('does not write %s twice', async (_what, command, action) => {
    const world = createWorld();
    const incident = await pagedIncident(world);
    world.pagerDuty.rest.failure = failing('timeout');
    world.pagerDuty.rest.isLost = true;
    // The lost answer is that of the writing itself: what is asked before it still works.
    const { findByDedupKey } = world.pagerDuty.rest;
    world.pagerDuty.rest.findByDedupKey = (key) => healthy(world, () => findByDedupKey(key));
    await world.act(incident, command(world));
    expect(world.pagerDuty.rest.calls).toHaveLength(1);

    world.pagerDuty.rest.failure = null;
    await world.fastForward(minutes(3));

    expect(callsOf(world).map(([name]) => name)).toEqual([action]);
    expect(world.now(incident).intents).toEqual([]);
    expect(await world.events(incident, 'page.accepted')).toHaveLength(2);
  });

  it('tells stakeholders nothing twice, and says so', async () => {
    const world = createWorld();
    const incident = await pagedIncident(world);
    world.pagerDuty.rest.publishStatusUpdate = () =>
      Promise.resolve({ ok: false, error: failing('timeout') });
    const texts = { issue: 'it is down', impact: '', actions: '', estimate: '' };
    await world.act(incident, { kind: 'publish-update', by: ada, ...texts, nextInMs: null });
    await world.fastForward(minutes(3));

    expect(await world.timeline(incident)).toContainEqual(
      expect.stringContaining('whether PagerDuty took it is not known, and nobody is told twice'),
    );
    expect(world.now(incident).intents).toEqual([]);
  });
});

/** Runs a question as if PagerDuty were well. */
async function healthy<Value>(world: World, ask: () => Promise<Value>): Promise<Value> {
  const { failure } = world.pagerDuty.rest;
  world.pagerDuty.rest.failure = null;
  const answer = await ask();
  world.pagerDuty.rest.failure = failure;
  return answer;
}

describe('PagerDuty’s REST API', () => {
  it('may not be set up: the timeline says so, and nothing waits', async () => {
    const world = createWorld();
    world.pagerDuty.rest.hasToken = false;
    const incident = await pagedIncident(world);

    await world.act(incident, note(world));

    expect(world.now(incident).intents).toEqual([]);
    expect(await world.timeline(incident)).toContainEqual(
      expect.stringContaining('the PagerDuty secret has no "apiToken" and "apiFrom"'),
    );
  });

  it('may be away: pages and acknowledgements leave as ever', async () => {
    const world = createWorld();
    world.pagerDuty.rest.failure = failing('unavailable');
    const incident = await pagedIncident(world);
    await world.act(incident, note(world));

    await world.acknowledge(incident);

    world.expectPages('acknowledge [P0] CheckoutDown (checkout): it is down');
    world.pagerDuty.rest.failure = null;
    await world.fastForward(minutes(2));
    expect(callsOf(world)).toEqual([['note', 'Ada Byron (api): the disk is full']]);
  });

  it('may be slow: no page waits behind it', async () => {
    const world = createWorld();
    const incident = await pagedIncident(world);
    const { addNote } = world.pagerDuty.rest;
    world.pagerDuty.rest.addNote = async (of, timeoutMs) => {
      await world.clock.sleep(timeoutMs);
      return addNote(of, timeoutMs);
    };
    // The clock finds all of it at once: more notes than it looks at together, then a page.
    world.runs.inline = false;
    world.runs.stream = false;
    for (let index = 0; index < 12; index += 1) await world.act(incident, note(world));
    await world.fastForward(seconds(1));
    await world.open({ groupKey: 'search', alerts: [{ name: 'SearchSlow', service: 'search' }] });
    await world.fastForward(minutes(1));

    const attempt = world.pagerDuty.attempts.at(-1);
    expect(attempt?.page.class).toContain('SearchSlow');
    expect((attempt?.atMs ?? 0) % minutes(1)).toBe(0);
    await world.fastForward(minutes(1));
    expect(callsOf(world)).toHaveLength(12);
    world.skipPages();
  });

  it('is asked for nothing about what was resolved there', async () => {
    const world = createWorld();
    const incident = await pagedIncident(world);
    world.pagerDuty.does({ type: 'incident.resolved', dedupKey: incident.dedupKey });

    await world.act(incident, { kind: 'escalate', by: ada, reason: 'nobody answers' });

    expect(callsOf(world)).toEqual([]);
    expect(await world.timeline(incident)).toContainEqual(
      expect.stringContaining("PagerDuty's incident is resolved already"),
    );
  });
});

describe('what Tocsin wrote in PagerDuty', () => {
  it('is not told when it comes back as a note', async () => {
    const world = createWorld();
    const incident = await pagedIncident(world);
    await world.act(incident, note(world));
    const written = world.pagerDuty.newest(incident.dedupKey)?.notes.at(0)?.text ?? '';
    const before = await world.timeline(incident);

    const { dedupKey } = incident;
    const data = { id: 'N1', content: written };
    const type = 'incident.annotated';
    const received = await world.webhook(world.pagerDuty.does({ type, dedupKey, by: actor, data }));

    expect(received).toMatchObject({ ok: true, value: { kind: 'suppressed' } });
    expect(await world.timeline(incident)).toEqual(before);
    expect(callsOf(world)).toHaveLength(1);
  });

  it('is not told when it comes back as a priority or a status', async () => {
    const world = createWorld(withPriorities);
    const incident = await pagedIncident(world);
    const { dedupKey } = incident;
    const priority = { id: 'P', summary: 'P1' };
    const before = await world.timeline(incident);

    for (const [type, data] of [
      ['incident.priority_updated', { priority }],
      ['incident.unacknowledged', {}],
    ] as const) {
      await world.webhook(world.pagerDuty.does({ type, dedupKey, by: actor, data }));
    }

    const linked = await world.events(incident, 'pager.linked');
    expect(linked.length).toBeLessThanOrEqual(1);
    expect((await world.timeline(incident)).length).toBe(before.length + linked.length);
  });

  it('does not hide what a person wrote in the same words to another incident', async () => {
    const world = createWorld();
    const incident = await pagedIncident(world);
    const { dedupKey } = incident;
    const data = { id: 'N9', content: 'as before\n[Tocsin other p3]' };

    await world.webhook(world.pagerDuty.does({ type: 'incident.annotated', dedupKey, data }));

    expect(await world.events(incident, 'note.added')).toHaveLength(1);
  });
});
