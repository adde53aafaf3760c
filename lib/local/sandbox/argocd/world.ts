import type { JsonObject } from '../../shared/json.ts';
import { openFactLog, type FactLog } from '../http/fact-log.ts';
import { advance } from './controller.ts';
import { DEFAULT_PACE, type ArgoCdSandboxSettings, type Outcome, type Pace } from './settings.ts';
import { initialState, type AppState, type WantedSync } from './state.ts';

/** What somebody did to an Application. The ledger holds these. */
export type Deed =
  | {
      readonly kind: 'patched';
      readonly syncPolicy: JsonObject | null;
      readonly annotations: JsonObject;
    }
  | { readonly kind: 'asked'; readonly sync: WantedSync }
  | { readonly kind: 'terminated' }
  | { readonly kind: 'pushed'; readonly revision: string; readonly outcome: Outcome }
  | { readonly kind: 'window'; readonly isClosed: boolean }
  | { readonly kind: 'deleted' };

interface Fact {
  readonly atMs: number;
  readonly application: string;
  readonly deed: Deed;
}

/** All Applications: a fold over the facts of the ledger and the time that went by. */
export class World {
  readonly pace: Pace;
  readonly #settings: ArgoCdSandboxSettings;
  readonly #ledger: FactLog<Fact>;
  #states = new Map<string, AppState>();

  constructor(settings: ArgoCdSandboxSettings) {
    this.#settings = settings;
    this.pace = { ...DEFAULT_PACE, ...settings.pace };
    this.#seed();
    this.#ledger = openFactLog<Fact>(settings.ledgerPath, (fact) => {
      this.#apply(fact);
    });
  }

  get nowMs(): number {
    return this.#settings.timekeeper.nowMs();
  }

  /** By name, as they are now. */
  application(name: string): AppState | undefined {
    const state = this.#states.get(name);
    return state === undefined ? undefined : advance(state, this.nowMs, this.pace);
  }

  applications(): readonly AppState[] {
    return [...this.#states.values()].map((state) => advance(state, this.nowMs, this.pace));
  }

  record(application: string, deed: Deed): void {
    const fact = { atMs: this.nowMs, application, deed };
    this.#ledger.append(fact);
    this.#apply(fact);
  }

  reset(): void {
    this.#ledger.clear();
    this.#seed();
  }

  #seed(): void {
    this.#states = new Map(
      this.#settings.applications.map((seed) => [seed.name, initialState(seed)]),
    );
  }

  #apply({ atMs, application, deed }: Fact): void {
    const state = this.#states.get(application);
    if (state === undefined) return;
    this.#states.set(application, after(advance(state, atMs, this.pace), deed, atMs));
  }
}

function after(state: AppState, deed: Deed, atMs: number): AppState {
  switch (deed.kind) {
    case 'patched': {
      const { syncPolicy, annotations } = deed;
      return { ...state, syncPolicy, annotations, changedAtMs: atMs };
    }
    case 'asked':
      return { ...state, pending: { sync: deed.sync, askedAtMs: atMs } };
    case 'terminated':
      return terminated(state, atMs);
    case 'pushed': {
      const outcomes = { ...state.outcomes, [deed.revision]: deed.outcome };
      return { ...state, head: deed.revision, outcomes, changedAtMs: atMs };
    }
    case 'window':
      return window(state, deed.isClosed, atMs);
    case 'deleted':
      return { ...state, isDeleting: true, changedAtMs: atMs };
  }
}

function terminated(state: AppState, atMs: number): AppState {
  const { operation } = state;
  if (operation?.phase !== 'Running') return state;
  const message = 'Operation terminated';
  const ended = { ...operation, phase: 'Failed', message, finishedAtMs: atMs } as const;
  return { ...state, operation: ended, changedAtMs: atMs };
}

/** What is held goes on as soon as the window opens. */
function window(state: AppState, isWindowClosed: boolean, atMs: number): AppState {
  const { operation } = state;
  const isHeld = operation?.phase === 'Running' && operation.freeSinceMs === null;
  if (isWindowClosed || !isHeld) return { ...state, isWindowClosed };
  const freed = { ...operation, freeSinceMs: atMs, message: 'waiting for completion' };
  return { ...state, isWindowClosed, operation: freed };
}
