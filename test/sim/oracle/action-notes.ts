import type { ActionState, Origin } from '../../../lib/domain/action/action.ts';
import type { Plan } from '../../../lib/domain/action/plan.ts';
import type { Mutation } from '../actors/cluster-server.ts';

/** Somebody has clicked: who, by which account, on which plan. */
export interface Click {
  readonly atMs: number;
  readonly actionId: string;
  readonly account: string;
  /** What they saw of the plan. */
  readonly planHash: string;
}

/** An approval as the log has it. */
export interface NotedApproval {
  readonly atMs: number;
  readonly account: string;
  readonly planHash: string;
}

/** What the oracle knows of one action, from the log and from the world. */
export interface ActionNotes {
  readonly id: string;
  readonly incidentId: string;
  readonly target: string;
  readonly origin: Origin;
  version: number;
  state: ActionState | 'none';
  planHash: string;
  plan: Plan | null;
  plannedAtMs: number;
  readonly approvals: NotedApproval[];
  locks: readonly string[];
  startedAtMs: number | null;
  /** Whether a call has been written down of which the log does not say what became of it. */
  isOutstanding: boolean;
  /** The last call was said to have done nothing. */
  isSaidUndone: boolean;
  sentAtMs: number;
  /** Calls that were made, as the cluster's end has seen them. */
  attempts: number;
  readonly sentSteps: string[];
  readonly mutations: Mutation[];
}

export const newNotes = (
  of: Pick<ActionNotes, 'id' | 'incidentId' | 'target' | 'origin'>,
): ActionNotes => ({
  ...of,
  version: 0,
  state: 'none',
  planHash: '',
  plan: null,
  plannedAtMs: 0,
  approvals: [],
  locks: [],
  startedAtMs: null,
  isOutstanding: false,
  isSaidUndone: false,
  sentAtMs: 0,
  attempts: 0,
  sentSteps: [],
  mutations: [],
});

const over: ReadonlySet<string> = new Set<ActionState>([
  'shadow',
  'verified',
  'failed',
  'unverified',
  'refused',
  'denied',
  'expired',
  'cancelled',
]);

export const isOver = ({ state }: Pick<ActionNotes, 'state'>): boolean => over.has(state);

export const isRunning = (notes: ActionNotes): boolean =>
  notes.startedAtMs !== null && !isOver(notes);
