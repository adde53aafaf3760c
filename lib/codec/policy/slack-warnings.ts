import { excerpt, type Finding, type Path } from './problem.ts';
import type { PolicyFile } from './schema.ts';

type TenantFile = PolicyFile['tenants'][string];

/** What a tenant with Slack probably means otherwise; nothing for one without. */
export function findSlackWarnings(tenant: TenantFile, path: Path): readonly Finding[] {
  if (tenant.slack === undefined) return [];
  const invite = [...path, 'slack', 'ownChannel', 'invite'];
  return [
    ...nobodyMayAct(tenant, [...path, 'slack']),
    ...noSlackUsers(tenant, [...path, 'people']),
    ...cannotBeInvited(tenant, tenant.slack.ownChannel.invite, invite),
  ];
}

function nobodyMayAct({ people }: TenantFile, path: Path): readonly Finding[] {
  const mayAct = people.some(
    ({ slackUserId, roles }) =>
      slackUserId !== undefined && roles.some((role) => role !== 'observer'),
  );
  if (mayAct) return [];
  return [
    {
      path,
      of: 'key',
      problem: 'nobody may act from Slack: nobody among people who may respond has a slackUserId',
      found: null,
      allowed: 'a slackUserId for everybody who responds',
      fix: 'add slackUserId: to those people, from their profile in Slack',
    },
  ];
}

/** Ids of users begin with U, or with W where an organisation moved into a grid. */
const userShape = /^[UW][A-Z0-9]{2,20}$/;

function noSlackUsers({ people }: TenantFile, list: Path): readonly Finding[] {
  return people.flatMap(({ id, slackUserId }, index) => {
    if (slackUserId === undefined || userShape.test(slackUserId)) return [];
    return [
      {
        path: [...list, index, 'slackUserId'],
        of: 'value',
        problem: `Slack has no such user id, and ${id} will be refused there`,
        found: excerpt(slackUserId),
        allowed: 'U or W, then capitals and digits',
        fix: 'copy the member ID from the profile of this person in Slack',
      } as const,
    ];
  });
}

function cannotBeInvited(
  { people }: TenantFile,
  invite: readonly string[],
  list: Path,
): readonly Finding[] {
  return invite.flatMap((id, index) => {
    const person = people.find((each) => each.id === id);
    if (person?.slackUserId !== undefined) return [];
    return [
      {
        path: [...list, index],
        of: 'value',
        problem: `${id} cannot be invited, since the policy does not know them in Slack`,
        found: excerpt(id),
        allowed: 'people with a slackUserId',
        fix: `add slackUserId: to ${id} in people`,
      } as const,
    ];
  });
}
