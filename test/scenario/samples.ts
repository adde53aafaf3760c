import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPolicy } from '../../lib/codec/policy/load.ts';
import type { Policy, TenantPolicy } from '../../lib/domain/policy/policy.ts';
import { epochMs, toIso, type EpochMs } from '../../lib/domain/shared/time.ts';

/** When every scenario begins. The scheduler's minute is over 55 s later. */
export const t0 = epochMs(Date.parse('2026-05-12T03:04:05.000Z'));

export type TenantId = 'acme' | 'globex';

/** One alert of a payload. Equal name and service are one fingerprint. */
export interface AlertSample {
  readonly name?: string;
  readonly service?: string;
  /** `critical` is P0, `error` P1, anything else P2. */
  readonly severity?: string;
  readonly status?: 'firing' | 'resolved';
  readonly startsAtMs?: EpochMs;
}

/** One payload of Alertmanager. */
export interface PayloadSample {
  readonly alerts: readonly AlertSample[];
  readonly groupKey?: string;
  readonly externalUrl?: string;
  readonly truncatedAlerts?: number;
}

/** What fires where a scenario does not care: a P0 on the checkout. */
export const checkoutDown: AlertSample = { name: 'CheckoutDown', service: 'checkout' };

export const over = (alert: AlertSample): AlertSample => ({ ...alert, status: 'resolved' });

/** The body as Alertmanager posts it. */
export function payload(of: PayloadSample): string {
  const { alerts, groupKey = '{}:{alertname="CheckoutDown"}', truncatedAlerts = 0 } = of;
  const isFiring = alerts.some(({ status }) => status !== 'resolved');
  return JSON.stringify({
    version: '4',
    groupKey,
    truncatedAlerts,
    status: isFiring ? 'firing' : 'resolved',
    receiver: 'tocsin',
    externalURL: of.externalUrl ?? 'http://alertmanager-0:9093',
    alerts: alerts.map(alertBody),
  });
}

function alertBody(alert: AlertSample): Readonly<Record<string, unknown>> {
  const { name = 'CheckoutDown', service = 'checkout', severity = 'critical' } = alert;
  const { status = 'firing', startsAtMs = t0 } = alert;
  return {
    status,
    labels: { alertname: name, service, severity },
    annotations: { summary: 'it is down' },
    startsAt: toIso(startsAtMs),
    endsAt: '0001-01-01T00:00:00Z',
    fingerprint: `${name}-${service}`,
  };
}

/**
 * The policy of policy.yaml, with what a scenario wants otherwise, for two tenants that differ in
 * nothing but their ids and the names of their sources.
 */
export function scenarioPolicy(change: (tenant: TenantPolicy) => TenantPolicy): Policy {
  const text = readFileSync(join(import.meta.dirname, 'policy.yaml'), 'utf8');
  const loaded = loadPolicy(text, { fileName: 'policy.yaml' });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error, null, 2));
  const acme = loaded.value.tenants.map(change);
  return { ...loaded.value, tenants: [...acme, ...acme.map(asGlobex)] };
}

const asGlobex = (tenant: TenantPolicy): TenantPolicy => ({
  ...tenant,
  id: 'globex',
  sources: tenant.sources.map((source) => ({ ...source, id: source.id.replace('acme', 'globex') })),
});
