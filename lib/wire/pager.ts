import { createPagerDutyPager } from '../adapters/pagerduty/pager.ts';
import type { Pager } from '../ports/pager.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { Log } from '../ports/system.ts';
import { addressOr, type Variables } from './environment.ts';

/** PagerDuty, or whatever speaks its protocol at the address that is set. */
export const wirePager = (variables: Variables, secrets: Secrets, log: Log): Pager =>
  createPagerDutyPager({
    eventsUrl: addressOr(variables, 'PAGERDUTY_EVENTS_URL', 'https://events.pagerduty.com'),
    secrets,
    log,
  });
