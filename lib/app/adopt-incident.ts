import type { Alert } from '../domain/alert/alert.ts';
import type { Origin } from '../domain/correlation/place.ts';
import { adoptedSourceId } from '../domain/incident/adopted.ts';
import type { Incident } from '../domain/incident/state.ts';
import {
  severities,
  type ServicePolicy,
  type Severity,
  type TenantPolicy,
} from '../domain/policy/policy.ts';
import { canonicalJson } from '../domain/shared/json.ts';
import { plainText } from '../domain/shared/plain-text.ts';
import { err, ok, type Result } from '../domain/shared/result.ts';
import type { EpochMs } from '../domain/shared/time.ts';
import { act, type ActFailure } from './act.ts';
import type { IntakeDeps } from './deps.ts';
import { ingest } from './ingest.ts';

/** What is known of an incident that was born in PagerDuty. */
export interface BornThere {
  readonly pagerIncidentId: string;
  readonly title: string;
  /** May be empty. */
  readonly url: string;
  readonly serviceId: string;
  readonly urgency: 'high' | 'low';
  /** Name of its priority. */
  readonly priority: string | null;
  readonly startedAtMs: EpochMs;
}

const maxTitleLength = 200;

/** The thread of an adopted incident: each incident of PagerDuty is a problem of its own. */
export const adoptionKey = (pagerIncidentId: string): string =>
  canonicalJson(['source-group', adoptedSourceId, pagerIncidentId]);

/** The service of the policy that an incident of PagerDuty belongs to; null: it is not ours. */
export const adoptingService = (
  { paging, services }: TenantPolicy,
  serviceId: string,
): ServicePolicy | null =>
  paging.adoptIncidents && serviceId !== ''
    ? (services.find(({ pagerdutyServiceId }) => pagerdutyServiceId === serviceId) ?? null)
    : null;

/**
 * Opens an incident here for one that was born in PagerDuty. It is timed, told and closed as any
 * other, but opens without a page: PagerDuty has sent one. Doing it again changes nothing. Null
 * when its service is not in the policy, or the policy adopts none.
 */
export async function adoptIncident(
  deps: IntakeDeps,
  tenant: TenantPolicy,
  born: BornThere,
): Promise<Result<Incident | null, ActFailure>> {
  const service = adoptingService(tenant, born.serviceId);
  if (service === null) return ok(null);
  const taken = await ingest(deps, {
    origin: originOf(tenant, service, born),
    delivery: {
      sourceKind: 'tocsin',
      group: born.pagerIncidentId,
      alerts: [alertOf(deps, born)],
      truncatedAlerts: 0,
      isTest: false,
      cuts: [],
    },
    body: new TextEncoder().encode(JSON.stringify(born)),
    setDigest: deps.hashing.digest(adoptionKey(born.pagerIncidentId)),
    requestId: `adopt ${born.pagerIncidentId}`,
    operator: null,
  });
  if (!taken.ok) return taken;
  const [incidentId] = taken.value.outcome.incidentIds;
  if (incidentId === undefined) {
    return err({ kind: 'no_such_incident', message: 'The adoption opened no incident.' });
  }
  return link(deps, { tenant: tenant.id, incidentId, born });
}

/** From here on what is done here is done there. Again after a crash in between. */
async function link(
  deps: IntakeDeps,
  of: { readonly tenant: string; readonly incidentId: string; readonly born: BornThere },
): Promise<Result<Incident | null, ActFailure>> {
  const { tenant, incidentId, born } = of;
  const { pagerIncidentId, url } = born;
  const command = { kind: 'link-pager', pagerIncidentId, url } as const;
  const causeId = `adopt ${pagerIncidentId}`;
  const linked = await act(deps, { tenant, incidentId, command, causeId });
  return linked.ok ? ok(linked.value.incident) : linked;
}

/** The tenant's policy, with what PagerDuty says in place of what rules would find. */
function originOf(tenant: TenantPolicy, service: ServicePolicy, born: BornThere): Origin {
  const { severity, reason } = severityOf(tenant, born);
  return {
    tenant: {
      ...tenant,
      groupingRules: [],
      blastRules: [],
      severityRules: [{ id: 'adopted', match: [], tiers: [], environments: [], severity, reason }],
      services: [{ ...service, match: [] }],
    },
    source: {
      id: adoptedSourceId,
      kind: 'alertmanager',
      labels: {},
      apiUrl: null,
      unreadableSeverity: 'P1',
    },
  };
}

/** By the priority where the policy keeps it in step, by the urgency otherwise. */
function severityOf(
  { paging }: TenantPolicy,
  { priority, urgency }: BornThere,
): { readonly severity: Severity; readonly reason: string } {
  const named = severities.find(
    (severity) => priority !== null && paging.priorities[severity] === priority,
  );
  return named === undefined
    ? {
        severity: urgency === 'high' ? 'P1' : 'P2',
        reason: `its urgency in PagerDuty is ${urgency}`,
      }
    : { severity: named, reason: `its priority in PagerDuty is ${priority ?? 'none'}` };
}

const alertOf = (
  { hashing }: IntakeDeps,
  { pagerIncidentId, title, url, startedAtMs }: BornThere,
): Alert => ({
  fingerprint: hashing.digest(pagerIncidentId).slice(0, 16),
  startsAtMs: startedAtMs,
  endsAtMs: null,
  status: 'firing',
  name: plainText(title, maxTitleLength),
  summary: 'opened in PagerDuty',
  description: '',
  labels: {},
  annotations: {},
  links: url === '' ? {} : { source: url },
  sourceFields: {},
  cuts: [],
});
