import { ok, type Result } from '../domain/shared/result.ts';
import { durationMs, type DurationMs } from '../domain/shared/time.ts';
import type { PortFailure } from '../ports/failure.ts';
import type { OnCall, PagerRest } from '../ports/pager.ts';
import type { Clock } from '../ports/system.ts';

export interface OnCallDeps {
  readonly clock: Clock;
  readonly pagerRest: Pick<PagerRest, 'onCalls' | 'services'>;
}

/** Where a page goes. */
export interface PageRoute {
  /** Name of the routing key in the secret. */
  readonly routingKey: string;
  /** PagerDuty's service; null: the one that the routing key leads to. */
  readonly pagerdutyServiceId: string | null;
}

/** What is left after a first answer that took all the time. */
const leastMs = 100;

/**
 * Who is on call right now where a page goes, level by level, in two requests at most that share
 * `patienceMs`. Nobody where the key leads to no service that can be seen, as that of an event
 * orchestration.
 */
export async function onCallNow(
  { clock, pagerRest }: OnCallDeps,
  route: PageRoute,
  patienceMs: DurationMs,
): Promise<Result<readonly OnCall[], PortFailure>> {
  const nowMs = clock.now();
  const serviceId = await serviceOf(pagerRest, route, patienceMs);
  if (!serviceId.ok) return serviceId;
  if (serviceId.value === null) return ok([]);
  const leftMs = durationMs(Math.max(leastMs, nowMs + patienceMs - clock.now()));
  const query = { serviceId: serviceId.value, sinceMs: nowMs, untilMs: nowMs };
  return pagerRest.onCalls(query, leftMs);
}

async function serviceOf(
  pagerRest: OnCallDeps['pagerRest'],
  { routingKey, pagerdutyServiceId }: PageRoute,
  patienceMs: DurationMs,
): Promise<Result<string | null, PortFailure>> {
  if (pagerdutyServiceId !== null) return ok(pagerdutyServiceId);
  const known = await pagerRest.services(patienceMs);
  if (!known.ok) return known;
  const led = known.value.services.find(({ routingKeys }) => routingKeys.includes(routingKey));
  return ok(led?.id ?? null);
}
