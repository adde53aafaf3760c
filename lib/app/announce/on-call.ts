import { slackIdsOfPager } from '../../domain/announce/persons.ts';
import { seconds } from '../../domain/shared/time.ts';
import type { PagerRest } from '../../ports/pager.ts';
import { tenantOf, type Deps } from '../deps.ts';
import { onCallNow } from '../on-call.ts';
import type { AnnounceDeps } from './deps.ts';

/** Nobody waits longer for a mention. */
const patienceMs = seconds(1.5);

/**
 * The first to be paged for the incident, as PagerDuty has it; nobody when it does not say, or
 * when there is no token to ask it with.
 */
export const onCallIn =
  (
    { policy, clock, log }: Pick<Deps, 'policy' | 'clock' | 'log'>,
    pagerRest: Pick<PagerRest, 'isConfigured' | 'onCalls' | 'services'>,
  ): AnnounceDeps['onCall'] =>
  async ({ tenant: tenantId, service, routingKey }) => {
    const tenant = tenantOf(policy, tenantId);
    const isConfigured = await pagerRest.isConfigured();
    if (tenant === null || (isConfigured.ok && !isConfigured.value)) return [];
    const pagerdutyServiceId =
      tenant.services.find(({ id }) => id === service)?.pagerdutyServiceId ?? null;
    const route = { routingKey, pagerdutyServiceId };
    const turns = await onCallNow({ clock, pagerRest }, route, patienceMs);
    if (!turns.ok) {
      log.warn('PagerDuty does not say who is on call.', { why: turns.error.message });
      return [];
    }
    const first = turns.value.filter(({ level }) => level === 1).map(({ user }) => user.id);
    return slackIdsOfPager(tenant.people, first);
  };
