import type { AlertStatus } from '../alert/alert.ts';
import type { EpochMs } from '../shared/time.ts';

/** One episode of one alert within its correlation thread. */
export interface Episode {
  readonly fingerprint: string;
  readonly startsAtMs: EpochMs;
  readonly status: AlertStatus;
  /**
   * Which incident of the thread it belongs to, counted from 1. 0 while only its resolve is
   * known: it belongs to none until its fire comes, too.
   */
  readonly ordinal: number;
}

/** How the newest incident of a thread stands, as far as the thread needs to know. */
export interface CurrentIncident {
  readonly incidentId: string;
  readonly ordinal: number;
  readonly isOpen: boolean;
  /** Set once closed by hand or for its age while alerts fired: repeats wake nobody before this. */
  readonly quietUntilMs: EpochMs | null;
}

/**
 * All that one correlation key ever had: the pointer to its newest incident, and the packed
 * episodes. Written with the incident in one transaction.
 */
export interface Thread {
  readonly tenant: string;
  /** Short hash of tenant and correlation key: how the thread is addressed. */
  readonly threadHash: string;
  readonly correlationKey: string;
  /** Grows by one with each write; 0 means not stored yet. */
  readonly version: number;
  /** Null while only resolves of unknown alerts were seen. */
  readonly current: CurrentIncident | null;
  readonly episodes: readonly Episode[];
}
