import type { Alert, Delivery } from '../alert/alert.ts';
import { matchesAll } from '../alert/matcher.ts';
import type { Reason } from '../incident/event.ts';
import type { GroupingRule, ServicePolicy, SourcePolicy, TenantPolicy } from '../policy/policy.ts';
import { canonicalJson } from '../shared/json.ts';
import { labelOf } from '../shared/labels.ts';

/** An alert with what the policy says of where it belongs. */
export interface PlacedAlert {
  /** With the source's own labels added. */
  readonly alert: Alert;
  readonly service: ServicePolicy | null;
  /** The service's id; the `service` label when no service of the policy matches. */
  readonly serviceId: string;
  readonly environment: string;
}

/** The alerts of one delivery that are one problem. */
export interface AlertGroup {
  readonly correlationKey: string;
  readonly grouping: Reason;
  readonly alerts: readonly PlacedAlert[];
}

/** Where a delivery came from and the policy it is read under. */
export interface Origin {
  readonly tenant: TenantPolicy;
  readonly source: SourcePolicy;
}

/** Finds owner and environment of an alert. */
export function placeAlert(alert: Alert, { tenant, source }: Origin): PlacedAlert {
  const labelled = { ...alert, labels: { ...source.labels, ...alert.labels } };
  const service = tenant.services.find((candidate) => matchesAll(candidate.match, labelled.labels));
  const environmentLabel = tenant.environmentLabels.find(
    (name) => labelOf(labelled.labels, name) !== '',
  );
  return {
    alert: labelled,
    service: service ?? null,
    serviceId: service?.id ?? labelOf(labelled.labels, 'service'),
    environment: environmentLabel === undefined ? '' : labelOf(labelled.labels, environmentLabel),
  };
}

const sourceGroupRule: GroupingRule = { id: 'source-group', match: [], by: 'source-group' };

/** Splits a delivery into problems, in the order in which their first alerts came. */
export function groupAlerts(delivery: Delivery, origin: Origin): readonly AlertGroup[] {
  const groups = new Map<string, AlertGroup>();
  for (const alert of delivery.alerts) {
    const placed = placeAlert(alert, origin);
    const rule =
      origin.tenant.groupingRules.find((candidate) =>
        matchesAll(candidate.match, placed.alert.labels),
      ) ?? sourceGroupRule;
    const correlationKey = correlationKeyOf(placed, rule, { delivery, origin });
    const group = groups.get(correlationKey);
    groups.set(correlationKey, {
      correlationKey,
      grouping: group?.grouping ?? groupingReason(rule),
      alerts: [...(group?.alerts ?? []), placed],
    });
  }
  return [...groups.values()];
}

function correlationKeyOf(
  placed: PlacedAlert,
  rule: GroupingRule,
  { delivery, origin }: { readonly delivery: Delivery; readonly origin: Origin },
): string {
  if (rule.by === 'source-group') {
    return canonicalJson(['source-group', origin.source.id, delivery.group]);
  }
  const values = rule.by.map((name) => [name, groupingValue(placed, name, origin)]);
  return canonicalJson([rule.id, values]);
}

function groupingValue(placed: PlacedAlert, name: string, origin: Origin): string {
  if (name === '@service') return placed.serviceId;
  if (name === '@environment') return placed.environment;
  if (name === '@source') return origin.source.id;
  return labelOf(placed.alert.labels, name);
}

function groupingReason(rule: GroupingRule): Reason {
  const text =
    rule.by === 'source-group'
      ? 'alerts that the source sends as one group are one incident'
      : `alerts with the same ${rule.by.join(', ')} are one incident`;
  return { rule: rule.id, text };
}
