import type { Action, Comparison } from '../action/action.ts';
import type { ChangeRecord } from '../action/rows.ts';

/** What people did about an incident in which a rule would have acted. */
export interface DoneByPeople {
  /** Of the same incident; those that changed nothing do not count. */
  readonly actions: readonly Action[];
  /** Of the target's service, by whatever means. */
  readonly changes: readonly ChangeRecord[];
}

/**
 * What a shadow would have done beside what people did: the same where they did the same to the
 * same target, through Tocsin or by a rollout of the version that it would have put back. What
 * people approved is theirs. A commit alone does nothing, nor does a rollout before the shadow.
 */
export function compareShadow(shadow: Action, done: DoneByPeople): Omit<Comparison, 'atMs'> {
  const { verb, targetId } = shadow.request;
  const applied = done.actions.filter(
    ({ appliedAtMs, origin, approvals }) =>
      appliedAtMs !== null && (origin.kind === 'person' || approvals.length > 0),
  );
  const same = applied.find(
    ({ request }) => request.verb === verb && request.targetId === targetId,
  );
  if (same !== undefined) return compareApplied(shadow, same);
  const rollouts = done.changes.filter(
    ({ kind, status, atMs }) =>
      kind === 'rollout' && status === 'succeeded' && atMs > shadow.createdAtMs,
  );
  const brought = rollouts.find(({ versions }) => leadsTo(shadow, versions));
  if (brought !== undefined) {
    return { kind: 'same', says: `People rolled out what it would have: ${brought.title}.` };
  }
  const [other] = applied;
  if (other !== undefined) {
    return { kind: 'different', says: `People did something else: ${titleOf(other)}.` };
  }
  const [rollout] = rollouts;
  if (rollout !== undefined) {
    return { kind: 'different', says: `People rolled out something else: ${rollout.title}.` };
  }
  return { kind: 'nothing-done', says: `Nobody did anything to ${targetId}.` };
}

function compareApplied(shadow: Action, done: Action): Omit<Comparison, 'atMs'> {
  const wanted = goals(shadow);
  const reached = goals(done);
  const isSame = wanted.length === 0 || reached.length === 0 || equal(wanted, reached);
  return isSame
    ? { kind: 'same', says: `People did the same: ${titleOf(done)}.` }
    : { kind: 'different', says: `People did the same with another result: ${titleOf(done)}.` };
}

const titleOf = ({ plan, request }: Action): string =>
  plan?.title ?? `${request.verb} ${request.targetId}`;

/** How the target is to become, in words. */
const goals = ({ plan }: Action): readonly string[] =>
  (plan?.changes ?? []).map(({ what, to }) => `${what}=${to}`).toSorted();

const equal = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((each, index) => each === b[index]);

/** Whether a version is one that the plan leads to, by any of the names that both use. */
const leadsTo = ({ plan }: Action, versions: readonly string[]): boolean =>
  (plan?.changes ?? []).some(({ to }) =>
    versions.some((version) => version !== '' && isNamedIn(to, version)),
  );

/** As a whole word: version 1.2 is not named in 1.20. */
function isNamedIn(text: string, version: string): boolean {
  return text.split(/[\s,;()]+/).some((word) => word === version || word.endsWith(`/${version}`));
}
