import { createPagerDutyRest } from '../adapters/pagerduty/rest.ts';
import type { PagerRest } from '../ports/pager.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { Log } from '../ports/system.ts';
import { addressOr, type Variables } from './environment.ts';

/** PagerDuty's REST API, or whatever speaks its protocol at the address that is set. */
export const wirePagerRest = (variables: Variables, secrets: Secrets, log: Log): PagerRest =>
  createPagerDutyRest({
    apiUrl: addressOr(variables, 'PAGERDUTY_API_URL', 'https://api.pagerduty.com'),
    secrets,
    log,
  });
