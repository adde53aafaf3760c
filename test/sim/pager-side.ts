import type { TenantPolicy } from '../../lib/domain/policy/policy.ts';
import { durationMs } from '../../lib/domain/shared/time.ts';
import { ours } from './actors/pagerduty.ts';
import { RestWorld, type Subscription } from './actors/pagerduty-rest.ts';
import type { ReconcileRates } from './engine/reconcile-profile.ts';
import { PagerOracle } from './oracle/pager-oracle.ts';
import type { Stage } from './stage.ts';

/** PagerDuty beyond pages: its REST API with a token, and webhooks that it may switch off. */
export class PagerSide {
  readonly rates: ReconcileRates;
  readonly world: RestWorld;
  readonly subscription: Subscription;
  readonly watches: PagerOracle;
  readonly healsAtMs: number;

  constructor(world: Stage, rates: ReconcileRates) {
    const { scheduler, pager, weather } = world;
    this.rates = rates;
    const { fromMs, lengthMs } = rates.webhooksOff ?? { fromMs: 0, lengthMs: 0 };
    const offAtMs = scheduler.nowMs + fromMs;
    const mayGoOnAtMs = offAtMs + lengthMs;
    this.healsAtMs = Math.max(weather.healsAtMs, mayGoOnAtMs);
    this.subscription = { isOn: true, mayGoOn: () => scheduler.nowMs >= mayGoOnAtMs };
    if (rates.webhooksOff !== null) {
      scheduler.at(offAtMs, () => {
        this.subscription.isOn = false;
        world.note('pagerduty', 'switches our webhooks off');
      });
    }
    this.watches = new PagerOracle(world);
    this.world = new RestWorld({
      pager,
      subscription: this.subscription,
      isDown: () => world.weather.pagerMode === 'down',
      onWrite: (write) => {
        world.note('rest', `${write.action} ${write.incident.id}: ${write.text}`);
        this.watches.onWrite(write);
      },
    });
  }
}

/** The policy of a tenant that works with the account's service. */
export function withService(tenant: TenantPolicy, rates: ReconcileRates | null): TenantPolicy {
  if (rates === null) return tenant;
  const { ackIdleMs: idle, hasPriorities } = rates;
  const ackIdleMs = idle === null ? null : durationMs(idle);
  return {
    ...tenant,
    services: tenant.services.map((service) =>
      service.id === 'checkout' ? { ...service, pagerdutyServiceId: ours.id } : service,
    ),
    paging: {
      ...tenant.paging,
      ackIdleMs: { P0: ackIdleMs, P1: ackIdleMs, P2: null },
      priorities: hasPriorities
        ? { P0: 'Highest', P1: 'High', P2: 'Low' }
        : tenant.paging.priorities,
    },
  };
}
