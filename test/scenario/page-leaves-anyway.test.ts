import { describe, expect, it } from 'vitest';
import { after, minutes, seconds } from '../../lib/domain/shared/time.ts';
import { createWorld, failing } from './harness.ts';
import { checkoutDown, t0 } from './samples.ts';

const opened = 'trigger [P0] CheckoutDown (checkout): it is down';

describe('a page leaves', () => {
  it('by the stream when ingest was killed between commit and page', async () => {
    const world = createWorld();
    world.runs.inline = false;
    world.runs.scheduler = false;

    await world.open({ alerts: [checkoutDown] });

    world.expectPages(opened);
    expect(world.pagerDuty.attempts).toMatchObject([{ atMs: t0 }]);
  });

  it('by the clock within a minute when the stream stands still, too', async () => {
    const world = createWorld();
    world.runs.inline = false;
    world.runs.stream = false;

    await world.open({ alerts: [checkoutDown] });
    world.expectPages();
    await world.fastForward(minutes(1));

    world.expectPages(opened);
    expect(world.pagerDuty.attempts[0]?.atMs).toBeLessThanOrEqual(after(t0, minutes(1)));
  });

  it('by the stream on its next try, when the first could not read', async () => {
    const world = createWorld();
    world.runs.inline = false;
    world.runs.scheduler = false;
    // The first reading of an incident is the stream's: a new thread has none to read.
    world.storeFaults.push({ call: 'loadIncident', failure: failing('unavailable') });
    await world.open({ alerts: [checkoutDown] });

    await world.fastForward(seconds(2));

    world.expectErrors('A page is left to the next try.');
    world.expectPages(opened);
  });

  it('once, when stream and clock bring what was sent inline', async () => {
    const world = createWorld();
    const incident = await world.open({ alerts: [checkoutDown] });
    await world.fastForward(minutes(5));

    world.expectPages(opened);
    expect(world.pagerDuty.attempts).toHaveLength(1);
    expect(world.now(incident).intents).toEqual([]);
  });

  it('after the sender was told 202 for a repeat, although the first answer was never given', async () => {
    const world = createWorld();
    world.runs.inline = false;
    world.runs.stream = false;
    await world.open({ alerts: [checkoutDown] });
    await world.fastForward(seconds(5));
    const again = await world.post({ alerts: [checkoutDown] });
    expect(again).toMatchObject({ taken: { isRepeat: true } });

    await world.fastForward(minutes(1));

    world.expectPages(opened);
  });
});
