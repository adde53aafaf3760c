/** How a container is, so long after its pod was made. */
export type Running =
  | {
      readonly kind: 'running';
      readonly isReady: boolean;
      readonly restarts: number;
      /** Age at which it will be otherwise; infinite when it stays so. */
      readonly changesAtMs: number;
    }
  | {
      readonly kind: 'waiting';
      readonly reason: string;
      readonly message: string;
      readonly restarts: number;
      readonly changesAtMs: number;
    };

/** By the end of an image's tag: `1.4.2` is well, `1.4.3-broken` or `broken` crashes. */
export type Behaviour = 'good' | 'broken' | 'hangs' | 'nopull' | 'slow';

const START_MS = 1_000;
const SLOW_MS = 20_000;
const FIRST_BACKOFF_MS = 10_000;
const LONGEST_BACKOFF_MS = 300_000;

export function behaviourOf(image: string): Behaviour {
  const tag = /:[^/:]*?(broken|hangs|nopull|slow)$/.exec(image)?.[1];
  return ENDINGS.find((ending) => ending === tag) ?? 'good';
}

const ENDINGS = ['broken', 'hangs', 'nopull', 'slow'] as const;

export function behaviourAt(image: string, ageMs: number): Running {
  const behaviour = behaviourOf(image);
  if (behaviour === 'nopull') return notPulled(image, ageMs);
  if (ageMs < START_MS) return waiting('ContainerCreating', '', START_MS);
  switch (behaviour) {
    case 'good':
      return running(true, Infinity);
    case 'slow':
      return ageMs < SLOW_MS ? running(false, SLOW_MS) : running(true, Infinity);
    case 'hangs':
      return running(false, Infinity);
    case 'broken':
      return crashing(ageMs);
  }
}

const running = (isReady: boolean, changesAtMs: number): Running => ({
  kind: 'running',
  isReady,
  restarts: 0,
  changesAtMs,
});

const waiting = (reason: string, message: string, changesAtMs: number): Running => ({
  kind: 'waiting',
  reason,
  message,
  restarts: 0,
  changesAtMs,
});

function notPulled(image: string, ageMs: number): Running {
  if (ageMs < START_MS / 2) return waiting('ContainerCreating', '', START_MS / 2);
  if (ageMs < START_MS * 2) {
    return waiting('ErrImagePull', `failed to pull image "${image}": not found`, START_MS * 2);
  }
  return waiting('ImagePullBackOff', `Back-off pulling image "${image}"`, Infinity);
}

/** Each crash waits twice as long for the next, up to five minutes. */
function crashing(ageMs: number): Running {
  let restarts = 1;
  let backoffMs = FIRST_BACKOFF_MS;
  let nextAtMs = START_MS + backoffMs;
  while (nextAtMs <= ageMs) {
    restarts += 1;
    backoffMs = Math.min(backoffMs * 2, LONGEST_BACKOFF_MS);
    nextAtMs += backoffMs;
  }
  const message = `back-off ${String(backoffMs / 1000)}s restarting failed container`;
  return { kind: 'waiting', reason: 'CrashLoopBackOff', message, restarts, changesAtMs: nextAtMs };
}
