import type { DurationMs, EpochMs } from '../shared/time.ts';
import type { PageablePerson, PersonRef, Progress, RoleName } from './coordination.ts';
import type { Principal } from './principal.ts';

export interface SetProgress {
  readonly kind: 'set-progress';
  readonly to: Progress;
  readonly by: Principal;
  /** May be empty. */
  readonly text: string;
}

/** Gives a role. Whoever holds one that only one person can have gives it up. */
export interface AssignRole {
  readonly kind: 'assign-role';
  readonly role: RoleName;
  readonly person: PersonRef;
  readonly by: Principal;
}

export interface ReleaseRole {
  readonly kind: 'release-role';
  readonly role: RoleName;
  readonly person: PersonRef;
  readonly by: Principal;
}

/** Allowed in every state. */
export interface AddNote {
  readonly kind: 'add-note';
  readonly by: Principal;
  readonly text: string;
  /** When it was said; an instant in the future counts as now. */
  readonly occurredAtMs: EpochMs;
}

/** Tells stakeholders. Allowed in every state; after the resolve nothing more is promised. */
export interface PublishUpdate {
  readonly kind: 'publish-update';
  readonly by: Principal;
  readonly issue: string;
  readonly impact: string;
  readonly actions: string;
  readonly estimate: string;
  /** When the next one follows; null: the policy's interval. */
  readonly nextInMs: DurationMs | null;
}

/** Asks PagerDuty to page one more person. */
export interface PagePerson {
  readonly kind: 'page-person';
  readonly by: Principal;
  readonly person: PageablePerson;
  readonly message: string;
}

/** Asks PagerDuty to page the next level. */
export interface Escalate {
  readonly kind: 'escalate';
  readonly by: Principal;
  readonly reason: string;
}

export interface AddLink {
  readonly kind: 'add-link';
  readonly by: Principal;
  readonly title: string;
  /** An https address. */
  readonly url: string;
}

/** Allowed once it is resolved; may be repeated to tell another address. */
export interface CompletePostmortem {
  readonly kind: 'complete-postmortem';
  readonly by: Principal;
  readonly url: string | null;
}

/** What people do together on an incident. */
export type CoordinationCommand =
  | SetProgress
  | AssignRole
  | ReleaseRole
  | AddNote
  | PublishUpdate
  | PagePerson
  | Escalate
  | AddLink
  | CompletePostmortem;
