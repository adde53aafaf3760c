import type { Alert } from '../../../lib/domain/alert/alert.ts';
import type { DeliveryPlan, PlanInput } from '../../../lib/domain/correlation/delivery-plan.ts';
import { planDelivery } from '../../../lib/domain/correlation/plan.ts';
import type { PlacedAlert } from '../../../lib/domain/correlation/place.ts';
import type { Episode, Thread } from '../../../lib/domain/correlation/thread.ts';
import type { Incident } from '../../../lib/domain/incident/state.ts';
import type { TenantPolicy } from '../../../lib/domain/policy/policy.ts';
import type { EpochMs } from '../../../lib/domain/shared/time.ts';
import {
  alert,
  at,
  checkout,
  digest,
  fold,
  paged,
  resolvedByHand,
  t0,
  tenant,
  type Given,
} from './samples.ts';

export const episode = (fingerprint: string, of: Partial<Episode> = {}): Episode => ({
  fingerprint,
  startsAtMs: t0,
  status: 'firing',
  ordinal: 1,
  ...of,
});

const thread = (incident: Incident | null, episodes: readonly Episode[]): Thread => ({
  tenant: 'acme',
  threadHash: 'h',
  correlationKey: 'k',
  version: 1,
  current:
    incident === null
      ? null
      : {
          incidentId: incident.id,
          ordinal: 1,
          isOpen: incident.state !== 'resolved',
          quietUntilMs: null,
        },
  episodes,
});

const placed = (of: Partial<Alert>): PlacedAlert => ({
  alert: alert(of),
  service: checkout,
  serviceId: 'checkout',
  environment: 'production',
});

export interface Scene {
  /** The thread's incident, if it has one, and its episodes. */
  readonly given: Given | null;
  readonly episodes: readonly Episode[];
  readonly alerts: readonly Partial<Alert>[];
  readonly nowMs: EpochMs;
  readonly policy?: TenantPolicy;
  readonly more?: Partial<PlanInput>;
}

export function plan({
  given,
  episodes,
  alerts,
  nowMs,
  policy = tenant,
  more = {},
}: Scene): DeliveryPlan {
  const incident = given === null ? null : fold(given);
  return planDelivery(
    {
      thread: thread(incident, episodes),
      incident,
      group: {
        correlationKey: 'k',
        grouping: { rule: 'g', text: 'one problem' },
        alerts: alerts.map(placed),
      },
      sourceKind: 'alertmanager',
      sourceId: 'prometheus',
      deliveryId: 'd2',
      truncatedAlerts: 0,
      cuts: [],
      operator: null,
      ...more,
    },
    { policy, policyVersion: '0123456789ab', nowMs, digest },
  );
}

/** The plan, which must be of this kind. */
export function planOf<Kind extends DeliveryPlan['kind']>(
  kind: Kind,
  scene: Scene,
): Extract<DeliveryPlan, { readonly kind: Kind }> {
  const made = plan(scene);
  if (made.kind !== kind) throw new Error(`The plan is to ${made.kind}, not to ${kind}.`);
  // The kind was just compared.
  return made as Extract<DeliveryPlan, { readonly kind: Kind }>;
}

export const severity = (value: string): Pick<Alert, 'labels'> => ({ labels: { severity: value } });
export const empty: Scene = { given: null, episodes: [], alerts: [], nowMs: at(1) };
export const onOpen: Scene = { given: paged, episodes: [episode('a')], alerts: [], nowMs: at(5) };
export const onClosed: Scene = { ...onOpen, given: resolvedByHand, nowMs: at(25) };
