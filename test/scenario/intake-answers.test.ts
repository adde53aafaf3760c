import { describe, expect, it } from 'vitest';
import { minutes } from '../../lib/domain/shared/time.ts';
import { createWorld, failing } from './harness.ts';
import { checkoutDown, payload } from './samples.ts';

const page =
  'trigger [P1] UnreadableDelivery: A delivery of source acme-prometheus cannot be read: ';

describe('what an alert source is answered', () => {
  it('taken, for a body that cannot be read: kept, and told to the operators once', async () => {
    const world = createWorld();
    const body = '{"version":"4","alerts":';

    const first = await world.postBody(body);
    await world.fastForward(minutes(1));
    const again = await world.postBody(body);
    await world.fastForward(minutes(1));
    const other = await world.postBody('not even that');

    const incident = world.onlyIncident();
    const incidentIds = [incident.id];
    expect([first, again, other]).toMatchObject([
      { kind: 'taken', taken: { isRepeat: false, outcome: { kind: 'quarantined', incidentIds } } },
      { kind: 'taken', taken: { isRepeat: true, outcome: { kind: 'quarantined', incidentIds } } },
      { kind: 'taken', taken: { isRepeat: false, outcome: { kind: 'quarantined', incidentIds } } },
    ]);
    expect(incident).toMatchObject({ isOperator: true, severity: 'P1', state: 'triggered' });
    const bodies = world.store.deliveries().map((stored) => atob(stored.body ?? ''));
    expect(bodies.toSorted()).toEqual([body, 'not even that'].toSorted());
    expect(world.pagerDuty.attempts.map(({ page: { summary } }) => summary)).toEqual([
      expect.stringContaining(page.replace('trigger ', '')),
    ]);
    world.skipPages();
  });

  it.each([
    ['no credential', ''],
    ['a wrong token', 'Bearer token-of-nobody'],
    ['the token of a source of another kind', 'Bearer google-token-of-acme'],
    ['no scheme', 'token-of-acme'],
  ])('unauthorised, for %s, which leaves nothing', async (_what, authorization) => {
    const world = createWorld();
    const before = world.store.snapshot();

    const answer = await world.postBody(payload({ alerts: [checkoutDown] }), { authorization });

    expect(answer).toEqual({ kind: 'unauthorized' });
    expect(world.store.snapshot()).toEqual(before);
    expect(world.blobs.keys()).toEqual([]);
  });

  it('busy, while the secret store is down, and taken after', async () => {
    const world = createWorld();
    const before = world.store.snapshot();
    world.secretFaults.push({ call: 'intake', failure: failing('unavailable') });

    expect(await world.post({ alerts: [checkoutDown] })).toEqual({
      kind: 'busy',
      failure: failing('unavailable'),
    });
    expect(world.store.snapshot()).toEqual(before);

    expect(await world.post({ alerts: [checkoutDown] })).toMatchObject({ kind: 'taken' });
    world.expectPages('trigger [P0] CheckoutDown (checkout): it is down');
  });

  it('taken, for a delivery without an alert', async () => {
    const world = createWorld();

    const answer = await world.post({ alerts: [] });

    expect(answer).toMatchObject({ taken: { outcome: { kind: 'empty', incidentIds: [] } } });
    expect(world.incidents()).toEqual([]);
    expect(world.store.deliveries()).toHaveLength(1);
  });
});
