import type { ActionPolicy, TargetPolicy } from '../policy/action-policy.ts';
import type { PersonPolicy, Severity, TenantPolicy } from '../policy/policy.ts';
import type { EpochMs } from '../shared/time.ts';
import type { Action, Approval, Origin } from './action.ts';
import { freezeAt } from './guards.ts';
import type { Plan } from './plan.ts';
import type { RunbookStanding } from './rows.ts';

/** How many people must agree, and why so many, in a sentence. */
export interface ApprovalsNeeded {
  readonly needed: number;
  readonly reason: string;
}

/** What the number depends on. */
export interface ApprovalQuestion {
  readonly plan: Plan;
  readonly origin: Origin;
  readonly severity: Severity;
  readonly standing: RunbookStanding | null;
  readonly policy: TenantPolicy;
  readonly nowMs: EpochMs;
}

/**
 * How many people must approve a plan: one; one more when the author of the change is not known;
 * two at least when it cannot be undone or moves the traffic of a P0; one more in a freeze; and
 * none for a runbook that has earned it, in its own bounds.
 */
export function approvalsNeeded(question: ApprovalQuestion): ApprovalsNeeded {
  const { policy, nowMs } = question;
  const freeze = freezeAt(policy.actions.guardrails, nowMs);
  const grave = whyGrave(question);
  if (grave === null && freeze === null && isAutomatic(question)) {
    return { needed: 0, reason: 'No approval is needed: the runbook may act by itself.' };
  }
  const doubts = [whyUnknown(question.plan), grave].filter((why) => why !== null);
  // Either doubt asks for two, and both together for no more.
  const peaceful = doubts.length === 0 ? 1 : 2;
  if (freeze === null) return inWords(peaceful, doubts);
  return inWords(peaceful + 1, [...doubts, `the freeze “${freeze.name}” holds`]);
}

const whyUnknown = ({ authors }: Plan): string | null =>
  authors === null ? 'the author of the change is not known' : null;

/** Moving the traffic of what hurts most is a failover. */
function whyGrave({ plan: { risk, verb }, severity }: ApprovalQuestion): string | null {
  if (risk === 'irreversible') return 'it cannot be undone';
  const isFailover = severity === 'P0' && (verb === 'switch' || verb === 'shift');
  return isFailover ? 'it moves the traffic of a P0' : null;
}

function inWords(needed: number, why: readonly string[]): ApprovalsNeeded {
  const people = needed === 1 ? 'One person' : `${needed} people`;
  const because = why.length === 0 ? '' : `, since ${why.join(' and ')}`;
  return { needed, reason: `${people} must approve${because}.` };
}

/** Whether it is a runbook's, which may act by itself then and still may today. */
function isAutomatic({ origin, standing, policy }: ApprovalQuestion): boolean {
  return (
    origin.kind === 'runbook' &&
    origin.mode === 'automatic' &&
    trustedMode(policy.actions, { runbookId: origin.runbookId, standing }) === 'automatic'
  );
}

/**
 * How far a runbook is trusted now: what the policy says, at most `propose` while a failure of
 * this revision stands against it. Null: there is no such runbook any more.
 */
export function trustedMode(
  { runbooks }: ActionPolicy,
  of: { readonly runbookId: string; readonly standing: RunbookStanding | null },
): 'shadow' | 'propose' | 'automatic' | null {
  const runbook = runbooks.find(({ id }) => id === of.runbookId);
  if (runbook === undefined) return null;
  const isDemoted = of.standing !== null && runbook.revision <= of.standing.demotedRevision;
  return isDemoted && runbook.mode === 'automatic' ? 'propose' : runbook.mode;
}

/** What may be asked of a person: to agree to this action. */
export type Approvable = Pick<Action, 'origin' | 'plan' | 'request' | 'approvals'>;

/** Those who may approve by the policy of now, whether or not they have. */
export const approversOf = (action: Approvable, policy: TenantPolicy): readonly PersonPolicy[] =>
  policy.people.filter((person) => whyNotApprover(action, person, policy) === null);

