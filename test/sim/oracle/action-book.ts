import type { ActionPolicy } from '../../../lib/domain/policy/action-policy.ts';
import type { Policy } from '../../../lib/domain/policy/policy.ts';
import type { ActionWeather } from '../action-weather.ts';
import type { Deployments } from '../actors/deployments.ts';
import type { ActionNotes } from './action-notes.ts';
import type { Oracle } from './oracle.ts';
import type { SignalLedger } from './signal-ledger.ts';
import type { Verdict } from './verdict.ts';

export interface ActionOracleSetting {
  readonly nowMs: () => number;
  readonly at: (atMs: number, run: () => void) => void;
  /** The policy as it was meant, whatever the product was given. */
  readonly policy: Policy;
  readonly oracle: Oracle;
  readonly verdict: Verdict;
  readonly deployments: Deployments;
  readonly weather: ActionWeather;
  readonly count: (situation: string) => void;
}

/** What is known of all actions, for the rules that judge them. */
export interface ActionBook {
  readonly actions: ReadonlyMap<string, ActionNotes>;
  readonly signals: SignalLedger;
  readonly setting: ActionOracleSetting;
  readonly policy: ActionPolicy;
  /** Rules whose action has failed. */
  readonly demoted: Set<string>;
  readonly onChange: (name: string) => void;
  /** Those at work on a target, all but one. */
  readonly runningOn: (locks: readonly string[], but: string) => readonly ActionNotes[];
}
