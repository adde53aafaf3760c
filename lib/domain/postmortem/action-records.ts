import type { ActionEvent, ChangeFound, ChecklistStarted } from '../action/event.ts';
import type { Comparison, EndedActionState, Origin } from '../action/action.ts';
import { changeText, followUpText } from '../action/plan-text.ts';
import { requestTitle } from '../action/summary.ts';
import type { Commit } from '../incident/event.ts';
import { describePrincipal } from '../incident/principal.ts';
import { toIso, type EpochMs } from '../shared/time.ts';

/** One action as the log tells it: what was planned, who approved, what was done, and the verdict. */
export interface ActionRecord {
  readonly actionId: string;
  readonly title: string;
  readonly origin: Origin;
  readonly reason: string;
  readonly requestedAtMs: EpochMs;
  /** Empty when there was no plan. */
  readonly planHash: string;
  readonly basis: string;
  readonly changes: readonly string[];
  readonly undo: string;
  readonly approvedBy: readonly string[];
  readonly startedAtMs: EpochMs | null;
  /** Steps that are known to have been done, in words. */
  readonly done: readonly string[];
  /** Null while it is open. */
  readonly state: EndedActionState | null;
  readonly endedAtMs: EpochMs | null;
  readonly outcome: string;
  readonly followUps: readonly string[];
  readonly comparison: Omit<Comparison, 'atMs'> | null;
}

/** A checklist as people worked through it. */
export interface ChecklistRecord {
  readonly runbookId: string;
  readonly title: string;
  readonly willNot: string;
  readonly steps: readonly {
    readonly text: string;
    readonly done: { readonly by: string; readonly atMs: EpochMs } | null;
  }[];
}

/** Every action of a log, in the order in which they were asked for. */
export function actionRecords(commits: readonly Commit[]): readonly ActionRecord[] {
  const records = new Map<string, ActionRecord>();
  const says = new Map<string, string>();
  for (const { atMs, events } of commits) {
    for (const event of events) {
      if (!('actionId' in event)) continue;
      if (event.type === 'action.requested') records.set(event.actionId, begun(event, atMs));
      if (event.type === 'action.step_sent') says.set(stepKey(event), event.says);
      const known = records.get(event.actionId);
      if (known === undefined) continue;
      records.set(event.actionId, { ...known, ...changeBy(event, { known, atMs, says }) });
    }
  }
  return [...records.values()];
}

const stepKey = (of: { readonly actionId: string; readonly stepId: string }): string =>
  `${of.actionId}.${of.stepId}`;

const begun = (
  { actionId, request, origin }: Extract<ActionEvent, { readonly type: 'action.requested' }>,
  requestedAtMs: EpochMs,
): ActionRecord => ({
  actionId,
  title: requestTitle(request),
  origin,
  reason: request.reason,
  requestedAtMs,
  planHash: '',
  basis: '',
  changes: [],
  undo: '',
  approvedBy: [],
  startedAtMs: null,
  done: [],
  state: null,
  endedAtMs: null,
  outcome: '',
  followUps: [],
  comparison: null,
});

interface Known {
  readonly known: ActionRecord;
  readonly atMs: EpochMs;
  readonly says: ReadonlyMap<string, string>;
}

function changeBy(event: ActionEvent, { known, atMs, says }: Known): Partial<ActionRecord> {
  switch (event.type) {
    case 'action.planned': {
      const { planHash, title, basis, undo } = event;
      return { planHash, title, basis, undo, changes: event.changes.map(changeText) };
    }
    case 'action.approved':
      return { approvedBy: [...known.approvedBy, describePrincipal(event.by)] };
    case 'action.started':
      return { startedAtMs: atMs };
    case 'action.step_applied':
      return { done: [...known.done, says.get(stepKey(event)) ?? event.stepId] };
    case 'action.ended': {
      const { state, outcome } = event;
      return { state, outcome, endedAtMs: atMs, followUps: event.followUps.map(followUpText) };
    }
    case 'action.compared':
      return { comparison: { kind: event.comparison.kind, says: event.comparison.says } };
    case 'action.requested':
    case 'action.waiting':
    case 'action.step_sent':
    case 'action.step_uncertain':
    case 'action.step_not_applied':
    case 'action.converged':
    case 'action.sampled':
      return {};
  }
}

/** Every change that was found near the incident, as it was last told, the likeliest first. */
export function changeRecords(commits: readonly Commit[]): readonly Omit<ChangeFound, 'type'>[] {
  const found = new Map<string, Omit<ChangeFound, 'type'>>();
  for (const event of commits.flatMap(({ events }) => events)) {
    if (event.type !== 'change.found') continue;
    const { type: _type, ...change } = event;
    found.set(change.changeId, change);
  }
  return [...found.values()].toSorted((a, b) => b.likelihoodPct - a.likelihoodPct);
}

/** Every checklist, as it stood at the end of the log. */
export function checklistRecords(commits: readonly Commit[]): readonly ChecklistRecord[] {
  const records = new Map<string, ChecklistRecord>();
  for (const { atMs, events } of commits) {
    for (const event of events) {
      if (event.type === 'checklist.started') records.set(event.runbookId, unticked(event));
      if (event.type !== 'checklist.ticked') continue;
      const known = records.get(event.runbookId);
      if (known === undefined) continue;
      const done = event.isDone ? { by: describePrincipal(event.by), atMs } : null;
      const steps = known.steps.map((step, at) => (at === event.step ? { ...step, done } : step));
      records.set(event.runbookId, { ...known, steps });
    }
  }
  return [...records.values()];
}

const unticked = ({ runbookId, title, willNot, steps }: ChecklistStarted): ChecklistRecord => ({
  runbookId,
  title,
  willNot,
  steps: steps.map((text) => ({ text, done: null })),
});

type InJson = Readonly<Record<string, unknown>>;

const isoOrNull = (atMs: EpochMs | null): string | null => (atMs === null ? null : toIso(atMs));

const actionJson = (record: ActionRecord): InJson => {
  const { requestedAtMs, startedAtMs, endedAtMs, ...rest } = record;
  return {
    ...rest,
    requestedAt: toIso(requestedAtMs),
    startedAt: isoOrNull(startedAtMs),
    endedAt: isoOrNull(endedAtMs),
  };
};

const checklistJson = ({ steps, ...rest }: ChecklistRecord): InJson => ({
  ...rest,
  steps: steps.map(({ text, done }) => ({
    text,
    done: done === null ? null : { by: done.by, at: toIso(done.atMs) },
  })),
});

/** The machine-readable form of it all: instants in ISO 8601. */
export const actionsJson = (of: {
  readonly actions: readonly ActionRecord[];
  readonly changes: readonly Omit<ChangeFound, 'type'>[];
  readonly checklists: readonly ChecklistRecord[];
}): InJson => ({
  actions: of.actions.map(actionJson),
  changes: of.changes.map(({ changedAtMs, ...change }) => ({
    changedAt: toIso(changedAtMs),
    ...change,
  })),
  checklists: of.checklists.map(checklistJson),
});
