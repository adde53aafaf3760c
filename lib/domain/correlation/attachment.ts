import type { Alert } from '../alert/alert.ts';
import type { Attachment } from '../incident/command.ts';
import type { AlertRef } from '../incident/event.ts';
import type { Incident } from '../incident/state.ts';
import type { TenantPolicy } from '../policy/policy.ts';
import { blastRulesMet } from '../severity/classify.ts';
import type { PlanInput } from './delivery-plan.ts';
import { episodeKey, totalsOf, type Absorbed } from './episodes.ts';
import type { PlacedAlert } from './place.ts';
import type { Episode } from './thread.ts';

/** Alerts listed with their labels, and listed at all; the raw delivery has every one. */
const maxLabelled = 20;
const maxListed = 200;
const maxServices = 50;
const maxCuts = 10;

/** What a delivery adds to the incident of this ordinal; `incident` is that one before, if any. */
export function attachmentOf(
  input: PlanInput,
  absorbed: Absorbed,
  on: {
    readonly incident: Incident | null;
    readonly ordinal: number;
    readonly policy: TenantPolicy;
  },
): Attachment {
  const changed = new Map(
    [...absorbed.joined, ...absorbed.ended].map((episode) => [episodeKey(episode), episode]),
  );
  const alerts = input.group.alerts.filter(({ alert }) => changed.has(episodeKey(alert)));
  const met = blastRulesMet(membersIn(input, absorbed.episodes, on.ordinal), on.policy);
  const services = alerts.map(({ serviceId }) => serviceId).filter((id) => id !== '');
  return {
    sourceId: input.sourceId,
    deliveryId: input.deliveryId,
    alerts: alerts
      .slice(0, maxListed)
      .map(({ alert }, index) => alertRef(alert, changed, index < maxLabelled)),
    alertsNotListed: Math.max(0, alerts.length - maxListed),
    truncatedAlerts: input.truncatedAlerts,
    cuts: [...input.cuts, ...alerts.flatMap(({ alert }) => alert.cuts)].slice(0, maxCuts),
    totals: totalsOf(absorbed.episodes, on.ordinal),
    services: union(on.incident?.services ?? [], services).slice(0, maxServices),
    blastRules: union(on.incident?.blastRules ?? [], met),
  };
}

function alertRef(
  alert: Alert,
  changed: ReadonlyMap<string, Episode>,
  isLabelled: boolean,
): AlertRef {
  const { fingerprint, startsAtMs, name, summary, labels } = alert;
  const status = changed.get(episodeKey(alert))?.status ?? alert.status;
  const ref = { fingerprint, startsAtMs, status, name, summary: summary.slice(0, 200) };
  return isLabelled ? { ...ref, labels } : ref;
}

/** Alerts of the delivery that belong to the incident: not those of which only the end is known. */
export function membersIn(
  { group }: PlanInput,
  episodes: readonly Episode[],
  ordinal: number,
): readonly PlacedAlert[] {
  const keys = new Set(episodes.filter((episode) => episode.ordinal === ordinal).map(episodeKey));
  return group.alerts.filter(({ alert }) => keys.has(episodeKey(alert)));
}

/** Alerts of the delivery whose fire was not known before. */
export function joinedAlerts(input: PlanInput, { joined }: Absorbed): readonly PlacedAlert[] {
  const keys = new Set(joined.map(episodeKey));
  return input.group.alerts.filter(({ alert }) => keys.has(episodeKey(alert)));
}

const union = (a: readonly string[], b: readonly string[]): readonly string[] => [
  ...new Set([...a, ...b]),
];
