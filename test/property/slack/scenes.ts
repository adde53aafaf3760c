import fc from 'fast-check';
import type { Phrase } from '../../../lib/domain/announce/phrase.ts';
import type { Line } from '../../../lib/domain/announce/renderer.ts';
import type { Incident } from '../../../lib/domain/incident/state.ts';
import type { TargetPolicy } from '../../../lib/domain/policy/action-policy.ts';
import type { SlackPolicy, TenantPolicy } from '../../../lib/domain/policy/policy.ts';
import type { Form } from '../../../lib/domain/verbs/form.ts';
import {
  acknowledged,
  at,
  fold,
  paged,
  resolvedByHand,
  tenant,
} from '../../unit/domain/samples.ts';

export const slackPolicy: SlackPolicy = {
  teamId: 'T0ACME',
  enterpriseId: null,
  channel: 'C0INC',
  ownChannel: {
    severities: ['P0'],
    prefix: 'inc',
    isPrivate: false,
    archiveAfterMs: null,
    invite: [],
  },
  linkHosts: ['wiki.example'],
  warRoomUrl: 'https://meet.example/{id}',
};

const checkout: TargetPolicy = {
  id: 'checkout',
  service: null,
  team: 'payments',
  on: { kind: 'workload', cluster: 'm', namespace: 's', workload: 'Deployment', name: 'checkout' },
  checks: [],
  approvers: [],
  replicas: null,
  git: null,
};

export const slackTenant: TenantPolicy = { ...tenant, slack: slackPolicy };

/** One with something that can be acted on. */
export const actingTenant: TenantPolicy = {
  ...slackTenant,
  actions: { ...tenant.actions, targets: [checkout] },
};

export const consoleUrl = 'https://console.example/incidents/abcde-1234567?t=acme&e=1&s=x';

/** Ids that only the policy and Slack itself give: the controls that may be in a message. */
export const ownControl =
  /^(?:@U0ADA|#C0OWN|!date\^\d+\^\{(?:date_short_pretty\} at \{time|time)\}\|[0-9: -]+UTC|https:\/\/(?:wiki|meet|console)\.example\/[^|]*\|[^|]*)$/;

/** Takes each text that comes from outside, in the order of the fields, and gives another. */
export type Taint = (field: string) => string;

/** An incident of each state in which every text from outside was replaced. */
export const incidentWith = (state: Incident['state'], taint: Taint): Incident => {
  const given = { triggered: paged, acknowledged, resolved: resolvedByHand }[state];
  const person = { kind: 'person', via: 'pagerduty', id: 'PX', name: taint('person') } as const;
  const by = state === 'acknowledged' ? { acknowledgedBy: person } : { resolvedBy: person };
  return {
    ...fold(given),
    ...by,
    title: taint('title'),
    summary: taint('summary'),
    service: taint('service'),
    team: taint('team'),
    environment: taint('environment'),
    severityReason: { rule: 'r', text: taint('reason') },
    links: { runbook: taint('runbook'), dashboard: taint('dashboard') },
    pagerUrl: taint('pager'),
    addedLinks: [{ title: taint('link title'), url: 'https://wiki.example/added' }],
    roles: [{ role: 'commander', person: { id: 'ada', name: taint('holder') } }],
    latestUpdate: {
      issue: taint('issue'),
      impact: taint('impact'),
      actions: taint('actions'),
      estimate: taint('estimate'),
      nextDueAtMs: null,
      by: person,
      atMs: at(5),
    },
    updateDueAtMs: at(20),
    ...workWith(taint),
  };
};

const planHash = '0123456789abcdef'.repeat(4);

/** Actions, a change and a checklist of which every text is from outside. */
const workWith = (taint: Taint): Pick<Incident, 'actions' | 'changes' | 'checklists'> => ({
  actions: (['proposed', 'executing'] as const).map((state) => ({
    actionId: `a-${state}`,
    verb: 'rollback',
    targetId: 'checkout',
    title: taint(`action ${state}`),
    state,
    planHash,
    approvalsNeeded: 2,
    approvedBy: [taint('approver')],
    expiresAtMs: at(9),
    atMs: at(1),
    outcome: '',
  })),
  changes: [
    {
      changeId: 'c1',
      title: taint('change'),
      url: 'https://wiki.example/change',
      author: taint('author'),
      service: 'checkout',
      changedAtMs: at(-9),
      reason: taint('why'),
      likelihoodPct: 80,
    },
  ],
  checklists: [
    {
      runbookId: 'restore',
      title: taint('checklist'),
      willNot: taint('will not'),
      steps: ['one', 'two', 'three'].map((name) => ({ text: taint(`step ${name}`), done: null })),
    },
  ],
});

/** A line that asks for an approval, and one that asks people to work through a checklist. */
export const asksWith = (taint: Taint): readonly Line[] => [
  ...linesWith(taint, 2),
  {
    seq: 8,
    atMs: at(8),
    tone: 'plain',
    phrase: phraseWith(taint),
    asks: {
      kind: 'approval',
      plan: {
        actionId: 'a-proposed',
        planHash,
        title: taint('plan title'),
        basis: taint('basis'),
        changes: Array.from({ length: 9 }, (_, index) => ({
          what: taint(`what ${index}`),
          from: taint(`from ${index}`),
          to: taint(`to ${index}`),
        })),
        risks: [taint('risk'), taint('other risk')],
        undo: taint('undo'),
        approvalsNeeded: 2,
        approvalsReason: '2 people must approve.',
        mayApprove: [taint('may')],
        expiresAtMs: at(9),
      },
    },
  },
  {
    seq: 9,
    atMs: at(9),
    tone: 'plain',
    phrase: phraseWith(taint),
    asks: { kind: 'steps', runbookId: 'restore' },
  },
];

export const phraseWith = (taint: Taint): Phrase => [
  { kind: 'bold', text: taint('bold') },
  { kind: 'text', text: ` ${taint('text')} ` },
  { kind: 'time', atMs: at(3) },
  { kind: 'mention', slackUserId: 'U0ADA' },
  { kind: 'channel', channel: 'C0OWN' },
  { kind: 'link', title: taint('title'), url: 'https://wiki.example/x' },
  { kind: 'link', title: 'Elsewhere', url: taint('url') },
];

export const linesWith = (taint: Taint, count: number): readonly Line[] =>
  Array.from({ length: count }, (_, seq) => ({
    seq,
    atMs: at(seq),
    tone: 'bad',
    phrase: phraseWith((field) => taint(`${field} ${seq}`)),
  }));

export const formWith = (name: Form['name'], incident: Incident | null, taint: Taint): Form => ({
  name,
  incident,
  values: { text: taint('value'), title: taint('value'), person: 'ada', issue: taint('value') },
  choices: {
    person: Array.from({ length: 120 }, (_, index) => ({
      value: `p${index}`,
      label: taint(`label ${index}`),
    })),
    role: [{ value: 'scribe', label: taint('role') }],
    answer: [{ value: 'approve', label: taint('answer') }],
    step: [{ value: 'restore 1', label: taint('step') }],
    action: [{ value: 'scale checkout', label: taint('action') }],
    service: [],
  },
  occurredAtMs: at(1),
  args: 'a-proposed 01234567',
  parts: Array.from({ length: 30 }, (_, index) => ({
    name: taint(`part ${index}`),
    lines: [taint(`line ${index}`), taint(`further ${index}`)],
  })),
});

export const states = fc.constantFrom('triggered', 'acknowledged', 'resolved');
