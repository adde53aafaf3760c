import { expect, it } from 'vitest';
import { exportPostmortem } from '../../lib/app/export-postmortem.ts';
import { decodeResolvedEvent } from '../../lib/codec/resolved-event.ts';
import type { Json } from '../../lib/domain/shared/json.ts';
import { hours, minutes } from '../../lib/domain/shared/time.ts';
import { createWorld, type World } from './harness.ts';
import { checkoutDown, over } from './samples.ts';

/** The bus delivers every resolve that is on it to the exporter. */
async function deliverResolves(world: World): Promise<number> {
  const resolves = world.bus.published().flatMap(({ type, detail }) => {
    // What goes over the bus is JSON.
    const delivered = JSON.parse(JSON.stringify(detail)) as Json;
    return decodeResolvedEvent({ 'detail-type': type, detail: delivered }) ?? [];
  });
  for (const resolved of resolves) {
    expect(await exportPostmortem(world.deps, resolved)).toMatchObject({ ok: true });
  }
  return resolves.length;
}

async function documentsOf(world: World): Promise<ReadonlyMap<string, string>> {
  const documents = new Map<string, string>();
  for (const key of world.blobs.keys()) {
    const read = await world.blobs.get(key);
    if (read.ok) documents.set(key, new TextDecoder().decode(read.value));
  }
  return documents;
}

it('writes the same bytes for a resolve, however often and late it is told', async () => {
  const world = createWorld();
  const incident = await world.open({ alerts: [checkoutDown] });
  await world.fastForward(minutes(4));
  await world.click('incident.acknowledged', incident);
  await world.fastForward(minutes(20));
  await world.post({ alerts: [over(checkoutDown)] });
  await world.fastForward(minutes(1));
  expect(await deliverResolves(world)).toBe(1);
  const first = await documentsOf(world);

  await world.fastForward(hours(2));
  await world.webhook(
    world.pagerDuty.does({ type: 'incident.annotated', dedupKey: incident.dedupKey }),
  );
  expect(await deliverResolves(world)).toBe(1);

  expect(await documentsOf(world)).toEqual(first);
  const folder = `postmortem/acme/${incident.id}`;
  const [numbered] = [...first.keys()].filter((key) => /\/\d+\.md$/.test(key));
  const document = first.get(numbered ?? '') ?? '';
  expect(first.get(`${folder}/latest.md`)).toBe(document);
  expect(document).toMatch(/^# Post-mortem: CheckoutDown/);
  expect(document).toContain('Ada Byron');
  expect(JSON.parse(first.get(`${folder}/latest.json`) ?? '')).toMatchObject({
    incident: incident.id,
    state: 'resolved',
  });
  world.skipPages();
});
