import type { Commit } from '../../domain/incident/event.ts';
import type { AnnounceDeps, ChatTenant } from './deps.ts';
import type { Pace } from './pace.ts';

/** One look at one tenant's chat. */
export interface Run {
  readonly deps: AnnounceDeps;
  readonly tenant: ChatTenant;
  readonly pace: Pace;
}

/** An incident to be shown as it stands. */
export interface Subject {
  readonly incidentId: string;
  /** Commits of it that are at hand: they may spare a reading of the log. */
  readonly commits: readonly Commit[];
}
