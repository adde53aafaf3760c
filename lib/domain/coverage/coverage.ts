import type { DurationMs, EpochMs } from '../shared/time.ts';
import { hours } from '../shared/time.ts';

/** How far ahead it is proved. */
export const coverageSpanMs: DurationMs = hours(7 * 24);

/** One way from the policy to people: a routing key and the services that page by it. */
export interface Route {
  /** Name of the routing key in the secret. */
  readonly routingKey: string;
  /** Ids of the services of the policy; empty where only what belongs to no service takes it. */
  readonly services: readonly string[];
  /** Whether what belongs to no service of the policy takes it. */
  readonly isDefault: boolean;
  /** PagerDuty's services that the policy says it leads to, none where it does not say. */
  readonly expectedServiceIds: readonly string[];
}

export interface TheirService {
  readonly id: string;
  readonly name: string;
  readonly isEnabled: boolean;
}

/** Somebody's turn; null instants are without bound. */
export interface Turn {
  readonly level: number;
  readonly userId: string;
  readonly userName: string;
  readonly schedule: string | null;
  readonly fromMs: EpochMs | null;
  readonly untilMs: EpochMs | null;
}

/** What PagerDuty says of one route. */
export interface RouteFacts {
  readonly route: Route;
  /** Whether the secret holds the key, and whether it leads to an orchestration. */
  readonly key: 'missing' | 'orchestrated' | 'present';
  /** Where it ends; null when nowhere. */
  readonly service: TheirService | null;
  readonly turns: readonly Turn[];
}

/** What is known of a person who is on call. */
export interface Reach {
  readonly userId: string;
  /** Kinds of contact methods that a rule of high urgency uses. */
  readonly reachedBy: readonly string[];
  /** Whether the policy knows the person. */
  readonly isKnown: boolean;
}

export type GapKind =
  | 'missing-key'
  | 'wrong-key'
  | 'disabled-service'
  | 'empty-shift'
  | 'missing-contact'
  | 'unmapped-person'
  | 'dead-channel';

/** Why somebody would not be reached. */
export interface Gap {
  readonly kind: GapKind;
  /** What it is about, the same from night to night: a key, a person, a channel. */
  readonly subject: string;
  /** For people: what is wrong, and what to do. */
  readonly text: string;
  /** When it begins and ends; null: it is so now, and stays. */
  readonly fromMs: EpochMs | null;
  readonly untilMs: EpochMs | null;
}

/** What was proved of one tenant, and what could not be. */
export interface Coverage {
  readonly tenant: string;
  readonly fromMs: EpochMs;
  readonly untilMs: EpochMs;
  readonly routes: readonly {
    readonly routingKey: string;
    readonly services: readonly string[];
    /** Name of PagerDuty's service; null when it ends nowhere. */
    readonly endsAt: string | null;
    /** Names of those on its first level within the span. */
    readonly people: readonly string[];
  }[];
  readonly gaps: readonly Gap[];
  /** What could not be looked at, a sentence each: it is no gap, and no proof. */
  readonly unproved: readonly string[];
}
