import type { Refusal, RepairPage } from './command.ts';
import type { Decision } from './decision.ts';
import { already, notAllowed } from './refuse.ts';

/**
 * Tells PagerDuty again how the incident stands, after it was found to show something else. What
 * is on its way there already will say so.
 */
export function repairPage(
  decision: Decision,
  { to, isMissing, reason }: RepairPage,
): Refusal | null {
  const { incident } = decision;
  if (incident.state !== to) {
    return notAllowed(`The incident is ${incident.state} by now, not ${to}.`);
  }
  if (incident.intents.some(({ channel }) => channel === 'pagerduty')) {
    return already('What PagerDuty is told is on its way.');
  }
  const text = `found by reconciliation: ${reason}`;
  const follow = { channel: 'pagerduty', purpose: 'follow', text } as const;
  if (to === 'resolved') decision.ask({ ...follow, action: 'resolve' });
  if (isMissing) decision.ask({ ...follow, action: 'trigger', purpose: 'open' });
  if (to === 'acknowledged') decision.ask({ ...follow, action: 'acknowledge' });
  return null;
}
