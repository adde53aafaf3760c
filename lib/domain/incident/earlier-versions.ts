import type { SlaClock } from '../sla/clock.ts';
import { noDuties } from './duties.ts';
import type { Acknowledged, Incident, OpenIntent, Resolved, Triggered } from './state.ts';

/** What incidents did not have before people could work on them from chat, and act on targets. */
export const unknownBefore = {
  duties: noDuties,
  progress: null,
  roles: [],
  latestUpdate: null,
  updateDueAtMs: null,
  lastHumanAtMs: null,
  addedLinks: [],
  postmortemDueAtMs: null,
  isPostmortemReminded: false,
  postmortem: null,
  closeAtMs: null,
  closedAtMs: null,
  isHeldOpen: false,
  actions: [],
  changes: [],
  checklists: [],
} as const satisfies Partial<Incident>;

type NewInIntent = 'target' | 'owedSinceMs';
type StoredIntent = Omit<OpenIntent, NewInIntent> & Partial<Pick<OpenIntent, NewInIntent>>;
type StoredClock = Omit<SlaClock, 'isBreachWithdrawn'> &
  Partial<Pick<SlaClock, 'isBreachWithdrawn'>>;

type Replaced = keyof typeof unknownBefore | 'intents' | 'response' | 'resolution';

type Stored<State extends Incident> = Omit<State, Replaced> &
  Partial<Pick<State, keyof typeof unknownBefore>> & {
    readonly intents: readonly StoredIntent[];
    readonly response: StoredClock;
    readonly resolution: StoredClock;
  };

/** An incident as this or an earlier version of Tocsin stored it. */
export type StoredIncident = Stored<Triggered> | Stored<Acknowledged> | Stored<Resolved>;

/** The same incident with what it lacks filled in: it owes nothing that nobody asked of it then. */
export const fromStored = (stored: StoredIncident): Incident => ({
  ...unknownBefore,
  ...stored,
  intents: stored.intents.map((intent) => ({
    target: null,
    owedSinceMs: intent.createdAtMs,
    ...intent,
  })),
  response: { isBreachWithdrawn: false, ...stored.response },
  resolution: { isBreachWithdrawn: false, ...stored.resolution },
});
