import { expect, it } from 'vitest';
import { onCallIn } from '../../lib/app/announce/on-call.ts';
import type { TenantPolicy } from '../../lib/domain/policy/policy.ts';
import type { OnCall } from '../../lib/ports/pager.ts';
import { createChatWorld, withSlack, type ChatWorld } from './chat-world.ts';
import { failing } from './harness.ts';
import { checkoutDown } from './samples.ts';

const escalationPolicy = { id: 'PEP', name: 'Default' };

const turn = (level: number, id: string): OnCall => ({
  escalationPolicy,
  level,
  user: { id, name: id },
  schedule: null,
  fromMs: null,
  untilMs: null,
});

/** Ada is on the first level of the one service, and the chat asks who is. */
function worldWithOnCall(change: (tenant: TenantPolicy) => TenantPolicy = (same) => same) {
  const world = createChatWorld((tenant) => change(withSlack(tenant)));
  const { rest } = world.pagerDuty;
  rest.turns = [turn(1, 'PADA001'), turn(2, 'PGRACE1')];
  rest.directory = {
    services: [
      { id: 'PSHOP', name: 'Shop', isEnabled: true, escalationPolicy, routingKeys: ['default'] },
    ],
    routingKeys: ['default'],
    orchestrated: [],
  };
  return world;
}

async function onCallOf(world: ChatWorld): Promise<readonly string[]> {
  const incident = await world.open({ alerts: [checkoutDown] });
  return onCallIn(world.deps, world.pagerDuty.rest)(incident);
}

it.each<[string, string | null]>([
  ['the policy names', 'PSHOP'],
  ['the routing key leads to', null],
])('finds those on call for the service that %s', async (_which, pagerdutyServiceId) => {
  const world = worldWithOnCall((tenant) => ({
    ...tenant,
    services: tenant.services.map((service) => ({ ...service, pagerdutyServiceId })),
  }));
  expect(await onCallOf(world)).toEqual(['U000000ADA']);
});

it('finds those on call for what belongs to no service, by the key that it pages with', async () => {
  const world = worldWithOnCall((tenant) => ({ ...tenant, services: [] }));
  expect(await onCallOf(world)).toEqual(['U000000ADA']);
});

it('finds nobody, and says nothing, where there is no token to ask with', async () => {
  const world = worldWithOnCall();
  world.pagerDuty.rest.hasToken = false;
  expect(await onCallOf(world)).toEqual([]);
  expect(world.log.lines().filter(({ level }) => level === 'warn')).toEqual([]);
});

it('finds nobody while PagerDuty does not answer, and goes on', async () => {
  const world = worldWithOnCall();
  world.pagerDuty.rest.failure = failing('timeout');
  expect(await onCallOf(world)).toEqual([]);
});
