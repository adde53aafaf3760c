import type { PagerRest } from '../../ports/pager.ts';
import type { PagerEventDeps } from '../keep-pager-event.ts';
import { seconds } from '../../domain/shared/time.ts';

/** Comparing needs what taking PagerDuty's events needs, and all of its REST API. */
export type ReconcileDeps = PagerEventDeps & { readonly pagerRest: PagerRest };

/** Of each request: nobody waits for the answer. */
export const requestTimeoutMs = seconds(10);

/** PagerDuty takes 960 requests a minute; a run stays far below. */
export const requestsAtOnce = 8;
