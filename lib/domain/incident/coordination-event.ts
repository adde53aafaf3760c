import type { Severity } from '../policy/policy.ts';
import type { DurationMs, EpochMs } from '../shared/time.ts';
import type { PersonRef, Progress, RoleName } from './coordination.ts';
import type { Principal } from './principal.ts';

/** How far the people are. */
export interface ProgressChanged {
  readonly type: 'progress.changed';
  readonly from: Progress | null;
  readonly to: Progress;
  readonly by: Principal;
  readonly text: string;
}

export interface RoleAssigned {
  readonly type: 'role.assigned';
  readonly role: RoleName;
  readonly person: PersonRef;
  readonly by: Principal;
}

/** Given back, or given to somebody else, which follows as `role.assigned`. */
export interface RoleReleased {
  readonly type: 'role.released';
  readonly role: RoleName;
  readonly person: PersonRef;
  readonly by: Principal;
}

export interface NoteAdded {
  readonly type: 'note.added';
  readonly by: Principal;
  readonly text: string;
  /** When it was said, where that is not the instant of the event. */
  readonly occurredAtMs?: EpochMs;
}

/** Stakeholders were told. */
export interface UpdatePublished {
  readonly type: 'update.published';
  readonly by: Principal;
  readonly issue: string;
  readonly impact: string;
  readonly actions: string;
  readonly estimate: string;
  readonly nextDueAtMs: EpochMs | null;
}

/** Stakeholders wait for word since `dueAtMs`. Repeats every interval until they get it. */
export interface UpdateDue {
  readonly type: 'update.due';
  readonly dueAtMs: EpochMs;
}

export interface LinkAdded {
  readonly type: 'link.added';
  readonly title: string;
  readonly url: string;
  readonly by: Principal;
}

/** Somebody is to be paged in person, by PagerDuty. */
export interface ResponderRequested {
  readonly type: 'responder.requested';
  readonly person: PersonRef;
  readonly by: Principal;
  readonly message: string;
}

/** The next level of PagerDuty's escalation policy is to be paged. */
export interface EscalationRequested {
  readonly type: 'escalation.requested';
  readonly by: Principal;
  readonly reason: string;
}

/** Nobody has acted since the incident was taken on: it needs somebody again. */
export interface AcknowledgementIdle {
  readonly type: 'acknowledgement.idle';
  /** The last act of a person. */
  readonly sinceMs: EpochMs;
  /** How long the policy waits under this severity. */
  readonly afterMs: DurationMs;
  readonly severity: Severity;
}

/** The post-mortem is not written yet, and should be. Once for each resolve. */
export interface PostmortemDue {
  readonly type: 'postmortem.due';
  readonly dueAtMs: EpochMs;
}

export interface PostmortemCompleted {
  readonly type: 'postmortem.completed';
  readonly by: Principal;
  readonly url: string | null;
}

/** It stayed resolved for as long as the policy asks. */
export interface IncidentClosed {
  readonly type: 'incident.closed';
  /** When it was resolved. */
  readonly sinceMs: EpochMs;
  readonly reason: string;
}

/** What people do together on an incident, and what they are reminded of. */
export type CoordinationEvent =
  | ProgressChanged
  | RoleAssigned
  | RoleReleased
  | NoteAdded
  | UpdatePublished
  | UpdateDue
  | LinkAdded
  | ResponderRequested
  | EscalationRequested
  | AcknowledgementIdle
  | PostmortemDue
  | PostmortemCompleted
  | IncidentClosed;
