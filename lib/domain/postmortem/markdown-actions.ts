import { shortHash } from '../action/action-id.ts';
import { comparisons, endings, originOf } from '../timeline/describe-actions.ts';
import { toIso } from '../shared/time.ts';
import type { ActionRecord, ChecklistRecord } from './action-records.ts';
import { escapeMarkdown as safe } from './escape-markdown.ts';
import type { Postmortem } from './postmortem.ts';

/**
 * What was done to targets: each action with its plan, who approved it, what was done and the
 * verdict; what rules would have done, apart; the changes found; and what people did by hand.
 */
export function actionsMarkdown({ actions, changes, checklists }: Postmortem): string {
  const shadows = actions.filter(({ state }) => state === 'shadow');
  const others = actions.filter(({ state }) => state !== 'shadow');
  const parts = [
    others.length === 0 ? 'Nothing was asked for.' : others.map(action).join('\n'),
    part('What rules would have done', shadows.map(shadow)),
    part('Changes found near it', changes.map(change)),
    ...checklists.map((list) => part(`Checklist: ${safe(list.title)}`, list.steps.map(step))),
  ];
  return parts.filter((text) => text !== '').join('\n\n');
}

const part = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : `### ${title}\n\n${lines.join('\n')}`;

function action(record: ActionRecord): string {
  const { actionId, title, origin, reason, requestedAtMs, planHash, basis } = record;
  const why = reason.trim() === '' ? '' : `: ${safe(reason)}`;
  const verdict =
    record.state === null ? 'It is still open.' : `It ${endings[record.state]}. ${record.outcome}`;
  const plan = planHash === '' ? [] : [`Plan \`${shortHash(planHash)}\`: ${safe(basis)}`];
  return [
    `- **${safe(title)}** (${safe(actionId)})`,
    ...[
      `Asked for at ${toIso(requestedAtMs)} by ${safe(originOf(origin))}${why}`,
      ...plan,
      ...record.changes.map((text) => `Changes ${safe(text)}`),
      approvals(record),
      done(record),
      `Verdict: ${safe(verdict)}`,
      ...record.followUps.map((text) => `Still to do: ${safe(text)}`),
    ].map((line) => `  - ${line}`),
  ].join('\n');
}

const approvals = ({ approvedBy }: ActionRecord): string =>
  approvedBy.length === 0
    ? 'Approved by nobody'
    : `Approved by ${approvedBy.map((name) => safe(name)).join(', ')}`;

function done({ startedAtMs, done: steps }: ActionRecord): string {
  if (startedAtMs === null) return 'Done: nothing, it never started';
  const what = steps.length === 0 ? 'nothing that is known' : steps.map(safe).join(', ');
  return `Started at ${toIso(startedAtMs)}; done: ${what}`;
}

function shadow({ title, origin, changes, comparison }: ActionRecord): string {
  const what = changes.length === 0 ? '' : ` (${changes.map(safe).join('; ')})`;
  const people =
    comparison === null
      ? 'not compared yet'
      : `${comparisons[comparison.kind]}, ${safe(comparison.says)}`;
  return `- ${safe(title)}${what}, by ${safe(originOf(origin))}: ${people}`;
}

function change(found: Postmortem['changes'][number]): string {
  const { title, url, author, service, changedAtMs, reason, likelihoodPct } = found;
  const by = author === null ? '' : ` by ${safe(author)}`;
  const where = url === null ? '' : ` (${safe(url)})`;
  return (
    `- ${likelihoodPct} %: ${safe(title)}${where}, ${safe(service)}, ` +
    `${toIso(changedAtMs)}${by}. Why: ${safe(reason)}`
  );
}

const step = ({ text, done: ticked }: ChecklistRecord['steps'][number]): string =>
  ticked === null
    ? `- Not done: ${safe(text)}`
    : `- Done by ${safe(ticked.by)} at ${toIso(ticked.atMs)}: ${safe(text)}`;
