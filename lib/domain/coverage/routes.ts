import type { TenantPolicy } from '../policy/policy.ts';
import type { Route } from './coverage.ts';

/** Every way by which the tenant's policy pages, each routing key once. */
export function routesOf({ paging, services }: TenantPolicy): readonly Route[] {
  const byKey = Map.groupBy(services, ({ routingKey }) => routingKey ?? paging.defaultRoutingKey);
  const keys = new Set([...byKey.keys(), paging.defaultRoutingKey]);
  return [...keys].map((routingKey) => {
    const own = byKey.get(routingKey) ?? [];
    const expected = own.flatMap(({ pagerdutyServiceId }) => pagerdutyServiceId ?? []);
    return {
      routingKey,
      services: own.map(({ id }) => id),
      isDefault: routingKey === paging.defaultRoutingKey,
      expectedServiceIds: [...new Set(expected)],
    };
  });
}
