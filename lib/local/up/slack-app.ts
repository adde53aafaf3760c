import type { SlackSandboxApp } from '../sandbox/slack/settings.ts';

export const SLACK_COMMANDS_PATH = '/v1/slack/commands';
export const SLACK_INTERACTIONS_PATH = '/v1/slack/interactions';

/** The app as `slack/manifest.yaml` installs it in a real workspace, with us at the address. */
export const slackApp = (url: string): SlackSandboxApp => ({
  name: 'Tocsin',
  commands: [
    {
      command: '/incident',
      description: 'Declare, follow and steer incidents',
      usageHint: 'help',
    },
  ],
  shortcuts: [
    { name: 'Declare incident', type: 'global', callbackId: 'tocsin:declare' },
    { name: 'Add to timeline', type: 'message', callbackId: 'tocsin:note' },
  ],
  scopes: [
    'commands',
    'chat:write',
    'channels:manage',
    'channels:join',
    'channels:read',
    'channels:history',
    'groups:write',
    'groups:read',
    'groups:history',
  ],
  commandsUrl: `${url}${SLACK_COMMANDS_PATH}`,
  interactionsUrl: `${url}${SLACK_INTERACTIONS_PATH}`,
});
