import type { Action } from '../action/action.ts';
import type { RunbookMode, RunbookPolicy } from '../policy/action-policy.ts';

/** How a rule's proposals compare with what people did, and how its actions ended. */
export interface RunbookScore {
  readonly runbookId: string;
  readonly title: string;
  readonly mode: RunbookMode;
  readonly shadows: number;
  readonly same: number;
  readonly different: number;
  readonly nothingDone: number;
  /** Shadows of incidents that are not over. */
  readonly waiting: number;
  /** Of those that were compared, how many were what people did; null while there are none. */
  readonly precisionPct: number | null;
  readonly verified: number;
  readonly failed: number;
  /** Done, and the signals did not say. */
  readonly unverified: number;
  /** Asked for and not done. */
  readonly notDone: number;
}

/** The score of every runbook of the policy, in its order, over these actions. */
export const scoreRunbooks = (
  runbooks: readonly RunbookPolicy[],
  actions: readonly Action[],
): readonly RunbookScore[] =>
  runbooks.map((runbook) =>
    scoreOne(
      runbook,
      actions.filter(({ origin }) => origin.kind === 'runbook' && origin.runbookId === runbook.id),
    ),
  );

function scoreOne({ id, title, mode }: RunbookPolicy, own: readonly Action[]): RunbookScore {
  const count = (is: (action: Action) => boolean): number => own.filter(is).length;
  const compared = (kind: string): number => count(({ comparison }) => comparison?.kind === kind);
  const ended = (...states: readonly Action['state'][]): number =>
    count(({ state }) => states.includes(state));
  const shadows = ended('shadow');
  const [same, different, nothingDone] = [
    compared('same'),
    compared('different'),
    compared('nothing-done'),
  ];
  const all = same + different + nothingDone;
  return {
    runbookId: id,
    title,
    mode,
    shadows,
    same,
    different,
    nothingDone,
    waiting: shadows - all,
    precisionPct: all === 0 ? null : Math.round((100 * same) / all),
    verified: ended('verified'),
    failed: ended('failed'),
    unverified: ended('unverified'),
    notDone: ended('refused', 'denied', 'expired', 'cancelled'),
  };
}
