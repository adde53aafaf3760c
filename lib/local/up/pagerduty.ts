import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Policy } from '../../domain/policy/policy.ts';
import type { Mount } from '../runtime/http/api-server.ts';
import { createPagerDutySandbox } from '../sandbox/pagerduty/sandbox.ts';
import type { Timekeeper } from '../shared/timekeeper.ts';
import type { OutsidePagerDuty, PagerDutyChoice } from './pagerduty-choice.ts';
import {
  keepSandboxKeys,
  outsideKeys,
  type PagerDutyKeys,
  type SandboxKeys,
} from './pagerduty-keys.ts';
import { sandboxPeople } from './sandbox-people.ts';

/** Whoever is paged in this run. */
export interface PagerDutyHere {
  readonly keys: PagerDutyKeys;
  /** The variables of functions that say where PagerDuty is. */
  readonly environment: (url: string) => Readonly<Record<string, string>>;
  /** The parts of our own address that are served here. */
  readonly mounts: (url: string) => readonly Mount[];
  readonly close: () => Promise<void>;
}

export interface PagerDutyRequest {
  readonly choice: PagerDutyChoice;
  readonly dataDir: string;
  readonly policy: Policy;
  readonly timekeeper: Timekeeper;
}

/** Where the sandbox is on our own address. */
export const SANDBOX_PATH = '/sandbox/pagerduty';
export const WEBHOOK_PATH = '/v1/pagerduty/webhook';

/** The sandbox, ready to be mounted, or the way to an outside PagerDuty. */
export function preparePagerDuty(request: PagerDutyRequest): PagerDutyHere {
  const directory = join(request.dataDir, 'pagerduty-sandbox');
  const generated = keepSandboxKeys(join(directory, 'keys.json'), request.policy);
  return request.choice.kind === 'outside'
    ? outside(request.choice, generated)
    : sandbox(generated, { ledgerPath: join(directory, 'ledger.jsonl'), ...request });
}

function outside(choice: OutsidePagerDuty, generated: SandboxKeys): PagerDutyHere {
  return {
    keys: outsideKeys(choice, generated),
    environment: () => ({
      PAGERDUTY_EVENTS_URL: choice.eventsUrl,
      PAGERDUTY_API_URL: choice.apiUrl,
    }),
    mounts: () => [],
    close: () => Promise.resolve(),
  };
}

function sandbox(
  keys: SandboxKeys,
  { ledgerPath, policy, timekeeper }: PagerDutyRequest & { readonly ledgerPath: string },
): PagerDutyHere {
  let close = (): Promise<void> => Promise.resolve();
  return {
    keys,
    environment: (url) => ({
      PAGERDUTY_EVENTS_URL: `${url}${SANDBOX_PATH}/events`,
      PAGERDUTY_API_URL: `${url}${SANDBOX_PATH}/api`,
    }),
    mounts: (url) => {
      const server = createPagerDutySandbox({
        timekeeper,
        randomBytes,
        ledgerPath,
        routingKeys: keys.routingKeys,
        apiTokens: [keys.apiToken],
        people: sandboxPeople(policy),
        siteUrl: url,
        webhookTargets: Object.entries(keys.webhookSecrets).map(([tenant, secrets]) => ({
          id: `tocsin-${tenant}`,
          url: `${url}${WEBHOOK_PATH}`,
          secrets,
        })),
      });
      close = server.close;
      return [{ prefix: SANDBOX_PATH, handle: server.handle }];
    },
    close: () => close(),
  };
}
