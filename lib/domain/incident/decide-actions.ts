import type { ActionEnded, ActionEvent } from '../action/event.ts';
import { askRest } from './ask-rest.ts';
import type { RecordAction, RecordChange, StartChecklist, TickStep } from './action-command.ts';
import type { Refusal } from './command.ts';
import { reopenIncident } from './decide-people.ts';
import type { Decision } from './decision.ts';
import { maxChanges, maxChecklists } from './evolve-actions.ts';
import { engine, isSomebody } from './principal.ts';
import { already, notAllowed, refuseResolved } from './refuse.ts';

/** Keeps what became of an action, and calls people where it has not helped. */
export function recordAction(
  decision: Decision,
  { events, canReopen }: RecordAction,
): Refusal | null {
  if (events.length === 0) return already('There is nothing to tell of the action.');
  for (const event of events) decision.record(event);
  const alarm = events.find(isAlarm);
  if (alarm !== undefined) callPeople(decision, alarm, canReopen);
  return null;
}

const isAlarm = (event: ActionEvent): event is ActionEnded =>
  event.type === 'action.ended' &&
  event.wasApplied &&
  (event.state === 'failed' || event.state === 'unverified');

/** What was done has not helped, or nobody can tell: the incident is not over. */
function callPeople(
  decision: Decision,
  { actionId, state, outcome }: ActionEnded,
  canReopen: boolean,
): void {
  const reason = `action ${actionId} ended ${state}: ${outcome}`;
  if (decision.incident.state === 'resolved') {
    if (!canReopen) return;
    reopenIncident(decision, { by: engine, reason, occurredAtMs: decision.nowMs });
    return;
  }
  decision.ask({ channel: 'pagerduty', action: 'trigger', purpose: 'update', text: reason });
  callNextLevel(decision, reason);
  if (decision.incident.state === 'acknowledged') {
    // On what somebody has acknowledged another trigger would wake nobody.
    askRest(decision, { action: 'retrigger', text: reason, isBesidePage: true });
  }
}

function callNextLevel(decision: Decision, reason: string): void {
  if (decision.incident.intents.some(({ action }) => action === 'escalate')) return;
  decision.record({ type: 'escalation.requested', by: engine, reason });
  askRest(decision, { action: 'escalate', text: reason, isBesidePage: true });
}

/** Keeps a change that may be the cause: the likeliest few, each once for what is new about it. */
export function recordChange(decision: Decision, { change }: RecordChange): Refusal | null {
  const { changes } = decision.incident;
  const known = changes.find(({ changeId }) => changeId === change.changeId);
  if (known !== undefined && known.likelihoodPct >= change.likelihoodPct) {
    return already(`The change ${change.title} is known already.`);
  }
  const last = changes.at(-1);
  const isFull = known === undefined && changes.length >= maxChanges;
  if (isFull && last !== undefined && last.likelihoodPct >= change.likelihoodPct) {
    return already(`${maxChanges} likelier changes are known already.`);
  }
  decision.record({ type: 'change.found', ...change });
  return null;
}

/** Begins a checklist. Equal repeats begin none. */
export function startChecklist(decision: Decision, { checklist }: StartChecklist): Refusal | null {
  const { incident } = decision;
  const refusal = refuseResolved(incident, 'begin a checklist');
  if (refusal !== null) return refusal;
  if (incident.checklists.some(({ runbookId }) => runbookId === checklist.runbookId)) {
    return already(`The checklist ${checklist.title} was begun already.`);
  }
  if (incident.checklists.length >= maxChecklists) {
    return notAllowed(`The incident has ${maxChecklists} checklists, and no more are begun.`);
  }
  decision.record({ type: 'checklist.started', ...checklist });
  return null;
}

/** Ticks a step, or takes the tick back. Only people do, and in every state. */
export function tickStep(decision: Decision, command: TickStep): Refusal | null {
  const { runbookId, step, isDone, by } = command;
  if (!isSomebody(by)) return notAllowed('Only people tick the steps of a checklist.');
  const { checklists } = decision.incident;
  const checklist = checklists.find((known) => known.runbookId === runbookId);
  if (checklist === undefined) {
    const names = checklists.map((known) => known.runbookId).join(', ');
    const which = names === '' ? 'It has none.' : `It has ${names}.`;
    return notAllowed(`The incident has no checklist ${runbookId}. ${which}`);
  }
  const known = checklist.steps[step];
  if (known === undefined) {
    const { length } = checklist.steps;
    return notAllowed(`The checklist has steps 1 to ${length}; ${step + 1} was ticked.`);
  }
  if ((known.done !== null) === isDone) {
    const by_ = known.done === null ? 'not done' : `done already, by ${known.done.by}`;
    return already(`Step ${step + 1} is ${by_}.`);
  }
  decision.record({ type: 'checklist.ticked', runbookId, step, isDone, by });
  return null;
}
