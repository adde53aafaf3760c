import type { Digest } from '../domain/shared/json.ts';
import type { DurationMs, EpochMs } from '../domain/shared/time.ts';

export interface Clock {
  readonly now: () => EpochMs;
  readonly sleep: (span: DurationMs) => Promise<void>;
}

/** Uniform in [0, 1). For jitter only. */
export type Rng = () => number;

/** A name that nobody else gets, neither here nor in another process. */
export type Ids = () => string;

/** Hashing on the platform, over text (UTF-8) and bytes, as lower-case hex. */
export interface Hashing {
  readonly digest: Digest;
  readonly digestBytes: (bytes: Uint8Array) => string;
}

/** One line for operators. Never awaited, never throws, never holds a body or a secret. */
export interface Log {
  readonly info: (message: string, fields?: Readonly<Record<string, unknown>>) => void;
  readonly warn: (message: string, fields?: Readonly<Record<string, unknown>>) => void;
  readonly error: (message: string, fields?: Readonly<Record<string, unknown>>) => void;
}
