import type { ActionSummary } from '../domain/action/action.ts';
import type { Checklist, Incident } from '../domain/incident/state.ts';
import type { JsonObject } from '../domain/shared/json.ts';
import { redactAll } from '../domain/shared/redact.ts';
import { toIso } from '../domain/shared/time.ts';

/** What is done about an incident: actions, changes that may be its cause, checklists. */
export const workJson = ({ actions, changes, checklists }: Incident): JsonObject => ({
  actions: actions.map(summaryJson),
  changes: changes.map(({ changedAtMs, ...change }) => ({
    ...change,
    changedAt: toIso(changedAtMs),
  })),
  checklists: checklists.map(checklistJson),
});

const summaryJson = ({ actionId, targetId, ...rest }: ActionSummary): JsonObject => {
  const { expiresAtMs, atMs, ...summary } = rest;
  return {
    id: actionId,
    target: targetId,
    ...summary,
    expiresAt: expiresAtMs === null ? null : toIso(expiresAtMs),
    at: toIso(atMs),
  };
};

/** A checklist with its ticks. */
export const checklistJson = ({ runbookId, title, willNot, steps }: Checklist): JsonObject =>
  redactAll({
    runbook: runbookId,
    title,
    willNot,
    steps: steps.map(({ text, done }) => ({
      text,
      done: done === null ? null : { by: done.by, at: toIso(done.atMs) },
    })),
  });
