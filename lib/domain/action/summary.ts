import type { Incident } from '../incident/state.ts';
import type { Action, ActionRequest, ActionState, ActionSummary } from './action.ts';
import type { IncidentView } from './command.ts';
import type { ActionVerb } from './verb.ts';

const imperatives: Readonly<Record<ActionVerb, string>> = {
  rollback: 'Roll back',
  scale: 'Scale',
  restart: 'Restart',
  pause: 'Pause',
  resume: 'Resume',
  abort: 'Abort the rollout of',
  retry: 'Retry the rollout of',
  promote: 'Promote the rollout of',
  switch: 'Switch',
  shift: 'Shift the traffic of',
  revert: 'Revert the change of',
};

/** A request in a few words: `Scale checkout, replicas 5`. */
export function requestTitle({ verb, targetId, parameters }: ActionRequest): string {
  const with_ = Object.entries(parameters).map(([name, value]) => `, ${name} ${value}`);
  return `${imperatives[verb]} ${targetId}${with_.join('')}`;
}

/** What an incident keeps of an action: the same that its events fold into. */
export const summaryOf = (action: Action): ActionSummary => ({
  actionId: action.id,
  verb: action.request.verb,
  targetId: action.request.targetId,
  title: action.plan?.title ?? requestTitle(action.request),
  state: action.state,
  planHash: action.planHash,
  approvalsNeeded: action.approvalsNeeded,
  approvedBy: action.approvals.flatMap(({ by }) => (by.kind === 'person' ? [by.name] : [])),
  expiresAtMs: action.state === 'proposed' ? action.expiresAtMs : null,
  atMs: action.createdAtMs,
  outcome: action.outcome,
});

/** Whether it is over. */
export const isEnded = (state: ActionState): boolean => {
  switch (state) {
    case 'planning':
    case 'proposed':
    case 'approved':
    case 'executing':
    case 'uncertain':
    case 'observing':
    case 'validating':
      return false;
    case 'shadow':
    case 'done':
    case 'verified':
    case 'failed':
    case 'unverified':
    case 'refused':
    case 'denied':
    case 'expired':
    case 'cancelled':
      return true;
  }
};

/** Whether the target was changed by it, or may have been, or is about to be. */
export const hasActed = (state: ActionState): boolean => acting.has(state);

const acting: ReadonlySet<ActionState> = new Set([
  'executing',
  'uncertain',
  'observing',
  'validating',
  'done',
  'verified',
  'failed',
  'unverified',
]);

/** What decisions about actions need to know of an incident. */
export const viewOf = ({ state, severity, actions }: Incident): IncidentView => ({
  isResolved: state === 'resolved',
  severity,
  changedTargets: [
    ...new Set(actions.filter((of) => hasActed(of.state)).map(({ targetId }) => targetId)),
  ],
});
