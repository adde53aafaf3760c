import type { FunctionName } from './functions.ts';

/** The stages a deployment can be: one stack each, never sharing a resource. */
export const STAGE_NAMES = ['dev', 'staging', 'prod', 'sandbox'] as const;
export type StageName = (typeof STAGE_NAMES)[number];

/** Requests a second that the HTTP API lets through, steady and in a burst. */
export interface Throttle {
  readonly ratePerSecond: number;
  readonly burst: number;
}

/** Everything that differs between stages. What is not here is the same in all of them. */
export interface StageSettings {
  /** True: data, secrets and dead letters outlive the stack, and the table refuses deletion. */
  readonly retained: boolean;
  /** Old object versions are kept for a while. Off where a reset must be one command. */
  readonly versionedObjects: boolean;
  readonly throttle: Throttle;
  /**
   * Concurrency set aside per function. Empty where accounts are new: a fresh account has a quota
   * of ten and refuses any reservation that leaves fewer than its unreserved minimum.
   */
  readonly reservedConcurrency: Partial<Record<FunctionName, number>>;
  /** Warm environments of ingest, paid by the hour; 0 is off. */
  readonly provisionedIngest: number;
  readonly logRetentionDays: number;
  /** How long raw deliveries too big for the table stay in the bucket. */
  readonly rawRetentionDays: number;
}

/**
 * A throttled delivery gets 429, and Alertmanager drops what gets a 4xx. So the limit equals the
 * regional account quota of API Gateway (10,000 a second, bursts of 5,000), which no alert source
 * comes near: it bounds the bill, it is not flow control.
 */
const FAR_ABOVE_NEED: Throttle = { ratePerSecond: 10_000, burst: 5_000 };
const SMALL_ACCOUNT: Throttle = { ratePerSecond: 1_000, burst: 1_000 };

/** The settings of each stage, in one table. */
export const STAGES: Readonly<Record<StageName, StageSettings>> = {
  dev: {
    retained: false,
    versionedObjects: false,
    throttle: SMALL_ACCOUNT,
    reservedConcurrency: {},
    provisionedIngest: 0,
    logRetentionDays: 7,
    rawRetentionDays: 30,
  },
  staging: {
    retained: true,
    versionedObjects: true,
    throttle: FAR_ABOVE_NEED,
    reservedConcurrency: { ingest: 50, pagerduty: 10, page: 20, clock: 5, slack: 10, act: 5 },
    provisionedIngest: 0,
    logRetentionDays: 30,
    rawRetentionDays: 90,
  },
  prod: {
    retained: true,
    versionedObjects: true,
    throttle: FAR_ABOVE_NEED,
    reservedConcurrency: { ingest: 200, pagerduty: 20, page: 50, clock: 5, slack: 20, act: 10 },
    provisionedIngest: 0,
    logRetentionDays: 365,
    rawRetentionDays: 400,
  },
  sandbox: {
    retained: false,
    versionedObjects: false,
    throttle: SMALL_ACCOUNT,
    reservedConcurrency: {},
    provisionedIngest: 0,
    logRetentionDays: 3,
    rawRetentionDays: 7,
  },
};

/** Reads a stage's name; anything else is refused with the names that exist. */
export function parseStageName(value: unknown): StageName {
  const found = STAGE_NAMES.find((name) => name === value);
  if (found !== undefined) return found;
  const received = value === undefined ? 'none was given' : `received ${JSON.stringify(value)}`;
  throw new Error(
    `The stage is unknown: ${received}; allowed are ${STAGE_NAMES.join(', ')}. ` +
      'Pass one, for example: npx cdk synth -c stage=dev -o cdk.out',
  );
}
