import { expect, it } from 'vitest';
import { createAnnouncer } from '../../lib/app/announce/announce.ts';
import { hours, minutes } from '../../lib/domain/shared/time.ts';
import { createChatWorld, home, slackFailing } from './chat-world.ts';
import { checkoutDown } from './samples.ts';

it('two looks that find Slack back at the same moment tell once of what it missed', async () => {
  const world = createChatWorld();
  world.chatIsDown = slackFailing('unavailable');
  await world.open({ alerts: [checkoutDown] });
  await world.fastForward(hours(1));
  const other = createAnnouncer(world.announcing);
  const { everyMinute } = world.besides;
  const looks = everyMinute.splice(0);
  await world.fastForward(minutes(6));
  world.chatIsDown = null;

  await world.drive(Promise.all([world.announcer.owed(), other.owed()]));
  everyMinute.push(...looks);
  await world.fastForward(minutes(8));

  const summaries = world.shown(home).filter(({ key }) => key.startsWith('outage/'));
  expect(summaries).toHaveLength(1);
  world.expectMessages(...world.secondChannel.messages().map(({ subject }) => subject));
});
