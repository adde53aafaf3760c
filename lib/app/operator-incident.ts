import type { Alert } from '../domain/alert/alert.ts';
import type { Severity, SourcePolicy, TenantPolicy } from '../domain/policy/policy.ts';
import { ok, type Result } from '../domain/shared/result.ts';
import type { EpochMs } from '../domain/shared/time.ts';
import type { PortFailure } from '../ports/failure.ts';
import type { IntakeDeps } from './deps.ts';
import { ingest } from './ingest.ts';
import type { Taken } from './intake.ts';

/** Something that Tocsin itself has to report to the people who run it. */
export interface OperatorNotice {
  readonly tenant: TenantPolicy;
  /** Equal topics are one incident. */
  readonly topic: string;
  readonly severity: Severity;
  readonly rule: string;
  readonly alerts: readonly {
    /** What it is about, at most 64 characters. */
    readonly fingerprint: string;
    readonly startsAtMs: EpochMs;
    readonly name: string;
    readonly summary: string;
    readonly labels: Readonly<Record<string, string>>;
  }[];
  readonly body: Uint8Array;
  /** Equal digests on one topic are repeats. */
  readonly setDigest: string;
  readonly requestId: string;
}

/** Opens, or adds to, an incident about Tocsin itself. It stays open until a person closes it. */
export async function openOperatorIncident(
  deps: IntakeDeps,
  notice: OperatorNotice,
  source: SourcePolicy = tocsinSource,
): Promise<Result<Taken, PortFailure>> {
  const [first] = notice.alerts;
  return ingest(deps, {
    origin: { tenant: { ...notice.tenant, groupingRules: [] }, source },
    delivery: {
      sourceKind: 'tocsin',
      group: notice.topic,
      alerts: notice.alerts.map(toAlert),
      truncatedAlerts: 0,
      isTest: false,
      cuts: [],
    },
    body: notice.body,
    setDigest: notice.setDigest,
    requestId: notice.requestId,
    operator: {
      severity: notice.severity,
      reason: { rule: notice.rule, text: first?.summary ?? notice.topic },
    },
  });
}

const tocsinSource: SourcePolicy = {
  id: 'tocsin',
  kind: 'alertmanager',
  labels: {},
  apiUrl: null,
  unreadableSeverity: 'P1',
};

const toAlert = (alert: OperatorNotice['alerts'][number]): Alert => ({
  fingerprint: alert.fingerprint,
  startsAtMs: alert.startsAtMs,
  endsAtMs: null,
  status: 'firing',
  name: alert.name,
  summary: alert.summary,
  description: '',
  labels: { ...alert.labels, alertname: alert.name },
  annotations: {},
  links: {},
  sourceFields: {},
  cuts: [],
});

/**
 * Keeps a body that cannot be read, and tells the operators why. The same bytes again are a
 * repeat. `ok` means that the bytes are stored.
 */
export async function quarantine(
  deps: IntakeDeps,
  unreadable: {
    readonly tenant: TenantPolicy;
    readonly source: SourcePolicy;
    readonly reason: string;
    readonly body: Uint8Array;
    readonly requestId: string;
  },
): Promise<Result<Taken, PortFailure>> {
  const { tenant, source, reason, body, requestId } = unreadable;
  const bodyHash = deps.hashing.digestBytes(body);
  const taken = await openOperatorIncident(
    deps,
    {
      tenant,
      topic: `unreadable:${source.id}`,
      severity: source.unreadableSeverity,
      rule: 'unreadable-delivery',
      alerts: [
        {
          fingerprint: deps.hashing.digest(`unreadable:${source.id}`).slice(0, 16),
          startsAtMs: deps.clock.now(),
          name: 'UnreadableDelivery',
          summary: `A delivery of source ${source.id} cannot be read: ${reason}`,
          labels: { source: source.id, body: bodyHash },
        },
      ],
      body,
      setDigest: bodyHash,
      requestId,
    },
    source,
  );
  return taken.ok ? ok(taken.value) : taken;
}
