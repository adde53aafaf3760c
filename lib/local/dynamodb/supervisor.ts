import type { Timekeeper } from '../shared/timekeeper.ts';
import { createBell } from '../shared/bell.ts';
import type { DatabaseProcess } from './database-process.ts';

export interface SupervisorDeps {
  readonly timekeeper: Timekeeper;
  readonly warn: (message: string) => void;
  /** Called once, when the process has died five times within a minute. */
  readonly onGiveUp: (error: Error) => void;
}

/** Keeps a process running until it is stopped or dies too often. */
export interface Supervisor {
  readonly pid: () => number | undefined;
  readonly stop: () => Promise<void>;
}

const MAX_DEATHS = 5;
const DEATHS_WINDOW_MS = 60_000;
/** A terminal's Ctrl-C ends the database together with us: our own stop comes within this time. */
const RESTART_DELAY_MS = 200;

/** Watches the first process and launches the next one whenever it has ended. */
export function supervise(
  first: DatabaseProcess,
  launch: () => Promise<DatabaseProcess>,
  { timekeeper, warn, onGiveUp }: SupervisorDeps,
): Supervisor {
  const bell = createBell(timekeeper);
  let current: DatabaseProcess | undefined = first;
  let deathsMs: readonly number[] = [];

  const isTooOften = (): boolean => {
    const nowMs = timekeeper.nowMs();
    deathsMs = [...deathsMs.filter((ms) => nowMs - ms < DEATHS_WINDOW_MS), nowMs];
    return deathsMs.length >= MAX_DEATHS;
  };

  const run = async (): Promise<void> => {
    while (!bell.isClosed()) {
      const reason = (await current?.ended) ?? 'it did not start again';
      current = undefined;
      await bell.pause(RESTART_DELAY_MS);
      // Stopped by whoever stops us: that is no death.
      if (bell.isClosed()) return;
      warn(`The embedded DynamoDB died: ${reason}`);
      if (isTooOften()) {
        onGiveUp(new Error(`The embedded DynamoDB keeps dying, at last so: ${reason}`));
        return;
      }
      current = await launch().catch((error: unknown) => {
        warn(String(error));
        return undefined;
      });
    }
    // A restart that was under way when the stop came.
    await current?.stop();
  };

  const running = run();
  return {
    pid: () => current?.pid,
    stop: async () => {
      bell.close();
      await current?.stop();
      await running;
    },
  };
}
