import { describe, expect, it } from 'vitest';
import { pageFromStream } from '../../lib/app/page-from-stream.ts';
import type { Incident } from '../../lib/domain/incident/state.ts';
import { after, minutes, seconds } from '../../lib/domain/shared/time.ts';
import type { Store } from '../../lib/ports/store.ts';
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

  it('although nobody can count the pages of the minute, when it is exempt from the rate', async () => {
    const world = createWorld();
    world.runs.stream = false;
    world.runs.scheduler = false;
    world.storeFaults.push({ call: 'countInMinute', failure: failing('throttled') });

    const incident = await world.open({ alerts: [checkoutDown] });

    world.expectPages(opened);
    expect(world.now(incident).intents).toEqual([]);
  });

  it('by the stream before those are looked at one by one that left already', async () => {
    const world = createWorld();
    world.runs.stream = false;
    const open = (name: string): Promise<Incident> =>
      world.open({ groupKey: name, alerts: [{ ...checkoutDown, name }] });
    const sent = [await open('One'), await open('Two')];
    world.runs.inline = false;
    const unsent = await open('Three');
    world.skipPages();
    const rows = world.transactions
      .flatMap(({ incident }) => incident?.dueAdded ?? [])
      .map((value, index) => ({ value, position: String(index) }));
    const read: string[] = [];
    const loadIncident: Store['loadIncident'] = (tenant, id) => {
      read.push(id);
      return world.store.loadIncident(tenant, id);
    };
    const deps = { ...world.deps, store: { ...world.store, loadIncident } };

    expect(await pageFromStream(deps, rows)).toBeNull();

    world.expectPages('trigger [P0] Three (checkout): it is down');
    expect(read).toEqual([...sent, unsent, unsent].map(({ id }) => id));
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
