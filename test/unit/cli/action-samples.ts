import { incident, listOf } from './incident-samples.ts';
import { fakeApi, type Answer } from './run-cli.ts';

export const actionId = 'a41f00000000000';
export const wholeId = `${actionId}1`;
export const planHash = '1a2b3c4d'.repeat(8);
const path = `/v1/actions/${wholeId}`;

/** An action as docs/api.md shows it. */
export const proposed = {
  id: wholeId,
  tenant: 'default',
  incident: incident.id,
  version: 2,
  state: 'proposed',
  verb: 'rollback',
  target: 'checkout',
  parameters: {},
  reason: 'errors since 2.4.0',
  title: 'Roll back Deployment shop/checkout to revision 16',
  origin: { kind: 'person', person: 'ada', by: { kind: 'person', name: 'Ada Byron' } },
  planHash,
  approvalsNeeded: 2,
  approvals: [{ person: 'grace', by: { name: 'Grace Murray' }, planHash }],
  expiresAt: '2026-11-21T03:56:00.000Z',
  createdAt: '2026-11-21T03:46:00.000Z',
  endedAt: null,
  waitingFor: '',
  outcome: '',
  planText: {
    title: 'Roll back Deployment shop/checkout to revision 16',
    hash: '1a2b3c4d',
    parts: [
      { name: 'Why this', lines: ['Revision 16 ran for three days.'] },
      { name: 'Changes', lines: ['image: checkout:2.4.0 → checkout:2.3.9', 'evil \u001b[2J text'] },
    ],
  },
  samples: [],
  timeline: [
    {
      at: '2026-11-21T03:46:00.000Z',
      seq: 9,
      type: 'action.requested',
      text: 'Ada Byron (api) asked for it',
      reason: 'errors since 2.4.0',
    },
  ],
};

export const planning = { ...proposed, state: 'planning', planHash: '', planText: null };
export const refused = { ...planning, state: 'refused', endedAt: 'x', outcome: 'It is paused.' };

export const targets = {
  tenant: 'default',
  halt: { on: false, by: '', reason: '', at: null },
  targets: [
    { id: 'checkout', service: 'checkout', lock: null },
    {
      id: 'search',
      service: 'search',
      lock: { by: 'Ada Byron (api)', reason: 'migration', until: '2026-11-21T05:00:00.000Z' },
    },
    { id: 'shared', service: null, lock: null },
  ],
  console: 'https://tocsin.example.com/actions',
};

export const actionList = (...actions: readonly object[]) => ({ actions, next: null });

/** The API with one action, and what else it is to answer. */
export const actionApi = (more: Readonly<Record<string, Answer>> = {}) =>
  fakeApi({
    'GET /v1/targets': targets,
    'GET /v1/incidents': listOf(incident),
    'GET /v1/actions?limit=100&status=open': actionList(proposed),
    'GET /v1/actions?limit=100&status=ended': actionList(),
    [`GET ${path}`]: { action: proposed, console: 'https://...' },
    [`POST /v1/incidents/${incident.id}/actions`]: { changed: true, action: planning },
    ...more,
  });
