import type { ActionSummary } from '../../domain/action/action.ts';
import { shortHash } from '../../domain/action/action-id.ts';
import { isEnded } from '../../domain/action/summary.ts';
import type { CardInput } from '../../domain/announce/renderer.ts';
import type { Checklist, Incident } from '../../domain/incident/state.ts';
import { linkOrText, linkRules, type LinkRules } from './links.ts';
import { instant, joined, newline, shown, strong, words, type Piece } from './mrkdwn.ts';

/** More than these are counted. */
const mostActions = 5;
/** A card is read on a phone: the thread has the sentence whole. */
const longestTitle = 200;

/**
 * What is done about it beside talking: open actions in a line each, the change that most likely
 * is the cause, and how far the checklists are. Empty where there is none of it.
 */
export function workPieces(
  { incident, tenant }: CardInput,
  ownHosts: readonly string[],
): readonly Piece[] {
  const rules = linkRules(tenant, ownHosts);
  const open = openActions(incident);
  const left = open.length - mostActions;
  return joined(
    [
      ...open.slice(0, mostActions).map(actionPieces),
      ...(left > 0 ? [[words(`and ${left} more actions`)]] : []),
      ...incident.changes.slice(0, 1).map((change) => changePieces(change, rules)),
      ...incident.checklists.map(checklistPieces),
    ],
    newline,
  );
}

/** Those that are not over. */
export const openActions = ({ actions }: Incident): readonly ActionSummary[] =>
  actions.filter(({ state }) => !isEnded(state));

function actionPieces(action: ActionSummary): readonly Piece[] {
  const { title, state, planHash, approvedBy, approvalsNeeded, expiresAtMs } = action;
  const name = [words('⚙️ '), strong(shown(title, longestTitle))];
  if (state !== 'proposed') return [...name, words(`: ${stands[state]}`)];
  const count = `${approvedBy.length} of ${approvalsNeeded} approvals`;
  const until = expiresAtMs === null ? [] : [words(' until '), instant(expiresAtMs)];
  return [...name, words(`: plan ${shortHash(planHash)} waits, ${count}`), ...until];
}

const stands: Readonly<Record<ActionSummary['state'], string>> = {
  planning: 'the plan is being made',
  proposed: 'it waits for approvals',
  approved: 'approved, about to start',
  executing: 'being carried out',
  uncertain: 'an answer was lost, the target is read',
  observing: 'sent; the platform converges',
  validating: 'carried out; its effect is measured',
  shadow: 'a shadow',
  done: 'done',
  verified: 'verified',
  failed: 'failed',
  unverified: 'not verified',
  refused: 'refused',
  denied: 'denied',
  expired: 'expired',
  cancelled: 'cancelled',
};

function changePieces(
  { title, url, author, changedAtMs, likelihoodPct }: Incident['changes'][number],
  rules: LinkRules,
): readonly Piece[] {
  const what = shown(title, longestTitle);
  return [
    words(`🔎 Likeliest cause (${likelihoodPct} %): `),
    url === null ? words(what) : linkOrText(what, url, rules),
    words(author === null ? ', ' : ` by ${shown(author, 80)}, `),
    instant(changedAtMs),
  ];
}

function checklistPieces({ title, steps }: Checklist): readonly Piece[] {
  const done = steps.filter((step) => step.done !== null).length;
  const next = steps.find((step) => step.done === null);
  const then = next === undefined ? '' : `; next: ${shown(next.text, longestTitle)}`;
  return [
    words('☑️ '),
    strong(shown(title, longestTitle)),
    words(`: ${done} of ${steps.length} done${then}`),
  ];
}
