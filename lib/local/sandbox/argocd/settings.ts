import type { JsonObject } from '../../shared/json.ts';
import type { Timekeeper } from '../../shared/timekeeper.ts';

/** What becomes of a version once it is deployed, or that it cannot be. */
export type Outcome = 'healthy' | 'degraded' | 'hanging' | 'failing';

export type Right = 'get' | 'sync' | 'update';

export interface ArgoCdSandboxAccount {
  readonly name: string;
  readonly token: string;
  readonly rights: readonly Right[];
}

/** An Application that is there from the start. */
export interface ArgoCdSandboxApplication {
  readonly name: string;
  readonly project: string;
  readonly namespace?: string;
  readonly source: JsonObject;
  /** `spec.syncPolicy.automated`; null: off. */
  readonly automated: JsonObject | null;
  /** Oldest first; ids count from 0. The last one runs. */
  readonly history: readonly { readonly revision: string; readonly source?: JsonObject }[];
  /** Head of its branch in Git. */
  readonly head: string;
  /** An ApplicationSet that puts `syncPolicy` back. */
  readonly owner?: string;
  /** By revision; `healthy` for those that are not in it. */
  readonly outcomes?: Readonly<Record<string, Outcome>>;
}

/** How long the controller takes for things. */
export interface Pace {
  readonly beginMs: number;
  readonly operateMs: number;
  readonly rolloutMs: number;
  readonly refreshMs: number;
  readonly autoSyncMs: number;
  readonly healMs: number;
}

/** Quick enough to be watched. */
export const DEFAULT_PACE: Pace = {
  beginMs: 200,
  operateMs: 1500,
  rolloutMs: 1500,
  refreshMs: 300,
  autoSyncMs: 1000,
  healMs: 2000,
};

export interface ArgoCdSandboxSettings {
  readonly timekeeper: Timekeeper;
  /** File that what happened outlives a kill in; in memory only when left out. */
  readonly ledgerPath?: string;
  readonly accounts: readonly ArgoCdSandboxAccount[];
  readonly applications: readonly ArgoCdSandboxApplication[];
  readonly pace?: Partial<Pace>;
}

/** Argo CD's default of `revisionHistoryLimit`. */
export const HISTORY_LENGTH = 10;
