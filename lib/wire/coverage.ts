import { createSlackChat } from '../adapters/slack/chat.ts';
import type { CoverageDeps } from '../app/coverage/prove-coverage.ts';
import type { WatchDeps } from '../app/coverage/watch-coverage.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { Clock, Log } from '../ports/system.ts';
import { wireBlobs } from './blobs.ts';
import { wireCore } from './core.ts';
import { addressOr, type Variables } from './environment.ts';
import { wirePagerRest } from './pager-rest.ts';
import { wireSecrets } from './secrets.ts';

/** What asking PagerDuty and Slack about the routes needs. */
export function wireProof(
  variables: Variables,
  { clock, log, secrets }: { readonly clock: Clock; readonly log: Log; readonly secrets: Secrets },
): CoverageDeps {
  const apiUrl = addressOr(variables, 'SLACK_API_URL', 'https://slack.com/api');
  return {
    clock,
    pagerRest: wirePagerRest(variables, secrets, log),
    chat: createSlackChat({ apiUrl: `${apiUrl}/`, secrets }),
  };
}

/** The function that proves the coverage every night. */
export function wireCoverage(variables = process.env): WatchDeps {
  const core = wireCore(variables);
  const secrets = wireSecrets(variables, core.log);
  return {
    ...core,
    ...wireProof(variables, { ...core, secrets }),
    blobs: wireBlobs(variables, core.log),
  };
}
