import { randomUUID } from 'node:crypto';
import type { CancelTimer, Timekeeper } from '../../shared/timekeeper.ts';
import { ACCOUNT_ID, REGION } from '../template/local-values.ts';
import type { ScheduleSpec } from '../template/model.ts';

export interface ScheduleDeps {
  readonly timekeeper: Timekeeper;
  readonly deliver: (functionName: string, event: string) => void;
}

/** Takes the schedules back; nothing fires after. */
export type StopSchedules = () => void;

/**
 * Fires every enabled schedule at once and then at each whole period from that instant, whatever the
 * one before is still doing, as Lambda does. Instants that the machine slept through are left out:
 * one tick comes after waking, not a burst.
 */
export function startSchedules(
  schedules: readonly ScheduleSpec[],
  { timekeeper, deliver }: ScheduleDeps,
): StopSchedules {
  const cancels = new Map<ScheduleSpec, CancelTimer>();

  const arm = (schedule: ScheduleSpec, firesAtMs: number): void => {
    const cancel = timekeeper.after(firesAtMs - timekeeper.nowMs(), () => {
      const event = JSON.stringify(scheduledEvent(schedule, firesAtMs));
      const nowMs = timekeeper.nowMs();
      const periods = Math.max(1, Math.floor((nowMs - firesAtMs) / schedule.periodMs) + 1);
      arm(schedule, firesAtMs + periods * schedule.periodMs);
      for (const target of schedule.targets) deliver(target.functionName, target.input ?? event);
    });
    cancels.set(schedule, cancel);
  };

  for (const schedule of schedules.filter(({ enabled }) => enabled)) {
    arm(schedule, timekeeper.nowMs());
  }
  return () => {
    for (const cancel of cancels.values()) cancel();
    cancels.clear();
  };
}

function scheduledEvent({ arn }: ScheduleSpec, firesAtMs: number): object {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: ACCOUNT_ID,
    time: new Date(firesAtMs).toISOString().replace(/\.\d+Z$/, 'Z'),
    region: REGION,
    resources: [arn],
    detail: {},
  };
}
