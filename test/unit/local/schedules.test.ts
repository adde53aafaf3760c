import { describe, expect, it } from 'vitest';
import { startSchedules } from '../../../lib/local/runtime/events/schedules.ts';
import type { ScheduleSpec } from '../../../lib/local/runtime/template/model.ts';
import { createFakeTimekeeper } from './fake-timekeeper.ts';

const START_MS = Date.UTC(2026, 0, 1);
const EVERY_MINUTE: ScheduleSpec = {
  name: 'every-minute',
  arn: 'arn:aws:events:us-east-1:000000000000:rule/every-minute',
  periodMs: 60_000,
  enabled: true,
  targets: [{ id: 'Target0', functionName: 'clock', input: undefined }],
};

function start(schedule = EVERY_MINUTE) {
  const timekeeper = createFakeTimekeeper(START_MS);
  const firedAtMs: number[] = [];
  const events: string[] = [];
  const stop = startSchedules([schedule], {
    timekeeper,
    deliver: (_, event) => {
      firedAtMs.push(timekeeper.nowMs() - START_MS);
      events.push(event);
    },
  });
  return { timekeeper, firedAtMs, events, stop };
}

describe('startSchedules', () => {
  it('fires at the start and then at every whole period, without drift', async () => {
    const { timekeeper, firedAtMs } = start();
    await timekeeper.advance(180_500);
    expect(firedAtMs).toEqual([0, 60_000, 120_000, 180_000]);
  });

  it('fires once after the machine slept through several periods', async () => {
    const { timekeeper, firedAtMs } = start();
    await timekeeper.advance(1000);
    timekeeper.sleepThrough(200_000);
    await timekeeper.advance(0);
    await timekeeper.advance(60_000);
    expect(firedAtMs).toEqual([0, 201_000, 240_000]);
  });

  it('gives the event that EventBridge gives', async () => {
    const { timekeeper, events } = start();
    await timekeeper.advance(0);
    expect(JSON.parse(events[0] ?? '')).toMatchObject({
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      time: '2026-01-01T00:00:00Z',
      resources: [EVERY_MINUTE.arn],
      detail: {},
    });
  });

  it('gives the constant input of a target instead', async () => {
    const targets = [{ id: 'Target0', functionName: 'clock', input: '{"constant":true}' }];
    const { timekeeper, events } = start({ ...EVERY_MINUTE, targets });
    await timekeeper.advance(0);
    expect(events).toEqual(['{"constant":true}']);
  });

  it('fires nothing when disabled, and nothing after a stop', async () => {
    const disabled = start({ ...EVERY_MINUTE, enabled: false });
    await disabled.timekeeper.advance(120_000);
    expect(disabled.firedAtMs).toEqual([]);
    const stopped = start();
    await stopped.timekeeper.advance(0);
    stopped.stop();
    await stopped.timekeeper.advance(120_000);
    expect(stopped.firedAtMs).toEqual([0]);
  });
});
