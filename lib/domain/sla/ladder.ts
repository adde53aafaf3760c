/** Stages as copied from the policy when the incident opened: later policies do not move them. */
export interface StageLadder {
  /** Per cent of the target, ascending, ending with 100. */
  readonly stagesPct: readonly number[];
  readonly afterBreach: { readonly everyPct: number; readonly times: number };
}

/** Every stage in order, in per cent: those up to the deadline, then the reminders after it. */
export function rungs({ stagesPct, afterBreach }: StageLadder): readonly number[] {
  const reminders = Array.from(
    { length: afterBreach.times },
    (_, index) => 100 + afterBreach.everyPct * (index + 1),
  );
  return [...stagesPct, ...reminders];
}
