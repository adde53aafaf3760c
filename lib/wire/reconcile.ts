import type { ReconcileDeps } from '../app/reconcile/reconcile.ts';
import { wirePagerDuty } from './pagerduty.ts';
import { wirePagerRest } from './pager-rest.ts';

/** The function that compares both sides. */
export function wireReconcile(variables = process.env): ReconcileDeps {
  const pagerduty = wirePagerDuty(variables);
  return { ...pagerduty, pagerRest: wirePagerRest(variables, pagerduty.secrets, pagerduty.log) };
}
