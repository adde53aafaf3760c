import { expect, it } from 'vitest';
import { after, durationMs, minutes } from '../../lib/domain/shared/time.ts';
import { projectPostmortem } from '../../lib/domain/postmortem/postmortem.ts';
import { postmortemMarkdown } from '../../lib/domain/postmortem/markdown.ts';
import { createWorld } from './harness.ts';
import { checkoutDown, t0 } from './samples.ts';

it('a breach is withdrawn when PagerDuty tells late of an answer in time', async () => {
  const world = createWorld();
  const incident = await world.open({ alerts: [checkoutDown] });
  await world.fastForward(durationMs(minutes(15) - 1));
  const { dedupKey } = incident;
  const late = world.pagerDuty.does({ type: 'incident.acknowledged', dedupKey });
  const answeredAtMs = world.clock.now();
  await world.fastForward(minutes(5));
  expect(world.now(incident).response.isBreached).toBe(true);

  await world.webhook(late);

  expect(world.now(incident)).toMatchObject({
    state: 'acknowledged',
    response: { isBreached: false, isBreachWithdrawn: true, end: { atMs: answeredAtMs } },
  });
  const deadlineAtMs = after(t0, minutes(15));
  const story = await world.events(incident, 'sla.breached', 'sla.met', 'sla.breach_withdrawn');
  expect(story).toMatchObject([
    { event: { type: 'sla.breached', deadlineAtMs } },
    { event: { type: 'sla.met', late: false, elapsedMs: 899_999, stoppedAtMs: answeredAtMs } },
    { event: { type: 'sla.breach_withdrawn', deadlineAtMs, stoppedAtMs: answeredAtMs } },
  ]);
  const commits = await world.store.loadCommits('acme', incident.id);
  const postmortem = commits.ok ? projectPostmortem(commits.value) : null;
  expect(postmortem?.clocks[0]).toMatchObject({ isBreached: false, isBreachWithdrawn: true });
  expect(postmortem === null ? '' : postmortemMarkdown(postmortem)).toContain(
    'met; its breach was withdrawn',
  );

  // It stays so: the deadline is over and met.
  await world.fastForward(minutes(30));
  expect(await world.events(incident, 'sla.breached')).toHaveLength(1);
  world.skipPages();
  world.expectMessages('[P0] CheckoutDown (checkout)');
});
