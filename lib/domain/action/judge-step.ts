import type { Observation, StepState } from './observation.ts';
import type { Facts, PlanStep, StepCall } from './plan.ts';

/** The mark that a step leaves on the object. */
export const markOf = (actionId: string, step: PlanStep): string => `${actionId}.${step.id}`;

/** Whether every fact of the first has the same value in the second. */
export const holdsIn = (wanted: Facts, seen: Facts): boolean =>
  Object.entries(wanted).every(
    ([name, value]) => Object.hasOwn(seen, name) && seen[name] === value,
  );

/** Whether the mark is put by the very call. Others are known by what they bring about. */
export function leavesMark(call: StepCall): boolean {
  switch (call.kind) {
    case 'kube-patch':
      return call.subresource === null;
    case 'argocd-patch':
      return true;
    case 'kube-delete-pod':
    case 'argocd-rollback':
    case 'argocd-sync':
    case 'git-revert':
      return false;
  }
}

/** What is judged: a step, whose it is, and whether it was ever sent. */
export interface StepInQuestion {
  readonly actionId: string;
  readonly step: PlanStep;
  readonly wasSent: boolean;
}

/**
 * What reading a target tells of a step. Ours is what carries our mark; what cannot carry one and
 * was sent counts as ours. A target that is as it was before and as it is wanted at once (nothing
 * of it shows) is told apart by the mark alone.
 */
export function judgeStep(
  { actionId, step, wasSent }: StepInQuestion,
  { facts, mark }: Pick<Observation, 'facts' | 'mark'>,
): StepState {
  const isMarked = mark === markOf(actionId, step);
  const isBefore = holdsIn(step.from, facts);
  if (!holdsIn(step.to, facts)) return isBefore && !isMarked ? 'before' : 'changed';
  if (isMarked) return 'applied';
  if (isBefore) return 'before';
  return wasSent && !leavesMark(step.call) ? 'applied' : 'same-by-other';
}

/** The facts that are not as they should be, for a sentence: `image is b, not a`. */
export function differences(wanted: Facts, seen: Facts): string {
  const names = Object.keys(wanted).filter((name) => wanted[name] !== factOf(seen, name));
  const shown = names
    .slice(0, 3)
    .map((name) => `${name} is ${shownFact(factOf(seen, name))}, not ${shownFact(wanted[name])}`);
  const more = names.length > 3 ? ` and ${names.length - 3} more differ` : '';
  return `${shown.join('; ')}${more}`;
}

const factOf = (facts: Facts, name: string): Facts[string] | undefined =>
  Object.hasOwn(facts, name) ? facts[name] : undefined;

const shownFact = (value: Facts[string] | undefined): string =>
  value === undefined || value === null || value === '' ? 'nothing' : String(value).slice(0, 100);
