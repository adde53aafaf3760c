import { expect, it } from 'vitest';
import { minutes } from '../../lib/domain/shared/time.ts';
import { SlackWorld } from './slack-world.ts';
import { checkoutDown, over } from './samples.ts';

it('an incident that a newer one has followed is not reopened: one problem has one incident', async () => {
  const slack = new SlackWorld();
  const { world } = slack;
  const older = await world.open({ alerts: [checkoutDown] });
  await world.post({ alerts: [over(checkoutDown)] });
  await world.fastForward(minutes(24 * 60));
  await world.post({ alerts: [{ ...checkoutDown, startsAtMs: world.clock.now() }] });
  const [newer] = world.incidents().filter(({ id }) => id !== older.id);
  world.skipPages();

  const seen = await slack.command(`reopen ${older.id} it is not over`);

  expect(seen.text).toContain(`come back since as incident ${newer?.id ?? 'none'}`);
  expect(world.now(older).state).toBe('resolved');
  world.expectNothingElse();
});
