import type {
  PersonPolicy,
  Policy,
  SlackPolicy,
  TenantPolicy,
} from '../../../lib/domain/policy/policy.ts';
import { durationMs, minutes } from '../../../lib/domain/shared/time.ts';
import type { SlackRates } from './slack-profile.ts';

/** A tenant beside the one that the sources belong to: it has a workspace and people of its own. */
export const neighbour = 'globex';

export const home = 'C00000HOME';

/** What each tenant's workspace proves itself with. */
export const workspaces = {
  acme: { teamId: 'T00000ACME', signingSecret: 'signing-secret-of-acme', botToken: 'xoxb-acme' },
  globex: {
    teamId: 'T000GLOBEX',
    signingSecret: 'signing-secret-of-globex',
    botToken: 'xoxb-glob',
  },
} as const;

export type Workspace = keyof typeof workspaces;

/** Ids in Slack of those whom the policies know. */
export const slackIds = { ada: 'U000000ADA', olga: 'U00000OLGA', hank: 'U00000HANK' } as const;

const person = (id: keyof typeof slackIds, role: PersonPolicy['roles'][number]): PersonPolicy => ({
  id,
  name: id,
  email: null,
  pagerdutyUserId: id === 'ada' ? 'PADA' : null,
  slackUserId: slackIds[id],
  logins: [],
  apiNames: [],
  roles: [role],
});

const slackOf = (teamId: string, rates: SlackRates): SlackPolicy => ({
  teamId,
  enterpriseId: null,
  channel: home,
  ownChannel: {
    severities: rates.hasOwnChannels ? ['P0'] : [],
    prefix: 'inc',
    isPrivate: false,
    archiveAfterMs: minutes(10),
    invite: ['ada'],
  },
  linkHosts: ['console.example'],
  warRoomUrl: null,
});

/** The policy with people who steer from Slack, and a neighbour who must not. */
export function withSlack(policy: Policy, rates: SlackRates | null): Policy {
  const [tenant] = policy.tenants;
  if (rates === null || tenant === undefined) return policy;
  const everyMs = rates.repeatUpdatesMs === null ? null : durationMs(rates.repeatUpdatesMs);
  const acme: TenantPolicy = {
    ...tenant,
    people: [person('ada', 'responder'), person('olga', 'observer')],
    slack: slackOf(workspaces.acme.teamId, rates),
    communication: {
      ...tenant.communication,
      updateEveryMs: { P0: everyMs, P1: everyMs, P2: null },
      closeAfterMs: { P0: minutes(20), P1: minutes(20), P2: minutes(5) },
    },
  };
  const globex: TenantPolicy = {
    ...acme,
    id: neighbour,
    name: 'Globex',
    sources: [],
    people: [person('hank', 'responder')],
    slack: slackOf(workspaces.globex.teamId, rates),
  };
  return { ...policy, tenants: [acme, globex] };
}
