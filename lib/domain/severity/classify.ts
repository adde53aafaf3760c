import { matchesAll } from '../alert/matcher.ts';
import type { PlacedAlert } from '../correlation/place.ts';
import type { AlertTotals, Reason } from '../incident/event.ts';
import { isGraver, type BlastRule, type Severity, type TenantPolicy } from '../policy/policy.ts';

/** A severity and why. */
export interface Classified {
  readonly severity: Severity;
  readonly reason: Reason;
}

/** What an incident's alert set has grown to. */
export interface Blast {
  readonly totals: AlertTotals;
  readonly services: readonly string[];
  /** Ids of blast rules whose matchers some alert of the incident met. */
  readonly blastRules: readonly string[];
}

/** The first rule that matches the alert decides; the tenant's default when none does. */
export function classifyAlert(placed: PlacedAlert, tenant: TenantPolicy): Classified {
  const rule = tenant.severityRules.find(
    ({ match, tiers, environments }) =>
      (tiers.length === 0 || (placed.service !== null && tiers.includes(placed.service.tier))) &&
      (environments.length === 0 || environments.includes(placed.environment)) &&
      matchesAll(match, placed.alert.labels),
  );
  if (rule === undefined) {
    const text = `no severity rule matches, so the default ${tenant.defaultSeverity} holds`;
    return { severity: tenant.defaultSeverity, reason: { rule: 'default', text } };
  }
  return { severity: rule.severity, reason: { rule: rule.id, text: rule.reason } };
}

/** Blast rules that one of these alerts meets the matchers of. */
export function blastRulesMet(
  alerts: readonly PlacedAlert[],
  tenant: TenantPolicy,
): readonly string[] {
  return tenant.blastRules
    .filter((rule) => alerts.some(({ alert }) => matchesAll(rule.match, alert.labels)))
    .map((rule) => rule.id);
}

/**
 * The gravest of what the single alerts and the size of the whole set say. A function of the
 * set: the order in which alerts came does not matter.
 */
export function classify(
  alerts: readonly PlacedAlert[],
  blast: Blast,
  tenant: TenantPolicy,
): Classified | null {
  const byAlert = alerts.map((placed) => classifyAlert(placed, tenant));
  const byBlast = tenant.blastRules
    .filter((rule) => blast.blastRules.includes(rule.id) && isReached(rule, blast))
    .map((rule) => ({ severity: rule.severity, reason: { rule: rule.id, text: rule.reason } }));
  return [...byAlert, ...byBlast].reduce<Classified | null>(
    (gravest, next) =>
      gravest === null || isGraver(next.severity, gravest.severity) ? next : gravest,
    null,
  );
}

const isReached = (rule: BlastRule, { services, totals }: Blast): boolean =>
  (rule.minServices === null || services.length >= rule.minServices) &&
  (rule.minAlerts === null || totals.alerts >= rule.minAlerts);
