import { expect, it } from 'vitest';
import { epochMs, seconds, toIso } from '../../lib/domain/shared/time.ts';
import { ok, err } from '../../lib/domain/shared/result.ts';
import type { OnCall, OnCallQuery, PagerRest, PagerServices } from '../../lib/ports/pager.ts';
import { failing } from './harness.ts';
import { checkoutDown } from './samples.ts';
import { SlackWorld } from './slack-world.ts';

const untilMs = epochMs(Date.parse('2026-05-12T08:00:00.000Z'));
const turn = (level: number, name: string, more: Partial<OnCall> = {}): OnCall => ({
  escalationPolicy: { id: 'PEP', name: 'Payments' },
  level,
  user: { id: 'PU', name },
  schedule: null,
  fromMs: null,
  untilMs: null,
  ...more,
});

const services: PagerServices = {
  services: [
    {
      id: 'PSVC',
      name: 'Everything',
      isEnabled: true,
      escalationPolicy: { id: 'PEP', name: 'Payments' },
      routingKeys: ['default'],
    },
  ],
  routingKeys: ['default'],
  orchestrated: [],
};

function pagerSaying(turns: readonly OnCall[]) {
  const asked: OnCallQuery[] = [];
  const rest: Partial<PagerRest> = {
    services: () => Promise.resolve(ok(services)),
    onCalls: (query) => {
      asked.push(query);
      return Promise.resolve(ok(turns));
    },
  };
  return { asked, rest };
}

it('tells who is on call for the service of the incident, level by level', async () => {
  const turns = [turn(2, 'Bob'), turn(1, 'Ada', { schedule: 'Nights', untilMs })];
  const { asked, rest } = pagerSaying(turns);
  const slack = new SlackWorld(rest);
  const incident = await slack.world.open({ alerts: [checkoutDown] });
  await slack.ownChannel(incident, 'C0CHECKOUT');
  slack.world.skipPages();

  const seen = await slack.command('oncall', undefined, { channel: 'C0CHECKOUT' });
  expect(seen.text.split('\n')).toEqual([
    'lines: On call now',
    'Checkout',
    `1. Ada (Nights) until ${toIso(untilMs)}`,
    '2. Bob',
  ]);
  expect(asked).toMatchObject([{ serviceId: 'PSVC' }]);
  const named = await slack.command('oncall Search');
  expect(named.text.split('\n')[1]).toBe('Search');
  expect((await slack.command('who is it')).text).toContain('There are: checkout, search, reports');
});

it('tells people once who are called for several services', async () => {
  const slack = new SlackWorld(pagerSaying([turn(1, 'Ada')]).rest);
  expect((await slack.command('oncall')).text.split('\n')).toEqual([
    'lines: On call now',
    'Checkout, Search, Reports',
    '1. Ada',
  ]);
});

it('says so when nobody is on call', async () => {
  const slack = new SlackWorld(pagerSaying([]).rest);
  expect((await slack.command('oncall search')).text).toContain('Search\nNobody is on call!');
});

it('says so when PagerDuty does not answer, and when it may not be asked', async () => {
  const silent = new SlackWorld({ services: () => Promise.resolve(err(failing('timeout'))) });
  expect((await silent.command('oncall search')).text).toContain(
    'Search\nPagerDuty does not answer just now.',
  );
  const closed = new SlackWorld({ services: () => Promise.resolve(err(failing('not_found'))) });
  expect((await closed.command('oncall search')).text).toContain('our API token');
});

it('gives PagerDuty no more time than Slack gives us', async () => {
  const patience: number[] = [];
  const slack: SlackWorld = new SlackWorld({
    services: async (timeoutMs) => {
      patience.push(timeoutMs);
      await slack.world.clock.sleep(seconds(1));
      return ok(services);
    },
    onCalls: (_query, timeoutMs) => {
      patience.push(timeoutMs);
      return Promise.resolve(ok([]));
    },
  });
  await slack.command('oncall search');
  expect(patience).toEqual([1_500, 500]);
});
