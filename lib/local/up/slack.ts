import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Policy } from '../../domain/policy/policy.ts';
import type { Mount } from '../runtime/http/api-server.ts';
import { createSlackSandbox } from '../sandbox/slack/sandbox.ts';
import type { SlackSandboxWorkspace } from '../sandbox/slack/settings.ts';
import type { Timekeeper } from '../shared/timekeeper.ts';
import { slackApp } from './slack-app.ts';
import type { SlackChoice } from './slack-choice.ts';
import {
  keepSlackSandboxKeys,
  outsideSlackKeys,
  slackTenants,
  type SlackKeys,
} from './slack-keys.ts';
import { sandboxWorkspace } from './slack-people.ts';

/** The Slack of this run. */
export interface SlackHere {
  readonly keys: SlackKeys;
  /** The variables of functions that say where Slack is; the console's, where to look at it. */
  readonly environment: (url: string) => Readonly<Record<string, string>>;
  /** The parts of our own address that are served here. */
  readonly mounts: (url: string) => readonly Mount[];
  readonly close: () => Promise<void>;
}

export interface SlackRequest {
  readonly choice: SlackChoice;
  readonly dataDir: string;
  readonly policy: Policy;
  readonly timekeeper: Timekeeper;
}

/** Where the sandbox is on our own address. */
export const SLACK_SANDBOX_PATH = '/sandbox/slack';

/** The sandbox, ready to be mounted, or the way to an outside workspace. */
export function prepareSlack({ choice, dataDir, policy, timekeeper }: SlackRequest): SlackHere {
  if (choice.kind === 'outside') {
    return {
      keys: outsideSlackKeys(choice, policy),
      environment: () => ({ SLACK_API_URL: choice.apiUrl }),
      mounts: () => [],
      close: () => Promise.resolve(),
    };
  }
  const directory = join(dataDir, 'slack-sandbox');
  const keys = keepSlackSandboxKeys(join(directory, 'keys.json'), policy);
  return sandbox({ keys, workspaces: workspacesOf(policy, keys), directory, timekeeper });
}

interface SandboxRequest {
  readonly keys: SlackKeys;
  readonly workspaces: readonly SlackSandboxWorkspace[];
  readonly directory: string;
  readonly timekeeper: Timekeeper;
}

function sandbox({ keys, workspaces, directory, timekeeper }: SandboxRequest): SlackHere {
  let close = (): Promise<void> => Promise.resolve();
  return {
    keys,
    environment: (url) => ({
      SLACK_API_URL: `${url}${SLACK_SANDBOX_PATH}/api/`,
      TOCSIN_SLACK_VIEW: SLACK_SANDBOX_PATH,
    }),
    mounts: (url) => {
      const server = createSlackSandbox({
        timekeeper,
        randomBytes,
        ledgerDirectory: join(directory, 'workspaces'),
        siteUrl: url,
        app: slackApp(url),
        workspaces,
      });
      close = server.close;
      return [{ prefix: SLACK_SANDBOX_PATH, handle: server.handle }];
    },
    close: () => close(),
  };
}

const workspacesOf = (policy: Policy, keys: SlackKeys): readonly SlackSandboxWorkspace[] =>
  slackTenants(policy).flatMap((tenant) => {
    const own = keys.workspaces[tenant.id];
    return own === undefined ? [] : [sandboxWorkspace(tenant, own)];
  });
