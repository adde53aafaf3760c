import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { minutes } from '../../lib/domain/shared/time.ts';
import { createWorld } from './harness.ts';

const fixtures = join(import.meta.dirname, '../fixtures/cloud-monitoring');

it('keeps a test message of Cloud Monitoring and makes no incident of it', async () => {
  const world = createWorld();
  const body = readFileSync(join(fixtures, 'test-notification.json'), 'utf8');
  const as = {
    sourceKind: 'cloud-monitoring',
    authorization: 'Bearer google-token-of-acme',
  } as const;

  const first = await world.postBody(body, as);
  const again = await world.postBody(body, as);
  await world.fastForward(minutes(5));

  expect([first, again]).toMatchObject([
    { kind: 'taken', taken: { isRepeat: false, outcome: { kind: 'test', incidentIds: [] } } },
    { kind: 'taken', taken: { isRepeat: true, outcome: { kind: 'test', incidentIds: [] } } },
  ]);
  expect(world.store.deliveries().map((stored) => atob(stored.body ?? ''))).toEqual([body]);
  expect(world.incidents()).toEqual([]);
  world.expectPages();
});
