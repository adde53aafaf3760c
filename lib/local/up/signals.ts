import { constants } from 'node:os';

/** Being asked to end, by the keyboard or by another program. */
export interface SignalWatch {
  /** Resolves at the first signal. Before this is called, a signal ends the process at once. */
  readonly untilAsked: () => Promise<void>;
  readonly release: () => void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** npm, the launcher and the terminal may each pass the same Ctrl-C on. */
const SAME_REQUEST_MS = 1_000;

/**
 * Watches for signals. A request to end while things are being started, and a second one while they
 * are being stopped, ends the process at once, by `process.exit`: what was started has its own
 * handlers for that, so nothing is left running.
 */
export function watchSignals(nowMs: () => number): SignalWatch {
  const end = (signal: NodeJS.Signals): void => {
    process.exit(128 + constants.signals[signal]);
  };
  let react = end;
  const listener = (signal: NodeJS.Signals): void => react(signal);
  for (const signal of SIGNALS) process.on(signal, listener);
  return {
    untilAsked: () =>
      new Promise((resolve) => {
        react = () => {
          const askedAtMs = nowMs();
          react = (signal) => {
            if (nowMs() - askedAtMs > SAME_REQUEST_MS) end(signal);
          };
          resolve();
        };
      }),
    release: () => {
      for (const signal of SIGNALS) process.off(signal, listener);
    },
  };
}
