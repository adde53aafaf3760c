import type { Action } from '../../lib/domain/action/action.ts';
import type { Plan } from '../../lib/domain/action/plan.ts';
import type { ChangeRecord } from '../../lib/domain/action/rows.ts';
import { epochMs, minutes } from '../../lib/domain/shared/time.ts';
import type { ActionWrites } from '../../lib/ports/action-writes.ts';
import { systemHashing } from '../../lib/adapters/system/hashing.ts';
import { at, t0 } from './store-samples.ts';

const mark = 'a0123456789abcde.s1';

/** A rollback of one Deployment, with texts of usual length. */
export const samplePlan = (actionId = 'a0123456789abcde'): Plan => ({
  tenant: 'default',
  incidentId: 'k3v9m-2q7xzwn',
  actionId,
  verb: 'rollback',
  target: {
    id: 'checkout',
    platform: 'kubernetes',
    place: 'main',
    namespace: 'shop',
    kind: 'Deployment',
    name: 'checkout',
    uid: '5b2f6c1e-0d0b-4f0c-9c0b-2f6a3f1b7c11',
    service: 'checkout',
    team: 'payments',
  },
  locks: ['kubernetes/main/shop/Deployment/checkout'],
  title: 'Roll back Deployment shop/checkout to revision 16',
  basis: 'Revision 16 ran for three days before the incident, and all of its pods were available.',
  changes: [{ what: 'image of checkout', from: 'checkout:2.4.0', to: 'checkout:2.3.9' }],
  steps: [
    {
      id: 's1',
      says: 'Put back the pod template of revision 16.',
      call: {
        kind: 'kube-patch',
        ref: {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          namespace: 'shop',
          name: 'checkout',
        },
        subresource: null,
        type: 'json',
        body: [
          { op: 'test', path: '/metadata/generation', value: 17 },
          {
            op: 'replace',
            path: '/spec/template',
            value: {
              metadata: { labels: { app: 'checkout' }, annotations: { 'tocsin.dev/action': mark } },
              spec: { containers: [{ name: 'checkout', image: 'checkout:2.3.9' }] },
            },
          },
        ],
      },
      from: { generation: 17, template: systemHashing.digest('17').slice(0, 16) },
      to: { template: systemHashing.digest('16').slice(0, 16) },
    },
  ],
  verification: {
    convergeWithinMs: minutes(10),
    soakMs: minutes(2),
    samples: 12,
    validateWithinMs: minutes(10),
    checks: ['checkout-errors'],
  },
  undo: 'Roll back to revision 17: `rollback checkout to=17`.',
  risks: ['Requests in flight on the pods of revision 17 may fail.'],
  risk: 'narrow',
  owner: { kind: 'nobody', name: '', says: 'Nothing heals this object.' },
  authors: ['bob'],
  dryRun: { kind: 'passed', says: 'The cluster took the same patch as a dry run.' },
  followUps: [{ says: 'Revert the commit behind checkout:2.4.0.', afterMs: null }],
  before: { image: 'checkout:2.4.0' },
  plannedAtMs: t0,
});

export const sampleAction = (of: Partial<Action> = {}): Action => ({
  tenant: 'default',
  id: 'a0123456789abcde',
  incidentId: 'k3v9m-2q7xzwn',
  version: 1,
  state: 'proposed',
  request: {
    verb: 'rollback',
    targetId: 'checkout',
    parameters: {},
    reason: 'Errors began with checkout:2.4.0.',
  },
  origin: {
    kind: 'person',
    by: { kind: 'person', via: 'slack', id: 'U1', name: 'Ada' },
    personId: 'ada',
  },
  createdAtMs: t0,
  plan: samplePlan(of.id),
  planHash: systemHashing.digest('plan'),
  approvalsNeeded: 1,
  approvals: [],
  expiresAtMs: at(600_000),
  fence: null,
  leaseUntilMs: null,
  startedAtMs: null,
  step: 0,
  sends: 0,
  sentAtMs: null,
  appliedAtMs: null,
  convergedAtMs: null,
  goodSinceMs: null,
  goodSamples: 0,
  lastSample: null,
  failures: 0,
  waitingFor: '',
  nextAtMs: at(600_000),
  endedAtMs: null,
  outcome: '',
  comparison: null,
  ...of,
});

export const writesOf = (action: Action, more: Partial<ActionWrites> = {}): ActionWrites => ({
  action,
  leases: [],
  starts: null,
  standing: null,
  mustNotBeHalted: false,
  ...more,
});

export const sampleChange = (of: Partial<ChangeRecord> = {}): ChangeRecord => ({
  tenant: 'default',
  id: 'deployment/1',
  sourceId: 'github',
  kind: 'rollout',
  service: 'checkout',
  environment: 'production',
  title: 'Deployed checkout 2.4.0',
  url: 'https://git.example.com/shop/checkout/commit/1',
  author: 'bob',
  status: 'succeeded',
  atMs: epochMs(t0),
  versions: ['checkout:2.4.0'],
  previous: ['checkout:2.3.9'],
  ...of,
});
