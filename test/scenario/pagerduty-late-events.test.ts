import { describe, expect, it } from 'vitest';
import { hours, minutes } from '../../lib/domain/shared/time.ts';
import type { Incident } from '../../lib/domain/incident/state.ts';
import { createWorld, failing, type World } from './harness.ts';
import { checkoutDown, over } from './samples.ts';

const calm = { ...checkoutDown, severity: 'warning' };
const opened = 'trigger [P2] CheckoutDown (checkout): it is down';

async function pagedIncident(world: World): Promise<Incident> {
  const incident = await world.open({ alerts: [calm] });
  world.expectPages(opened);
  await world.fastForward(minutes(1));
  return incident;
}

describe('an event of PagerDuty that is older than a quarter of an hour', () => {
  it('counts when PagerDuty’s record agrees', async () => {
    const world = createWorld();
    const incident = await pagedIncident(world);
    const { dedupKey } = incident;
    const body = world.pagerDuty.does({ type: 'incident.acknowledged', dedupKey });
    await world.fastForward(minutes(16));

    await world.webhook(body);

    expect(world.now(incident).state).toBe('acknowledged');
  });

  it('is only told when the record says otherwise by now', async () => {
    const world = createWorld();
    const incident = await pagedIncident(world);
    const { dedupKey } = incident;
    const body = world.pagerDuty.does({ type: 'incident.acknowledged', dedupKey });
    world.pagerDuty.does({ type: 'incident.unacknowledged', dedupKey });
    await world.fastForward(minutes(16));

    await world.webhook(body);

    expect(world.now(incident).state).toBe('triggered');
    expect(await world.timeline(incident)).toContainEqual(
      expect.stringMatching(/acknowledged in PagerDuty; came too late/),
    );
  });

  it('is only told while the record is out of reach', async () => {
    const world = createWorld();
    const incident = await pagedIncident(world);
    const { dedupKey } = incident;
    const body = world.pagerDuty.does({ type: 'incident.resolved', dedupKey });
    await world.fastForward(minutes(16));
    world.pagerDuty.restFailure = failing('unavailable');

    expect(await world.webhook(body)).toMatchObject({ ok: true });

    expect(world.now(incident).state).toBe('triggered');
    expect(await world.events(incident, 'pager.activity')).toHaveLength(1);
  });

  it('needs no record when it only tells something', async () => {
    const world = createWorld();
    const incident = await pagedIncident(world);
    const { dedupKey } = incident;
    const body = world.pagerDuty.does({ type: 'incident.escalated', dedupKey });
    await world.fastForward(minutes(16));
    world.pagerDuty.restFailure = failing('unavailable');

    await world.webhook(body);

    expect(await world.timeline(incident)).toContain(
      'In PagerDuty, Ada Byron (pagerduty): escalated: escalated to nobody',
    );
  });
});

describe('an event of PagerDuty that is overtaken', () => {
  it('by a reopen does not close the incident again, and is told', async () => {
    const world = createWorld();
    const incident = await pagedIncident(world);
    const { dedupKey } = incident;
    await world.post({ alerts: [over(calm)] });
    await world.fastForward(minutes(1));
    world.expectPages('resolve [P2] CheckoutDown (checkout): it is down');
    const late = world.pagerDuty.does({ type: 'incident.resolved', dedupKey });
    await world.fastForward(minutes(5));
    await world.post({ alerts: [{ ...calm, startsAtMs: world.clock.now() }] });
    world.expectPages(
      'trigger [P2] reopened: an alert fired again within the reopen window. ' +
        'CheckoutDown (checkout): it is down',
    );

    await world.webhook(late);

    expect(world.now(incident)).toMatchObject({ state: 'triggered', reopenCount: 1 });
    expect(await world.timeline(incident)).toContainEqual(
      expect.stringMatching(/resolved in PagerDuty; not applied: PagerDuty told of this after/),
    );
  });

  it('by a newer event does not undo it', async () => {
    const world = createWorld();
    const incident = await pagedIncident(world);
    const { dedupKey } = incident;
    const first = world.pagerDuty.does({ type: 'incident.acknowledged', dedupKey });
    await world.fastForward(minutes(1));
    const second = world.pagerDuty.does({ type: 'incident.resolved', dedupKey });

    await world.webhook(second);
    await world.webhook(first);

    expect(world.now(incident).state).toBe('resolved');
    expect(await world.events(incident, 'pager.activity')).toHaveLength(1);
  });

  it('by a newer acknowledgement that changed nothing here does not undo that', async () => {
    const world = createWorld();
    const incident = await pagedIncident(world);
    const { dedupKey } = incident;
    await world.click('incident.acknowledged', incident);
    await world.fastForward(minutes(1));
    const takenBack = world.pagerDuty.does({ type: 'incident.unacknowledged', dedupKey });
    await world.fastForward(minutes(1));
    await world.click('incident.acknowledged', incident);

    await world.webhook(takenBack);

    expect(world.now(incident).state).toBe('acknowledged');
  });

  it('by the end of what it began does not begin it', async () => {
    const world = createWorld();
    const incident = await pagedIncident(world);
    const { dedupKey } = incident;
    const acknowledged = world.pagerDuty.does({ type: 'incident.acknowledged', dedupKey });
    await world.fastForward(minutes(1));
    await world.click('incident.unacknowledged', incident);

    await world.webhook(acknowledged);

    expect(world.now(incident).state).toBe('triggered');
  });

  it('is told, also when a deadline was overdue as it came', async () => {
    const world = createWorld();
    const incident = await pagedIncident(world);
    const { dedupKey } = incident;
    world.runs.scheduler = false;
    await world.fastForward(hours(5));
    const takenBack = world.pagerDuty.does({ type: 'incident.unacknowledged', dedupKey });

    await world.webhook(takenBack);

    expect(await world.events(incident, 'sla.breached')).toHaveLength(1);
    expect(await world.timeline(incident)).toContain(
      'In PagerDuty, Ada in PagerDuty (pagerduty): unacknowledged: the acknowledgement was taken back in PagerDuty; not applied: The incident is triggered, not acknowledged.',
    );
    world.expectPages(
      'trigger [P2] SLA breached: not acknowledged in time. CheckoutDown (checkout): it is down',
    );
  });

  it('by an acknowledgement here does not take that back', async () => {
    const world = createWorld();
    const incident = await pagedIncident(world);
    const { dedupKey } = incident;
    const acknowledged = world.pagerDuty.does({ type: 'incident.acknowledged', dedupKey });
    const takenBack = world.pagerDuty.does({ type: 'incident.unacknowledged', dedupKey });
    await world.fastForward(minutes(1));
    await world.acknowledge(incident);
    world.expectPages('acknowledge [P2] CheckoutDown (checkout): it is down');

    await world.webhook(takenBack);
    await world.webhook(acknowledged);

    expect(world.now(incident).state).toBe('acknowledged');
  });
});
