import { createPagerDutyDirectory } from '../adapters/pagerduty/directory.ts';
import type { PagerEventDeps } from '../app/receive-pager-event.ts';
import type { Secrets } from '../ports/secrets.ts';
import { wireBlobs } from './blobs.ts';
import { wireCore } from './core.ts';
import { addressOr } from './environment.ts';
import { wirePagerRest } from './pager-rest.ts';
import { wireSecrets } from './secrets.ts';

/** The function that takes PagerDuty's webhooks. */
export function wirePagerDuty(
  variables = process.env,
): PagerEventDeps & { readonly secrets: Secrets } {
  const core = wireCore(variables);
  const secrets = wireSecrets(variables, core.log);
  const apiUrl = addressOr(variables, 'PAGERDUTY_API_URL', 'https://api.pagerduty.com');
  return {
    ...core,
    secrets,
    blobs: wireBlobs(variables, core.log),
    pagerRest: wirePagerRest(variables, secrets, core.log),
    directory: createPagerDutyDirectory({ apiUrl, secrets, log: core.log }),
  };
}
