import { describe, expect, it } from 'vitest';
import { createMemoryBlobs } from '../../../lib/adapters/memory/blobs.ts';
import { exportPostmortem, type ResolvedEvent } from '../../../lib/app/export-postmortem.ts';
import { busEventsOf } from '../../../lib/app/relay-events.ts';
import { decodeResolvedEvent } from '../../../lib/codec/resolved-event.ts';
import type { Incident } from '../../../lib/domain/incident/state.ts';
import { err } from '../../../lib/domain/shared/result.ts';
import { minutes } from '../../../lib/domain/shared/time.ts';
import type { Json } from '../../../lib/domain/shared/json.ts';
import { checkoutDown, createWorld, type World } from '../api/world.ts';

const by = { kind: 'person', via: 'api', id: 'ada', name: 'ada' } as const;

const resolve = (world: World, incident: Incident): Promise<Incident> =>
  world.act(incident, {
    kind: 'resolve',
    cause: 'person',
    by,
    note: 'rolled back',
    occurredAtMs: world.clock.now(),
  });

const reopen = (world: World, incident: Incident): Promise<Incident> =>
  world.act(incident, { kind: 'reopen', by, reason: 'not over', occurredAtMs: world.clock.now() });

/** The resolves of an incident as EventBridge delivers them. */
async function resolvesOf(
  world: World,
  { tenant, id }: Incident,
): Promise<readonly ResolvedEvent[]> {
  const commits = await world.app.store.loadCommits(tenant, id);
  if (!commits.ok) throw new Error(commits.error.message);
  return commits.value.flatMap(busEventsOf).flatMap(({ type, detail }) => {
    // What goes over the bus is JSON.
    const delivered = JSON.parse(JSON.stringify(detail)) as Json;
    return decodeResolvedEvent({ 'detail-type': type, detail: delivered }) ?? [];
  });
}

async function textOf(world: World, key: string): Promise<string> {
  const read = await world.app.blobs.get(key);
  if (!read.ok) throw new Error(read.error.message);
  return new TextDecoder().decode(read.value);
}

describe('exportPostmortem', () => {
  it('writes Markdown and JSON of the log up to the resolve, and the latest', async () => {
    const world = createWorld();
    const incident = await world.raise(checkoutDown);
    await world.clock.advance(minutes(10));
    await resolve(world, incident);
    const [event] = await resolvesOf(world, incident);
    if (event === undefined) throw new Error('A resolve is an event on the bus.');

    const written = await exportPostmortem(world.app, event);

    const folder = `postmortem/default/${incident.id}`;
    const own = `${folder}/${event.seq}`;
    expect(written).toEqual({
      ok: true,
      value: [`${own}.md`, `${own}.json`, `${folder}/latest.md`, `${folder}/latest.json`],
    });
    expect(await textOf(world, `${own}.md`)).toMatch(/^# Post-mortem: CheckoutDown/);
    expect(JSON.parse(await textOf(world, `${own}.json`))).toMatchObject({
      incident: incident.id,
      state: 'resolved',
      timeToResolveMs: 600_000,
    });
    expect(await textOf(world, `${folder}/latest.md`)).toBe(await textOf(world, `${own}.md`));
  });

  it('gives the same bytes however often and late the event comes', async () => {
    const world = createWorld();
    const incident = await world.raise(checkoutDown);
    const resolved = await resolve(world, incident);
    const [event] = await resolvesOf(world, incident);
    if (event === undefined) throw new Error('A resolve is an event on the bus.');
    const first = await exportPostmortem(world.app, event);
    const keys = first.ok ? first.value : [];
    const before = await Promise.all(keys.map((key) => textOf(world, key)));

    await world.act(resolved, {
      kind: 'link-pager',
      pagerIncidentId: 'Q1',
      url: 'https://pd.example/Q1',
    });
    const again = await exportPostmortem(world.app, event);

    expect(again).toEqual(first);
    expect(await Promise.all(keys.map((key) => textOf(world, key)))).toEqual(before);
  });

  it('keeps the latest at the newest resolve when an older event comes after it', async () => {
    const world = createWorld();
    const incident = await world.raise(checkoutDown);
    await resolve(world, incident);
    await world.clock.advance(minutes(5));
    await resolve(world, await reopen(world, incident));
    const [first, second] = await resolvesOf(world, incident);
    if (first === undefined || second === undefined) throw new Error('There are two resolves.');

    await exportPostmortem(world.app, second);
    const late = await exportPostmortem(world.app, first);

    const folder = `postmortem/default/${incident.id}`;
    expect(late).toEqual({
      ok: true,
      value: [`${folder}/${first.seq}.md`, `${folder}/${first.seq}.json`],
    });
    expect(await textOf(world, `${folder}/latest.md`)).toBe(
      await textOf(world, `${folder}/${second.seq}.md`),
    );
    expect(await textOf(world, `${folder}/${first.seq}.md`)).not.toContain('Reopened by');
  });

  it('writes nothing for an incident that there is not, or of another tenant', async () => {
    const world = createWorld();
    const incident = await world.raise(checkoutDown);
    const seq = (await resolve(world, incident)).version;

    const answers = await Promise.all(
      [
        { tenant: 'other', incidentId: incident.id, seq },
        { tenant: 'default', incidentId: '../../raw/x', seq },
      ].map((event) => exportPostmortem(world.app, event)),
    );

    expect(answers).toMatchObject([
      { ok: false, error: { kind: 'not_found' } },
      { ok: false, error: { kind: 'not_found' } },
    ]);
    expect(world.app.blobs.keys()).toEqual([]);
  });

  it('says when it could not write, so that the event comes again', async () => {
    const world = createWorld();
    const incident = await world.raise(checkoutDown);
    await resolve(world, incident);
    const [event] = await resolvesOf(world, incident);
    if (event === undefined) throw new Error('A resolve is an event on the bus.');
    const failure = { kind: 'unavailable', message: 'The bucket is away.' } as const;
    const blobs = { ...createMemoryBlobs(), put: () => Promise.resolve(err(failure)) };

    expect(await exportPostmortem({ ...world.app, blobs }, event)).toEqual(err(failure));
  });
});

describe('decodeResolvedEvent', () => {
  const detail = { tenant: 'default', incidentId: 'aaaaa-bbbbbbb', seq: 4 };

  it.each([
    [{ 'detail-type': 'incident.reopened', detail }],
    [{ 'detail-type': 'incident.resolved' }],
    [{ 'detail-type': 'incident.resolved', detail: { ...detail, tenant: '' } }],
    [{ 'detail-type': 'incident.resolved', detail: { ...detail, seq: 1.5 } }],
    [{ detail }],
  ])('reads nothing else: %j', (delivery) => {
    expect(decodeResolvedEvent(delivery)).toBeNull();
  });
});
