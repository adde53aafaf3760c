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

/** A function that sends pages. */
export interface PagesSoon {
  /**
   * Starts to read the secrets that a page takes, so that they are there when one is sent: a
   * function that was just started reads them while it decides. Tells nobody of a failure; who
   * needs the secret asks again and hears why.
   */
  readonly foresee: () => void;
}

export const foreseePages = (secrets: Secrets): PagesSoon => ({
  foresee: () => void Promise.allSettled([secrets.pagerduty(), secrets.console()]),
});
