import type { ActionSummary } from '../action/action.ts';
import type { ActionEvent, ActionRequested, ChangeFound, RunbookEvent } from '../action/event.ts';
import { hasActed, isEnded, requestTitle } from '../action/summary.ts';
import type { EpochMs } from '../shared/time.ts';
import type { Evolvers } from './evolvers.ts';
import { describePrincipal } from './principal.ts';
import type { Checklist, Incident } from './state.ts';

/** So many changes are kept in view, the likeliest first. */
export const maxChanges = 5;

export const maxChecklists = 10;

/** So many actions that ended are kept in view. What changed a target is dropped last. */
const maxEnded = 5;

/** How actions, changes and checklists show on an incident. */
export const actionEvolvers: Pick<Evolvers, (ActionEvent | RunbookEvent)['type']> = {
  'action.requested': (incident, event, atMs) => ({
    ...incident,
    actions: [...incident.actions, begun(event, atMs)],
  }),
  'action.planned': (incident, { actionId, planHash, title, approvalsNeeded, expiresAtMs }) => {
    const state = approvalsNeeded === 0 ? 'approved' : 'proposed';
    return amend(incident, actionId, () => ({
      state,
      planHash,
      title,
      approvalsNeeded,
      expiresAtMs: state === 'proposed' ? expiresAtMs : null,
    }));
  },
  'action.approved': (incident, { actionId, by, count, needed }) =>
    amend(incident, actionId, ({ approvedBy }) => ({
      approvedBy: by.kind === 'person' ? [...approvedBy, by.name] : approvedBy,
      ...(count >= needed ? { state: 'approved' as const, expiresAtMs: null } : {}),
    })),
  'action.started': (incident, { actionId }) => toState(incident, actionId, 'executing'),
  'action.waiting': (incident) => incident,
  'action.step_sent': (incident, { actionId }) => toState(incident, actionId, 'executing'),
  'action.step_applied': (incident, { actionId, isLast }) =>
    toState(incident, actionId, isLast ? 'observing' : 'executing'),
  'action.step_uncertain': (incident, { actionId }) => toState(incident, actionId, 'uncertain'),
  'action.step_not_applied': (incident, { actionId }) => toState(incident, actionId, 'executing'),
  'action.converged': (incident, { actionId }) => toState(incident, actionId, 'validating'),
  'action.sampled': (incident) => incident,
  'action.ended': (incident, { actionId, state, outcome }) => {
    const ended = amend(incident, actionId, () => ({ state, outcome, expiresAtMs: null }));
    return { ...ended, actions: withoutOld(ended.actions) };
  },
  'action.compared': (incident) => incident,
  'change.found': (incident, { type: _type, ...change }) => ({
    ...incident,
    changes: likeliest([
      ...incident.changes.filter(({ changeId }) => changeId !== change.changeId),
      change,
    ]),
  }),
  'checklist.started': (incident, { type: _type, steps, ...checklist }) => ({
    ...incident,
    checklists: [
      ...incident.checklists,
      { ...checklist, steps: steps.map((text) => ({ text, done: null })) },
    ],
  }),
  'checklist.ticked': (incident, { runbookId, step, isDone, by }, atMs) => {
    const done = isDone ? { by: describePrincipal(by), atMs } : null;
    return {
      ...incident,
      checklists: incident.checklists.map((checklist) =>
        checklist.runbookId === runbookId ? ticked(checklist, step, done) : checklist,
      ),
    };
  },
};

const begun = ({ actionId, request }: ActionRequested, atMs: EpochMs): ActionSummary => ({
  actionId,
  verb: request.verb,
  targetId: request.targetId,
  title: requestTitle(request),
  state: 'planning',
  planHash: '',
  approvalsNeeded: 0,
  approvedBy: [],
  expiresAtMs: null,
  atMs,
  outcome: '',
});

const toState = (incident: Incident, actionId: string, state: ActionSummary['state']): Incident =>
  amend(incident, actionId, () => ({ state }));

/** One that is not in view any more, such as an old shadow, is left where it is. */
const amend = (
  incident: Incident,
  actionId: string,
  change: (of: ActionSummary) => Partial<ActionSummary>,
): Incident => ({
  ...incident,
  actions: incident.actions.map((action) =>
    action.actionId === actionId ? { ...action, ...change(action) } : action,
  ),
});

function withoutOld(actions: readonly ActionSummary[]): readonly ActionSummary[] {
  const ended = actions.filter(({ state }) => isEnded(state));
  if (ended.length <= maxEnded) return actions;
  const dropped = ended.find(({ state }) => !hasActed(state)) ?? ended[0];
  return actions.filter((action) => action !== dropped);
}

type Found = Omit<ChangeFound, 'type'>;

const likeliest = (changes: readonly Found[]): readonly Found[] =>
  changes
    .toSorted((a, b) => b.likelihoodPct - a.likelihoodPct || b.changedAtMs - a.changedAtMs)
    .slice(0, maxChanges);

const ticked = (
  checklist: Checklist,
  step: number,
  done: Checklist['steps'][number]['done'],
): Checklist => ({
  ...checklist,
  steps: checklist.steps.map((known, index) => (index === step ? { ...known, done } : known)),
});
