import type {
  SlackSandboxChannel,
  SlackSandboxUser,
  SlackSandboxWorkspace,
} from '../sandbox/slack/settings.ts';
import type { SlackTenant, SlackWorkspaceKeys } from './slack-keys.ts';

/**
 * Those who may do nothing, so that a newcomer can see the refusal: a colleague whom the policy
 * does not know, a guest, and somebody of another workspace.
 */
const OTHERS: readonly SlackSandboxUser[] = [
  { id: 'U0SANDBOX1', handle: 'noa', name: 'Noa (not in the policy)', email: null, kind: 'member' },
  { id: 'U0SANDBOX2', handle: 'gil', name: 'Gil', email: null, kind: 'guest' },
  { id: 'U0SANDBOX3', handle: 'sam', name: 'Sam', email: null, kind: 'stranger' },
];

const GENERAL: SlackSandboxChannel = { id: 'C0SANDBOX1', name: 'general', hasApp: false };

/** A tenant's workspace: its people, the default channel, and another one without the app. */
export function sandboxWorkspace(
  { name, people, slack }: SlackTenant,
  { botToken, signingSecrets }: SlackWorkspaceKeys,
): SlackSandboxWorkspace {
  const known = people.flatMap(({ id, name: fullName, email, slackUserId, roles }) => {
    if (slackUserId === null) return [];
    const note = roles.every((role) => role === 'observer') ? ' (observer)' : '';
    const shown = `${fullName}${note}`;
    return [{ id: slackUserId, handle: id, name: shown, email, kind: 'member' as const }];
  });
  return {
    teamId: slack.teamId,
    enterpriseId: slack.enterpriseId,
    name,
    botToken,
    signingSecret: signingSecrets[0] ?? '',
    users: [...known, ...OTHERS],
    channels: [{ id: slack.channel, name: 'incidents', hasApp: true }, GENERAL],
  };
}
