import type { DurationMs, EpochMs } from '../shared/time.ts';
import type { Principal } from './principal.ts';

/** How far the people are, while the incident is open. */
export type Progress = 'investigating' | 'identified' | 'monitoring';

export const progressSteps: readonly Progress[] = ['investigating', 'identified', 'monitoring'];

/** What somebody does for the incident. Several people can be experts, one each holds the others. */
export type RoleName = 'commander' | 'communications' | 'scribe' | 'expert';

export const roleNames: readonly RoleName[] = ['commander', 'communications', 'scribe', 'expert'];

/** A person of the policy. */
export interface PersonRef {
  readonly id: string;
  readonly name: string;
}

/** A person whom PagerDuty can reach. */
export interface PageablePerson extends PersonRef {
  readonly pagerdutyUserId: string;
}

export interface RoleHolder {
  readonly role: RoleName;
  readonly person: PersonRef;
}

/** What stakeholders were told. Texts may be empty, but not all of them. */
export interface StakeholderUpdate {
  readonly issue: string;
  readonly impact: string;
  readonly actions: string;
  readonly estimate: string;
  /** When the next one is promised; null when none is. */
  readonly nextDueAtMs: EpochMs | null;
  readonly by: Principal;
  readonly atMs: EpochMs;
}

/** A link that a person added. */
export interface AddedLink {
  readonly title: string;
  readonly url: string;
}

/** The post-mortem is written. */
export interface CompletedPostmortem {
  readonly by: Principal;
  /** Where it is; null when that was not told. */
  readonly url: string | null;
  readonly atMs: EpochMs;
}

/** Bounds of what people may write; longer texts are refused, not cut. */
export const textBounds = {
  /** Characters of a note, a message, a reason, or one text of an update. */
  maxTextLength: 4_000,
  maxTitleLength: 200,
  maxUrlLength: 2_000,
  maxLinks: 20,
  maxExperts: 20,
} as const;

/** Between these a person may promise the next update. */
export const nextUpdateBounds = {
  minMs: 60_000 as DurationMs,
  maxMs: 86_400_000 as DurationMs,
} as const;
