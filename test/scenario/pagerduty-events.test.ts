import { describe, expect, it } from 'vitest';
import { after, minutes, seconds } from '../../lib/domain/shared/time.ts';
import type { Incident } from '../../lib/domain/incident/state.ts';
import { createWorld, failing, type World } from './harness.ts';
import { checkoutDown, t0 } from './samples.ts';

const opened = 'trigger [P0] CheckoutDown (checkout): it is down';

/** An incident whose page PagerDuty took a minute ago. */
async function pagedIncident(world: World): Promise<Incident> {
  const incident = await world.open({ alerts: [checkoutDown] });
  world.expectPages(opened);
  await world.fastForward(minutes(1));
  return world.now(incident);
}

const deedsThatSteer = [
  { before: [], type: 'incident.acknowledged', state: 'acknowledged' },
  {
    before: ['incident.acknowledged'],
    type: 'incident.unacknowledged',
    state: 'triggered',
  },
  { before: [], type: 'incident.resolved', state: 'resolved' },
  { before: ['incident.resolved'], type: 'incident.reopened', state: 'triggered' },
] as const;

describe('what people do in PagerDuty', () => {
  it.each(deedsThatSteer)('steers: $type', async ({ before, type, state }) => {
    const world = createWorld();
    const incident = await pagedIncident(world);
    for (const earlier of before) await world.click(earlier, incident);
    await world.fastForward(seconds(10));

    const received = await world.click(type, incident);

    expect(received).toMatchObject({
      ok: true,
      value: { kind: 'attached', incidentIds: [incident.id] },
    });
    expect(world.now(incident)).toMatchObject({ state, pagerSeenAtMs: world.clock.now() });
    expect(await world.events(incident, type)).toMatchObject([
      {
        event: {
          by: { kind: 'person', via: 'pagerduty', id: 'ada', name: 'Ada Byron' },
          occurredAtMs: world.clock.now(),
        },
      },
    ]);
    // PagerDuty knows already: it is told nothing back.
    await world.fastForward(minutes(1));
  });

  it.each([
    ['incident.reassigned', {}, 'reassigned: reassigned to nobody'],
    [
      'incident.delegated',
      { assignees: [{ id: 'PG', summary: 'Grace' }] },
      'delegated: delegated to Grace',
    ],
    [
      'incident.escalated',
      { assignees: [{ id: 'PG', summary: 'Grace' }] },
      'escalated: escalated to Grace',
    ],
    [
      'incident.priority_updated',
      { priority: { id: 'P', summary: 'P1' } },
      'priority_updated: priority is now P1',
    ],
    [
      'incident.responder.added',
      { user: { id: 'PG', summary: 'Grace' }, message: 'please come' },
      'responder_added: Grace was asked to help: please come',
    ],
    ['incident.invented_later', {}, 'incident.invented_later'],
  ] as const)('is told in the timeline: %s', async (type, data, text) => {
    const world = createWorld();
    const incident = await pagedIncident(world);

    await world.webhook(world.pagerDuty.does({ type, dedupKey: incident.dedupKey, data }));

    expect(await world.timeline(incident)).toContain(
      `In PagerDuty, Ada Byron (pagerduty): ${text}`,
    );
    expect(world.now(incident).state).toBe('triggered');
    expect(world.now(incident).pagerIncidentId).not.toBeNull();
  });

  it('is a note here when it is one there', async () => {
    const world = createWorld();
    const incident = await pagedIncident(world);
    const { dedupKey } = incident;

    await world.webhook(world.pagerDuty.does({ type: 'incident.annotated', dedupKey }));

    expect(await world.timeline(incident)).toContain(
      'Note by Ada Byron (pagerduty): the database is full',
    );
    // Nothing goes back to where it came from.
    expect(world.now(incident).intents).toEqual([]);
  });

  it('is kept where it is about nothing here: a ping', async () => {
    const world = createWorld();
    const ping = JSON.stringify({
      event: {
        id: 'event-ping',
        event_type: 'pagey.ping',
        resource_type: 'pagey',
        occurred_at: '2026-05-12T03:04:05.000Z',
        agent: null,
        data: { message: 'Hello from your friend Pagey!', type: 'ping' },
      },
    });

    expect(await world.webhook(ping)).toMatchObject({ ok: true, value: { kind: 'suppressed' } });
    expect(world.store.deliveries()).toHaveLength(1);
    expect(world.incidents()).toEqual([]);
  });

  it('says so when an incident closed only because it was merged', async () => {
    const world = createWorld();
    const incident = await pagedIncident(world);
    const reason = { type: 'merge_resolve_reason', incident: { id: 'PD9', summary: 'The bigger' } };
    const { dedupKey } = incident;

    await world.webhook(
      world.pagerDuty.does({
        type: 'incident.resolved',
        dedupKey,
        data: { resolve_reason: reason },
      }),
    );

    expect(await world.timeline(incident)).toContain(
      'Resolved by Ada Byron (pagerduty): merged in PagerDuty into The bigger',
    );
  });

  it('counts once, however often PagerDuty tells of it', async () => {
    const world = createWorld();
    const incident = await pagedIncident(world);
    const { dedupKey } = incident;
    const body = world.pagerDuty.does({ type: 'incident.acknowledged', dedupKey });
    const first = await world.webhook(body);
    await world.fastForward(seconds(20));
    const before = world.now(incident);

    expect(await world.webhook(body)).toEqual(first);

    expect(world.now(incident)).toEqual(before);
    expect(await world.events(incident, 'incident.acknowledged')).toHaveLength(1);
  });

  it('counts once when both of two deliveries arrive together', async () => {
    const world = createWorld();
    const incident = await pagedIncident(world);
    const { dedupKey } = incident;
    const body = world.pagerDuty.does({ type: 'incident.annotated', dedupKey });

    const answers = await Promise.all([world.webhook(body), world.webhook(body)]);

    expect(answers).toMatchObject([{ ok: true }, { ok: true }]);
    expect(await world.events(incident, 'note.added')).toHaveLength(1);
  });

  it('finds its incident by PagerDuty’s record when the event shows no key', async () => {
    const world = createWorld();
    const incident = await pagedIncident(world);
    const { dedupKey } = incident;
    const deed = { type: 'incident.acknowledged', dedupKey, shownKey: null };

    expect(await world.webhook(world.pagerDuty.does(deed))).toMatchObject({ ok: true });

    expect(world.now(incident).state).toBe('acknowledged');
  });

  it('is asked for again when it can only be found by a record that is out of reach', async () => {
    const world = createWorld();
    const incident = await pagedIncident(world);
    const { dedupKey } = incident;
    const deed = { type: 'incident.acknowledged', dedupKey, shownKey: null };
    const body = world.pagerDuty.does(deed);
    world.pagerDuty.restFailure = failing('unavailable');
    expect(await world.webhook(body)).toEqual({ ok: false, error: failing('unavailable') });
    expect(world.now(incident)).toEqual(incident);

    world.pagerDuty.restFailure = null;
    expect(await world.webhook(body)).toMatchObject({ ok: true });
    expect(world.now(incident).state).toBe('acknowledged');
  });

  it('is kept and changes nothing when it is about somebody else’s incident', async () => {
    const world = createWorld();
    const incident = await pagedIncident(world);
    const theirs = { type: 'incident.resolved', dedupKey: 'their-own-key' };

    const received = await world.webhook(world.pagerDuty.does(theirs));

    expect(received).toMatchObject({ ok: true, value: { kind: 'suppressed', incidentIds: [] } });
    expect(world.now(incident)).toEqual(incident);
  });

  it('that was done here a moment before is no second acknowledgement', async () => {
    const world = createWorld();
    const incident = await pagedIncident(world);
    await world.acknowledge(incident);
    world.expectPages('acknowledge [P0] CheckoutDown (checkout): it is down');

    const received = await world.click('incident.acknowledged', incident);

    expect(received).toMatchObject({ ok: true, value: { kind: 'suppressed' } });
    expect(await world.events(incident, 'incident.acknowledged')).toMatchObject([
      { atMs: after(t0, minutes(1)), event: { by: { via: 'api' } } },
    ]);
  });
});
