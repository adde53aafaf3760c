import type { Policy, SlackPolicy, TenantPolicy } from '../../domain/policy/policy.ts';
import { readTextIfPresent, writeFileAtomically } from '../shared/files.ts';
import { isJsonObject, parseJson } from '../shared/json.ts';
import { keptText } from './kept-text.ts';
import type { OutsideSlack } from './slack-choice.ts';
import { StartProblem } from './start-problem.ts';

/** What Tocsin and a workspace prove themselves to each other with. */
export interface SlackWorkspaceKeys {
  readonly botToken: string;
  readonly signingSecrets: readonly string[];
}

/** By tenant, as the secret holds it. */
export interface SlackKeys {
  readonly workspaces: Readonly<Record<string, SlackWorkspaceKeys>>;
}

/** A tenant that has a workspace. */
export type SlackTenant = TenantPolicy & { readonly slack: SlackPolicy };

export const slackTenants = ({ tenants }: Policy): readonly SlackTenant[] =>
  tenants.flatMap((tenant) => (tenant.slack === null ? [] : [{ ...tenant, slack: tenant.slack }]));

/**
 * The keys of the sandbox's workspaces, made at the first start and kept in the file (0600): the
 * same from then on, and more of them when the policy has more workspaces.
 */
export function keepSlackSandboxKeys(path: string, policy: Policy): SlackKeys {
  const stored = parseJson(readTextIfPresent(path) ?? '');
  const kept = isJsonObject(stored) ? stored : {};
  const keys: SlackKeys = {
    workspaces: Object.fromEntries(
      slackTenants(policy).map(({ id }) => [
        id,
        {
          botToken: keptText(kept, ['workspaces', id, 'botToken'], 'xoxb-'),
          signingSecrets: [keptText(kept, ['workspaces', id, 'signingSecrets', '0'])],
        },
      ]),
    ),
  };
  writeFileAtomically(path, `${JSON.stringify(keys, undefined, 2)}\n`);
  return keys;
}

/**
 * The keys of the workspace in the environment, which is that of the first tenant with Slack.
 * Throws `StartProblem` when the policy has none.
 */
export function outsideSlackKeys(
  { botToken, signingSecrets }: OutsideSlack,
  policy: Policy,
): SlackKeys {
  const [tenant] = slackTenants(policy);
  if (tenant !== undefined) return { workspaces: { [tenant.id]: { botToken, signingSecrets } } };
  throw new StartProblem(
    'SLACK_BOT_TOKEN is set, but no tenant of the policy has a slack section, so nothing would ' +
      'ever be posted. Give one the ids of the workspace and of its channel, or unset ' +
      'SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET.',
  );
}
