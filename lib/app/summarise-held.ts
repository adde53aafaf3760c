import { isGraver, severities, type Severity } from '../domain/policy/policy.ts';
import type { Incident } from '../domain/incident/state.ts';
import { canonicalJson } from '../domain/shared/json.ts';
import { ok, type Result } from '../domain/shared/result.ts';
import { minutes, type EpochMs } from '../domain/shared/time.ts';
import { act, type ActFailure } from './act.ts';
import { inParallel } from './concurrency.ts';
import { tenantOf, type IntakeDeps, type PagingDeps } from './deps.ts';
import { openOperatorIncident } from './operator-incident.ts';
import { pageInline } from './page-inline.ts';

const incidentsAtOnce = 8;
/**
 * Held pages of one such window are one summary. A later storm is an incident of its own: the last
 * one may be acknowledged by then, and adding to it would wake nobody.
 */
const oneStormMs = minutes(10);

/** A page that waits because its routing key's rate is used up. */
export interface HeldPage {
  readonly incident: Incident;
  readonly intentId: string;
}

/**
 * Makes one page of all that are held for one tenant and routing key: an operator incident that
 * lists them and pages in their place, its second channel included. Each held page is then
 * superseded by it. Repeating it adds only what the summary does not list yet.
 */
export async function summariseHeld(
  deps: IntakeDeps & PagingDeps,
  pages: readonly HeldPage[],
): Promise<Result<void, ActFailure>> {
  const held = [...pages].sort((a, b) => owedSince(a) - owedSince(b));
  const [first] = held;
  if (first === undefined) return ok(undefined);
  const { tenant: tenantId, routingKey } = first.incident;
  const tenant = tenantOf(deps.policy, tenantId);
  if (tenant === null) return ok(undefined);
  const ids = held.map(({ incident }) => incident.id).sort();
  const body = canonicalJson({ routingKey, held: ids });
  const taken = await openOperatorIncident(deps, {
    tenant,
    topic: `page-storm:${routingKey}:${Math.floor(deps.clock.now() / oneStormMs)}`,
    severity: gravest(held),
    rule: 'page-storm',
    alerts: held.map((page) => ({
      fingerprint: page.incident.id,
      // The time of the summary's second channel runs since the first of these.
      startsAtMs: owedSince(page),
      name: 'PageStorm',
      summary: stormText(held, routingKey),
      labels: {
        incident: page.incident.id,
        title: page.incident.title,
        severity: page.incident.severity,
      },
    })),
    body: new TextEncoder().encode(body),
    setDigest: deps.hashing.digest(body),
    requestId: 'clock',
  });
  if (!taken.ok) return taken;
  const summaryId = taken.value.outcome.incidentIds[0] ?? null;
  const reason = `part of the summary page ${summaryId ?? ''}`.trim();
  const results = await inParallel(held, incidentsAtOnce, ({ incident, intentId }) =>
    act(deps, {
      tenant: tenantId,
      incidentId: incident.id,
      command: { kind: 'supersede-page', intentId, reason, byIncidentId: summaryId },
      causeId: `summary ${summaryId ?? ''}`,
    }),
  );
  await pageInline(
    deps,
    taken.value.placed.flatMap(({ incident }) => incident ?? []),
  );
  return results.find((result) => !result.ok) ?? ok(undefined);
}

const owedSince = ({ incident, intentId }: HeldPage): EpochMs =>
  incident.intents.find((intent) => intent.intentId === intentId)?.owedSinceMs ??
  incident.triggerAskedAtMs;

function gravest(held: readonly HeldPage[]): Severity {
  const lowest = severities.at(-1) ?? 'P2';
  return held.reduce<Severity>(
    (gravestSoFar, { incident }) =>
      isGraver(incident.severity, gravestSoFar) ? incident.severity : gravestSoFar,
    lowest,
  );
}

function stormText(held: readonly HeldPage[], routingKey: string): string {
  const titles = held.slice(0, 3).map(({ incident }) => incident.title);
  const rest = held.length - titles.length;
  const more = rest > 0 ? ` and ${rest} more` : '';
  return (
    `${held.length} incidents opened faster than PagerDuty takes pages for ${routingKey}: ` +
    `${titles.join('; ')}${more}. See the console for all of them`
  );
}
