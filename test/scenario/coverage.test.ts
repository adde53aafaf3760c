import { beforeEach, describe, expect, it } from 'vitest';
import { proveCoverage } from '../../lib/app/coverage/prove-coverage.ts';
import { watchCoverage, type WatchDeps } from '../../lib/app/coverage/watch-coverage.ts';
import type { SlackPolicy } from '../../lib/domain/policy/policy.ts';
import { err, ok } from '../../lib/domain/shared/result.ts';
import { after, hours, type EpochMs } from '../../lib/domain/shared/time.ts';
import type { Chat } from '../../lib/ports/chat.ts';
import { createWorld, failing, type World } from './harness.ts';

let world: World;
let channel: Awaited<ReturnType<Chat['describeChannel']>>;

const slack: SlackPolicy = {
  teamId: 'T1',
  enterpriseId: null,
  channel: 'C1',
  ownChannel: {
    severities: ['P0'],
    prefix: 'inc',
    isPrivate: false,
    archiveAfterMs: null,
    invite: [],
  },
  linkHosts: [],
  warRoomUrl: null,
};

/** One tenant, one key, one level with Ada; everything is as it should be. */
beforeEach(() => {
  world = createWorld((tenant) => ({
    ...tenant,
    slack,
    people: tenant.people.map((person) => ({ ...person, pagerdutyUserId: 'PADA001' })).slice(0, 1),
  }));
  channel = ok({ id: 'C1', name: 'incidents', isArchived: false });
  const { rest } = world.pagerDuty;
  const routingKeys = ['default'];
  const escalationPolicy = { id: 'PPOLICY', name: 'Default' };
  rest.directory = {
    services: [{ id: 'PSHOP', name: 'Shop', isEnabled: true, escalationPolicy, routingKeys }],
    routingKeys,
    orchestrated: [],
  };
  rest.turns = [ada(null, null)];
  rest.users = [{ id: 'PADA001', name: 'Ada', email: 'ada@x.example', reachedBy: ['phone'] }];
});

const ada = (fromMs: EpochMs | null, untilMs: EpochMs | null) => ({
  escalationPolicy: { id: 'PPOLICY', name: 'Default' },
  level: 1,
  user: { id: 'PADA001', name: 'Ada' },
  schedule: null,
  fromMs,
  untilMs,
});

const deps = (): WatchDeps => ({
  ...world.deps,
  pagerRest: world.pagerDuty.rest,
  chat: { describeChannel: () => Promise.resolve(channel) },
});

async function acme() {
  const [tenant] = world.deps.policy.tenants;
  if (tenant === undefined) throw new Error('The policy has a tenant.');
  const proved = await proveCoverage(deps(), tenant);
  if (!proved.ok) throw new Error(proved.error.message);
  return proved.value;
}

const kinds = async () => (await acme()).gaps.map(({ kind }) => kind);

describe('the coverage proof', () => {
  it('follows each route to the people at its end', async () => {
    expect(await acme()).toMatchObject({
      routes: [{ routingKey: 'default', endsAt: 'Shop', people: ['Ada'] }],
      gaps: [],
      unproved: [],
    });
  });

  it('finds an empty shift in the seven days, and none after them', async () => {
    const nowMs = world.clock.now();
    world.pagerDuty.rest.turns = [ada(null, after(nowMs, hours(24 * 7)))];
    expect(await kinds()).toEqual([]);
    world.pagerDuty.rest.turns = [ada(null, after(nowMs, hours(24 * 7 - 1)))];
    expect(await kinds()).toEqual(['empty-shift']);
  });

  it('finds who cannot be reached, was deleted, or is not known here', async () => {
    world.pagerDuty.rest.users = [];
    expect(await kinds()).toEqual(['missing-contact']);
    world.pagerDuty.rest.turns = [{ ...ada(null, null), user: { id: 'PX', name: 'Eve' } }];
    expect(await kinds()).toEqual(['missing-contact', 'unmapped-person']);
  });

  it.each([
    ['archived', ok({ id: 'C1', name: 'x', isArchived: true }), ['dead-channel'], 0],
    ['gone', chatFailure('channel'), ['dead-channel'], 0],
    ['closed to us', chatFailure('access'), ['dead-channel'], 0],
    ['out of reach', chatFailure('service'), [], 1],
  ])('looks at the channel: %s', async (_what, answer, expected, unproved) => {
    channel = answer;
    expect(await kinds()).toEqual(expected);
    expect((await acme()).unproved).toHaveLength(unproved);
  });

  it('proves nothing without a token, and says so', async () => {
    world.pagerDuty.rest.hasToken = false;
    expect(await acme()).toMatchObject({
      gaps: [],
      unproved: [expect.stringContaining('"apiToken"')],
    });
  });
});

function chatFailure(about: 'channel' | 'access' | 'service') {
  return err({ ...failing('rejected'), reason: 'no_such_thing', about });
}

describe('every night', () => {
  it('opens one P2 for the gaps of a tenant, and no second for the same ones', async () => {
    world.pagerDuty.rest.users = [];
    const first = await world.drive(watchCoverage(deps()));
    expect(first.ok).toBe(true);
    await world.fastForward(hours(24));
    await world.drive(watchCoverage(deps()));

    const incident = world.onlyIncident();
    expect(incident).toMatchObject({ severity: 'P2', isOperator: true, state: 'triggered' });
    expect(incident.summary).toContain('no phone, SMS or push rule');
    expect(await world.events(incident, 'alerts.attached')).toHaveLength(1);
    world.skipPages();
  });

  it.each([
    ['lies beyond what can be seen yet', (nowMs: EpochMs) => [ada(null, after(nowMs, hours(150)))]],
    ['has begun, and ends', (nowMs: EpochMs) => [ada(after(nowMs, hours(100)), null)]],
    ['has begun, and has no end in sight', () => []],
  ])('takes an empty shift that %s for the same one every time', async (_which, turns) => {
    world.pagerDuty.rest.turns = turns(world.clock.now());
    await world.drive(watchCoverage(deps()));
    for (const _ of [1, 2]) {
      await world.fastForward(hours(12));
      await world.drive(watchCoverage(deps()));
    }

    expect(await world.events(world.onlyIncident(), 'alerts.attached')).toHaveLength(1);
    world.skipPages();
  });

  it('opens nothing where there is no gap', async () => {
    await world.drive(watchCoverage(deps()));
    expect(world.incidents()).toEqual([]);
  });

  it('fails when PagerDuty cannot be asked, so that somebody is told', async () => {
    world.pagerDuty.rest.failure = failing('unavailable');
    expect(await world.drive(watchCoverage(deps()))).toMatchObject({ ok: false });
  });
});
