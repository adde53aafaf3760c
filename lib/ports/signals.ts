import type { CheckPolicy } from '../domain/policy/action-policy.ts';
import type { Labels } from '../domain/shared/labels.ts';
import type { Result } from '../domain/shared/result.ts';
import type { EpochMs } from '../domain/shared/time.ts';
import type { PortFailure } from './failure.ts';

/** What a check measured. No data is no value, and never good. */
export type Measured =
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'none'; readonly why: string };

/** What a source says of an alert, when asked. */
export type AlertAtSource = 'firing' | 'resolved' | 'cannot-tell';

/** An alert by its labels, and when it began to fire, as its source told. */
export interface SourceAlert {
  readonly sourceId: string;
  readonly labels: Labels;
  readonly startsAtMs: EpochMs;
}

/** What tells whether something works. Only hosts of the policy are ever called. */
export interface Signals {
  readonly measure: (
    tenant: string,
    check: CheckPolicy,
    atMs: EpochMs,
  ) => Promise<Result<Measured, PortFailure>>;
  /** Whether an alert is firing at its source now; never from our own log. */
  readonly alertAtSource: (
    tenant: string,
    alert: SourceAlert,
  ) => Promise<Result<AlertAtSource, PortFailure>>;
}
