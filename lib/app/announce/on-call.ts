import { slackIdsOfPager } from '../../domain/announce/persons.ts';
import { after, minutes, seconds } from '../../domain/shared/time.ts';
import type { PagerRest } from '../../ports/pager.ts';
import { tenantOf, type Deps } from '../deps.ts';
import type { AnnounceDeps } from './deps.ts';

/** Nobody waits longer for a mention. */
const onCallTimeoutMs = seconds(1.5);

/** The first to be paged for the incident's service, as PagerDuty has it; nobody when it does not say. */
export const onCallIn =
  (
    { policy, clock, log }: Pick<Deps, 'policy' | 'clock' | 'log'>,
    rest: Pick<PagerRest, 'onCalls'>,
  ): AnnounceDeps['onCall'] =>
  async ({ tenant: tenantId, service }) => {
    const tenant = tenantOf(policy, tenantId);
    const serviceId = tenant?.services.find(({ id }) => id === service)?.pagerdutyServiceId ?? null;
    if (tenant === null || serviceId === null) return [];
    const nowMs = clock.now();
    const query = { serviceId, sinceMs: nowMs, untilMs: after(nowMs, minutes(1)) };
    const turns = await rest.onCalls(query, onCallTimeoutMs);
    if (!turns.ok) {
      log.warn('PagerDuty does not say who is on call.', { why: turns.error.message });
      return [];
    }
    const first = turns.value.filter(({ level }) => level === 1).map(({ user }) => user.id);
    return slackIdsOfPager(tenant.people, first);
  };
