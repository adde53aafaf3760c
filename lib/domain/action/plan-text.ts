import { describeSpan } from '../shared/time.ts';
import { shortHash } from './action-id.ts';
import type { Change, FollowUp, Plan } from './plan.ts';

/** One part of a plan in words. Holds data from outside: escape it where it is shown. */
export interface PlanPart {
  readonly name: string;
  /** A line each. */
  readonly lines: readonly string[];
}

/** A plan in words. */
export interface PlanText {
  readonly title: string;
  /** The first eight digits of its hash: what an approval names. */
  readonly hash: string;
  readonly parts: readonly PlanPart[];
}

/** One change: `image: shop/checkout:2 → shop/checkout:1`. */
export const changeText = ({ what, from, to }: Change): string =>
  `${what}: ${from === '' ? 'nothing' : from} → ${to === '' ? 'nothing' : to}`;

/** Changes in one line, the first few. */
export function shownChanges(changes: readonly Change[], max = 3): string {
  const more = changes.length > max ? [`and ${changes.length - max} more`] : [];
  return [...changes.slice(0, max).map(changeText), ...more].join('; ');
}

/**
 * What an approver reads: made of the very plan that is hashed and carried out, and of nothing
 * else, so that nobody approves anything but what is shown. `planHash` is the hash of that plan.
 */
export const planText = (plan: Plan, planHash: string): PlanText => ({
  title: plan.title,
  hash: shortHash(planHash),
  parts: [
    { name: 'Why this', lines: [plan.basis] },
    { name: 'Changes', lines: plan.changes.map(changeText) },
    { name: 'Steps', lines: plan.steps.map(({ says }, index) => `${index + 1}. ${says}`) },
    { name: 'Target', lines: [targetText(plan)] },
    { name: 'Kept by', lines: plan.owner.kind === 'nobody' ? [] : [ownerText(plan)] },
    { name: 'Risks', lines: [riskText(plan), ...plan.risks] },
    { name: 'Dry run', lines: [plan.dryRun.says] },
    { name: 'Proof', lines: [proofText(plan)] },
    { name: 'Undo', lines: [plan.undo] },
    { name: 'Afterwards', lines: plan.followUps.map(followUpText) },
    { name: 'Authors', lines: [authorsText(plan)] },
  ].filter(({ lines }) => lines.some((line) => line !== '')),
});

/** The same as plain lines, for a terminal. */
export const planLines = ({ title, hash, parts }: PlanText): readonly string[] => [
  `${title} (plan ${hash})`,
  ...parts.flatMap(({ name, lines }) =>
    lines.length === 1
      ? [`${name}: ${lines[0] ?? ''}`]
      : [`${name}:`, ...lines.map((line) => `  ${line}`)],
  ),
];

const targetText = ({ target }: Plan): string =>
  `${target.kind} ${target.namespace}/${target.name} in ${target.place}` +
  (target.uid === '' ? '' : `, uid ${target.uid}`);

const ownerText = ({ owner }: Plan): string => `${owner.kind} ${owner.name}: ${owner.says}`;

function riskText({ risk }: Plan): string {
  switch (risk) {
    case 'narrow':
      return 'Narrow: it concerns a part of the target and can be undone.';
    case 'wide':
      return 'Wide: it concerns all of the target and can be undone.';
    case 'irreversible':
      return 'Irreversible: it cannot be undone.';
  }
}

function proofText({ verification }: Plan): string {
  const { convergeWithinMs, soakMs, samples, validateWithinMs, checks } = verification;
  const measured = checks.length === 0 ? 'no check of the policy' : checks.join(', ');
  return (
    `It must converge within ${describeSpan(convergeWithinMs)}; then the workload, the alert at ` +
    `its source and ${measured} must be good for ${describeSpan(soakMs)}, in ${samples} samples ` +
    `in a row, within ${describeSpan(validateWithinMs)}.` +
    (checks.length === 0 ? ' Without a check it can never be called verified.' : '')
  );
}

export const followUpText = ({ says, afterMs }: FollowUp): string =>
  `${says} (${afterMs === null ? 'when the incident is over' : `after ${describeSpan(afterMs)}`})`;

function authorsText({ authors, knownAuthors = [] }: Plan): string {
  if (authors === null) {
    const named =
      knownAuthors.length === 0 ? '' : ` ${knownAuthors.join(', ')}: they do not approve.`;
    return `Not known: one more person must approve.${named}`;
  }
  return authors.length === 0 ? '' : `${authors.join(', ')}: they do not approve.`;
}
