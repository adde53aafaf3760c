import fc from 'fast-check';
import type { Phrase } from '../../../lib/domain/announce/phrase.ts';
import type { Line } from '../../../lib/domain/announce/renderer.ts';
import type { Incident } from '../../../lib/domain/incident/state.ts';
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

export const slackTenant: TenantPolicy = { ...tenant, slack: slackPolicy };

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
  };
};

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
    service: [],
  },
  occurredAtMs: at(1),
});

export const states = fc.constantFrom('triggered', 'acknowledged', 'resolved');