/**
 * Why a person's approval does not count, by the policy of now; null when it does. A sentence that
 * names those whose approval would.
 */
export function whyMayNotApprove(
  action: Approvable,
  person: PersonPolicy,
  policy: TenantPolicy,
): string | null {
  const why = whyNotApprover(action, person, policy);
  if (why === null) return null;
  const names = approversOf(action, policy).map(({ name }) => name);
  const others =
    names.length === 0
      ? 'Nobody else may, either: the policy must name another approver.'
      : `${namesOf(names)} may.`;
  return `${why} ${others}`;
}

function whyNotApprover(
  { origin, plan, request }: Approvable,
  person: PersonPolicy,
  { actions }: TenantPolicy,
): string | null {
  const { name } = person;
  if (!person.roles.includes('approver')) {
    return `${name} may not approve: that needs the role approver in the policy.`;
  }
  const target = actions.targets.find(({ id }) => id === request.targetId);
  if (target !== undefined && !isNamed(person, target)) {
    return `${name} may not approve for ${request.targetId}: its approvers are named in the policy.`;
  }
  if (origin.kind === 'person' && origin.personId === person.id) {
    return `${name} has asked for this action, and nobody approves what they ask for.`;
  }
  return isAuthor(person, plan)
    ? `${name} is an author of the change, and nobody approves about their own.`
    : null;
}

/** Whether a target leaves its approvals to this person: it names some, or leaves them to all. */
const isNamed = ({ id }: PersonPolicy, { approvers }: TargetPolicy): boolean =>
  approvers.length === 0 || approvers.includes(id);

/** Whether a change feed may mean this person, by any of their names. */
function isAuthor(person: PersonPolicy, plan: Plan | null): boolean {
  const names = [person.id, person.name, person.email ?? '', ...person.logins];
  const known = new Set(names.filter((name) => name !== '').map(folded));
  const authors = plan?.authors ?? plan?.knownAuthors ?? [];
  return authors.some((author) => known.has(folded(author)));
}

const folded = (name: string): string => name.trim().replace(/^@/, '').toLowerCase();

/** `Ann`, `Ann or Bob`, `Ann, Bob or Cy`; many are counted. */
export function namesOf(names: readonly string[], word = 'or'): string {
  const shown = names.slice(0, 5);
  const more = names.length - shown.length;
  const all = more > 0 ? [...shown, `${more} more`] : shown;
  const last = all.at(-1) ?? '';
  return all.length < 2 ? last : `${all.slice(0, -1).join(', ')} ${word} ${last}`;
}

/** What becomes of approvals when they are looked at again. */
export interface Counted {
  /** Of distinct people, for this plan, in time, and still with the right to. */
  readonly valid: readonly Approval[];
  /** Why the others do not count, a sentence each. */
  readonly lost: readonly string[];
}

/** Counts approvals as they stand today: rights are those of the policy of now. */
export function countApprovals(
  action: Approvable & Pick<Action, 'planHash'>,
  policy: TenantPolicy,
  nowMs: EpochMs,
): Counted {
  const valid = new Map<string, Approval>();
  const lost: string[] = [];
  for (const approval of action.approvals) {
    const why = whyLost(action, { approval, policy, nowMs });
    if (why === null) valid.set(approval.personId, valid.get(approval.personId) ?? approval);
    else lost.push(why);
  }
  return { valid: [...valid.values()], lost };
}

function whyLost(
  action: Approvable & Pick<Action, 'planHash'>,
  of: {
    readonly approval: Approval;
    readonly policy: TenantPolicy;
    readonly nowMs: EpochMs;
  },
): string | null {
  const { personId, planHash, atMs } = of.approval;
  if (planHash !== action.planHash) return `An approval of ${personId} was for another plan.`;
  if (of.nowMs >= atMs + of.policy.actions.guardrails.approvalWithinMs) {
    return `The approval of ${personId} has expired.`;
  }
  const person = of.policy.people.find(({ id }) => id === personId);
  return person === undefined
    ? `${personId} approved and is not in the policy any more.`
    : whyNotApprover(action, person, of.policy);
}
