import { ok, type Result } from '../../domain/shared/result.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { PagerSubscription } from '../../ports/pager.ts';
import { openOperatorIncident } from '../operator-incident.ts';
import { requestTimeoutMs, type ReconcileDeps } from './deps.ts';

/**
 * Switches on again what PagerDuty has switched off. Gives how many subscriptions that were. What
 * a person switched off, and what will not go on, is an incident for those who run Tocsin.
 */
export async function switchOnWebhooks(deps: ReconcileDeps): Promise<Result<number, PortFailure>> {
  const listed = await deps.pagerRest.subscriptions(requestTimeoutMs);
  if (!listed.ok) return listed;
  let switchedOn = 0;
  for (const subscription of listed.value.filter(({ state }) => state !== 'on')) {
    const why = await switchOn(deps, subscription);
    if (why === null) switchedOn += 1;
    else await tellOperators(deps, subscription, why);
  }
  return ok(switchedOn);
}

/** Why it is still off; null when it is on. */
async function switchOn(
  deps: ReconcileDeps,
  { id, state }: PagerSubscription,
): Promise<string | null> {
  if (state === 'off') return 'somebody switched it off';
  const enabled = await deps.pagerRest.enableSubscription(id, requestTimeoutMs);
  if (!enabled.ok) return `it does not go on again: ${enabled.error.message}`;
  deps.log.warn('PagerDuty had switched our webhooks off; they are on again.', { id });
  return null;
}

async function tellOperators(
  deps: ReconcileDeps,
  { id }: PagerSubscription,
  why: string,
): Promise<void> {
  const [tenant] = deps.policy.tenants;
  if (tenant === undefined) return;
  const summary = `PagerDuty's webhook subscription ${id} is off: ${why}. What people do in PagerDuty is found by reconciliation only, up to four minutes late. Switch it on in PagerDuty, or delete it.`;
  const opened = await openOperatorIncident(deps, {
    tenant,
    topic: `pagerduty-webhook:${id}`,
    severity: 'P2',
    rule: 'webhooks-off',
    alerts: [
      {
        fingerprint: deps.hashing.digest(`webhook ${id}`).slice(0, 16),
        startsAtMs: deps.clock.now(),
        name: 'PagerDutyWebhooksOff',
        summary,
        labels: { subscription: id },
      },
    ],
    body: new TextEncoder().encode(summary),
    setDigest: deps.hashing.digest(`webhook ${id} ${why}`),
    requestId: `reconcile ${id}`,
  });
  if (!opened.ok) deps.log.error('Nobody could be told of the webhooks.', { why: opened.error });
}
