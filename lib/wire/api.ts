import { createDynamoDbActionRows } from '../adapters/dynamodb/action-rows.ts';
import type { ActionDeps } from '../app/actions/deps.ts';
import type { CoverageDeps } from '../app/coverage/prove-coverage.ts';
import type { Secrets } from '../ports/secrets.ts';
import { wireCore } from './core.ts';
import { addressOr, type Variables } from './environment.ts';
import { wireConsoleLinks, type ConsoleLinks } from './links.ts';
import { wireSecrets } from './secrets.ts';
import { version } from './version.ts';

/** What the function for people needs. */
export interface ApiDeps extends ActionDeps {
  readonly secrets: Secrets;
  readonly links: ConsoleLinks;
  /** What asking PagerDuty and Slack needs; loaded by the first who asks. */
  readonly proof: () => Promise<CoverageDeps>;
  /** Public address of the console, without a slash at the end. */
  readonly consoleUrl: string;
  /** Whether the console answers without a signed link. */
  readonly isConsoleOpen: boolean;
  /** Path at which the console shows the sandbox's Slack; null where there is none. */
  readonly slackViewPath: string | null;
  readonly version: string;
}

/** The function that people and their programs read and steer by. */
export function wireApi(variables = process.env): ApiDeps {
  const core = wireCore(variables);
  const secrets = wireSecrets(variables, core.log);
  return {
    ...core,
    secrets,
    actionRows: createDynamoDbActionRows(core.table),
    links: wireConsoleLinks(variables, secrets, core.clock),
    proof: async () => {
      const { wireProof } = await import('./coverage.ts');
      return wireProof(variables, { ...core, secrets });
    },
    consoleUrl: addressOr(variables, 'TOCSIN_CONSOLE_URL', ''),
    isConsoleOpen: isConsoleOpen(variables),
    slackViewPath: isConsoleOpen(variables) ? (variables['TOCSIN_SLACK_VIEW'] ?? null) : null,
    version,
  };
}

/**
 * Only the one-machine runtime opens the console, which it serves to its own machine alone. In
 * Lambda, known by the address of its runtime API, nothing can open it.
 */
export const isConsoleOpen = (variables: Variables): boolean =>
  variables['TOCSIN_CONSOLE_OPEN'] === '1' && variables['AWS_LAMBDA_RUNTIME_API'] === undefined;
