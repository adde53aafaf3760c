import type { Action, ActionState } from '../domain/action/action.ts';
import type { Sample, Signal } from '../domain/action/observation.ts';
import { html, type Html } from './html.ts';

const words: Readonly<Record<ActionState, string>> = {
  planning: 'Being planned',
  proposed: 'Waits for approval',
  approved: 'Approved, about to start',
  executing: 'Being carried out',
  uncertain: 'Answer lost: the target is read',
  observing: 'Carried out: the target converges',
  validating: 'Carried out: its effect is measured',
  shadow: 'Shadow: nothing was done',
  done: 'Done as asked',
  verified: 'Verified: it helped',
  failed: 'Failed',
  unverified: 'Unverified: nobody can tell',
  refused: 'Refused: nothing was done',
  denied: 'Denied: nothing was done',
  expired: 'Expired: nothing was done',
  cancelled: 'Cancelled: nothing was done',
};

/** How an action stands, in words and in the colour of it. */
export function actionState(state: ActionState): Html {
  const text = words[state];
  if (state === 'verified') return html`<span class="state good">${text}</span>`;
  return state === 'failed' || state === 'unverified' || state === 'uncertain'
    ? html`<span class="state late">${text}</span>`
    : html`<span class="state">${text}</span>`;
}

/** Who wants it. */
export const originWords = ({ origin }: Pick<Action, 'origin'>): string =>
  origin.kind === 'person'
    ? `asked for by ${origin.by.kind === 'person' ? origin.by.name : origin.personId}`
    : `runbook ${origin.runbookId}, ${origin.mode}`;

/** How many agree, of how many; nothing while it is not known how many must. */
export function approvalWords(action: Action): string | null {
  const { approvals, approvalsNeeded: needed, plan } = action;
  if (plan === null || action.state === 'shadow') return null;
  const names = approvals.map(({ by, personId }) => (by.kind === 'person' ? by.name : personId));
  if (needed === 0) return 'needs no approval';
  const by = names.length === 0 ? '' : ` (${names.join(', ')})`;
  return `${approvals.length} of ${needed} ${needed === 1 ? 'approval' : 'approvals'}${by}`;
}

/** The three signals of one instant. */
export const sampleWords = ({ workload, alert, metric }: Sample): Html =>
  html`${signal('Workload', workload)} ${signal('Alert', alert)} ${signal('Metric', metric)}`;

const classes: Readonly<Record<Signal['kind'], string>> = {
  good: 'good',
  bad: 'late',
  unknown: '',
};

const signal = (name: string, { kind, says }: Signal): Html =>
  html`<br /><span class="${classes[kind]}">${name} ${kind}</span>: <bdi>${says}</bdi>`;
