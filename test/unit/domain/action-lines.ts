import type { ActionEvent, RunbookEvent } from '../../../lib/domain/action/event.ts';
import { ada, at } from './samples.ts';
import {
  actionId,
  ann,
  bad,
  ben,
  byAnn,
  byRunbook,
  good,
  plan,
  principal,
  request,
} from './action-samples.ts';

export const planHash = '0123456789abcdef'.repeat(4);

export const plannedEvent: Extract<ActionEvent, { readonly type: 'action.planned' }> = {
  type: 'action.planned',
  actionId,
  planHash,
  title: plan().title,
  basis: plan().basis,
  changes: plan().changes,
  risks: plan().risks,
  undo: plan().undo,
  approvalsNeeded: 1,
  approvalsReason: 'One person must approve.',
  mayApprove: ['Ben', 'Cem'],
  expiresAtMs: at(11),
};

export const endedEvent: Extract<ActionEvent, { readonly type: 'action.ended' }> = {
  type: 'action.ended',
  actionId,
  state: 'verified',
  outcome: 'All three signals were good for 2 min, in 13 samples in a row.',
  by: { kind: 'system', part: 'actions' },
  wasApplied: true,
  followUps: plan().followUps,
};

export const changeEvent: Extract<RunbookEvent, { readonly type: 'change.found' }> = {
  type: 'change.found',
  changeId: 'c1',
  title: 'Deploy checkout:17',
  url: 'https://git.example/c1',
  author: 'dot-codes',
  service: 'checkout',
  changedAtMs: at(-10),
  reason: 'it ended 10 min before the first alert',
  likelihoodPct: 80,
};

export const checklistEvent: Extract<RunbookEvent, { readonly type: 'checklist.started' }> = {
  type: 'checklist.started',
  runbookId: 'restore',
  title: 'Restore from a backup',
  steps: ['Stop the writers', 'Restore'],
  willNot: 'It never restores by itself.',
};

type Row = readonly [ActionEvent | RunbookEvent, text: string, reason: string | null];

/** What the timeline says of each event about actions, runbooks and changes. */
export const actionRows: readonly Row[] = [
  [
    { type: 'action.requested', actionId, request, origin: byAnn },
    `Ann (slack) asked for action ${actionId}: Roll back checkout`,
    'errors since the deploy',
  ],
  [
    {
      type: 'action.requested',
      actionId,
      request: { ...request, verb: 'scale', parameters: { replicas: '5' }, reason: '' },
      origin: byRunbook('propose'),
    },
    `Runbook bad-deploy (propose) asked for action ${actionId}: Scale checkout, replicas 5`,
    null,
  ],
  [
    plannedEvent,
    `Plan 01234567 of action ${actionId}: Roll back Deployment shop/checkout to revision 16 ` +
      '(image: checkout:17 → checkout:16). One person must approve. Ben or Cem may. ' +
      'It is good until 2026-05-12T03:11:00.000Z.',
    'Revision 16 was healthy before the change at 02:50.',
  ],
  [
    {
      type: 'action.approved',
      actionId,
      planHash,
      by: principal(ben),
      personId: 'ben',
      count: 1,
      needed: 2,
    },
    `Ben (slack) approved plan 01234567 of action ${actionId}: 1 of 2`,
    null,
  ],
  [
    { type: 'action.started', actionId, planHash, fence: 3, locks: ['a', 'b'] },
    `Action ${actionId} started`,
    'it has a and b, fence 3',
  ],
  [
    { type: 'action.waiting', actionId, reason: 'It is held.' },
    `Action ${actionId} waits`,
    'It is held.',
  ],
  [
    { type: 'action.step_sent', actionId, stepId: 's1', says: 'Put it back', send: 1 },
    `Action ${actionId} sends step s1: Put it back`,
    null,
  ],
  [
    { type: 'action.step_sent', actionId, stepId: 's1', says: 'Put it back', send: 2 },
    `Action ${actionId} sends step s1 once more: Put it back`,
    null,
  ],
  [
    { type: 'action.step_applied', actionId, stepId: 's1', knownBy: 'answer', isLast: true },
    `Step s1 of action ${actionId} is done`,
    'the target answered so',
  ],
  [
    { type: 'action.step_applied', actionId, stepId: 's1', knownBy: 'observation', isLast: true },
    `Step s1 of action ${actionId} is done`,
    'the target was read and shows it',
  ],
  [
    { type: 'action.step_uncertain', actionId, stepId: 's1', why: 'timeout' },
    `Whether step s1 of action ${actionId} happened is not known; the target is read`,
    'timeout',
  ],
  [
    { type: 'action.step_not_applied', actionId, stepId: 's1' },
    `Step s1 of action ${actionId} did not happen: the target is as it was before`,
    null,
  ],
  [
    { type: 'action.converged', actionId, says: '3 of 3 pods are ready' },
    `Action ${actionId} is carried out; its effect is measured now`,
    '3 of 3 pods are ready',
  ],
  [
    {
      type: 'action.sampled',
      actionId,
      wasGood: true,
      sample: { atMs: at(4), workload: good, alert: bad, metric: good },
    },
    `Signals of action ${actionId}. Workload good: as it should be; ` +
      'alert bad: not as it should be; metric good: as it should be.',
    null,
  ],
  [
    endedEvent,
    `Action ${actionId} was verified. All three signals were good for 2 min, in 13 samples in a row.`,
    null,
  ],
  [
    {
      type: 'action.compared',
      actionId,
      comparison: { kind: 'same', says: 'Ben rolled it back.', atMs: at(9) },
    },
    `Shadow ${actionId} compared: people did the same`,
    'Ben rolled it back.',
  ],
  [
    changeEvent,
    'Change of checkout at 2026-05-12T02:50:00.000Z by dot-codes, likelihood 80 %: Deploy checkout:17',
    'it ended 10 min before the first alert',
  ],
  [
    checklistEvent,
    'Checklist “Restore from a backup” with 2 steps for people',
    'It never restores by itself.',
  ],
  [
    { type: 'checklist.ticked', runbookId: 'restore', step: 0, isDone: true, by: ada },
    'Step 1 of checklist restore done, says Ada (api)',
    null,
  ],
  [
    { type: 'checklist.ticked', runbookId: 'restore', step: 1, isDone: false, by: principal(ann) },
    'Step 2 of checklist restore not done after all, says Ann (slack)',
    null,
  ],
];
