import type { Alert } from '../domain/alert/alert.ts';
import type { Origin } from '../domain/correlation/place.ts';
import { declaredGroup, declaredRule } from '../domain/incident/declared.ts';
import { describePrincipal, type Principal } from '../domain/incident/principal.ts';
import type { Incident } from '../domain/incident/state.ts';
import type { ServicePolicy, Severity, TenantPolicy } from '../domain/policy/policy.ts';
import { plainText } from '../domain/shared/plain-text.ts';
import { ok, type Result } from '../domain/shared/result.ts';
import type { EpochMs } from '../domain/shared/time.ts';
import type { PortFailure } from '../ports/failure.ts';
import type { IntakeDeps } from './deps.ts';
import { ingest } from './ingest.ts';

/** An incident that a person has seen before any alert did. */
export interface Declaration {
  readonly tenant: TenantPolicy;
  readonly by: Extract<Principal, { readonly kind: 'person' }>;
  readonly title: string;
  /** May be empty. */
  readonly summary: string;
  readonly severity: Severity;
  /** Null: the tenant's default routing key pages. */
  readonly service: ServicePolicy | null;
  /** Digest of the request: each request opens at most one incident. */
  readonly seal: string;
  readonly requestId: string;
}

const maxTitleLength = 200;

/**
 * Opens an incident of a person, which pages, is timed and ends as any other; only no source will
 * resolve it. Null when the same request has opened one before: then nothing is done.
 */
export async function declareIncident(
  deps: IntakeDeps,
  declaration: Declaration,
): Promise<Result<Incident | null, PortFailure>> {
  const { seal, requestId, by, severity, service } = declaration;
  const told = { by: by.id, via: by.via, severity, service: service?.id ?? null };
  const alert = alertOf(declaration, deps.clock.now());
  const taken = await ingest(deps, {
    origin: originOf(declaration),
    delivery: {
      sourceKind: 'tocsin',
      group: declaredGroup(seal),
      alerts: [alert],
      truncatedAlerts: 0,
      isTest: false,
      cuts: [],
    },
    body: new TextEncoder().encode(
      JSON.stringify({ ...told, title: alert.name, summary: alert.summary }),
    ),
    setDigest: seal,
    requestId,
    operator: null,
  });
  if (!taken.ok) return taken;
  return ok(taken.value.placed[0]?.incident ?? null);
}

/** The tenant's policy, with what the person has said in place of what rules would find. */
function originOf({ tenant, by, severity, service }: Declaration): Origin {
  const reason = `declared by ${describePrincipal(by)}`;
  return {
    tenant: {
      ...tenant,
      groupingRules: [],
      blastRules: [],
      severityRules: [
        { id: declaredRule, match: [], tiers: [], environments: [], severity, reason },
      ],
      services: service === null ? [] : [{ ...service, match: [] }],
    },
    source: {
      id: by.via,
      kind: 'alertmanager',
      labels: {},
      apiUrl: null,
      unreadableSeverity: 'P1',
    },
  };
}

const alertOf = ({ title, summary, seal }: Declaration, nowMs: EpochMs): Alert => ({
  fingerprint: seal.slice(0, 16),
  startsAtMs: nowMs,
  endsAtMs: null,
  status: 'firing',
  name: plainText(title, maxTitleLength),
  summary: plainText(summary),
  description: '',
  labels: {},
  annotations: {},
  links: {},
  sourceFields: {},
  cuts: [],
});
