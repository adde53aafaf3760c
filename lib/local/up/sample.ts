import { decodeAlertmanager } from '../../codec/alertmanager.ts';
import { placeAlert } from '../../domain/correlation/place.ts';
import type { Policy, Severity, SourcePolicy, TenantPolicy } from '../../domain/policy/policy.ts';
import { classifyAlert } from '../../domain/severity/classify.ts';
import { quoted } from './shell.ts';

/** A command that raises an alert, and what it will be. */
export interface Sample {
  /** One line for a shell. */
  readonly command: string;
  /** By the rules of this policy. */
  readonly severity: Severity;
}

export interface SampleTarget {
  /** Base URL of the HTTP API. */
  readonly url: string;
  readonly policy: Policy;
  readonly sourceTokens: Readonly<Record<string, string>>;
}

/** The alert begins when the command runs: the shell puts the time in. */
const START = '$(date -u +%Y-%m-%dT%H:%M:%SZ)';

/**
 * The `curl` command that delivers one firing alert as Alertmanager would, with the token of the
 * first Alertmanager source; `undefined` for a policy without such a source.
 */
export function sampleAlert({ url, policy, sourceTokens }: SampleTarget): Sample | undefined {
  const origin = firstAlertmanager(policy);
  if (origin === undefined) return undefined;
  const [before = '', after = ''] = JSON.stringify(deliveryStartingAt(START)).split(START);
  const command = [
    'curl -sS',
    `-H ${quoted(`Authorization: Bearer ${sourceTokens[origin.source.id] ?? ''}`)}`,
    `-H ${quoted('Content-Type: application/json')}`,
    `-d ${quoted(before)}"${START}"${quoted(after)}`,
    `${url}/v1/alerts/alertmanager`,
  ].join(' ');
  return { command, severity: severityOf(origin) };
}

interface Origin {
  readonly tenant: TenantPolicy;
  readonly source: SourcePolicy;
}

function firstAlertmanager(policy: Policy): Origin | undefined {
  const origins = policy.tenants.flatMap((tenant) =>
    tenant.sources.map((source) => ({ tenant, source })),
  );
  return origins.find(({ source }) => source.kind === 'alertmanager');
}

/** A webhook message of Alertmanager, version 4, with what Tocsin reads of it. */
function deliveryStartingAt(startsAt: string): object {
  return {
    version: '4',
    groupKey: 'sample:CheckoutDown',
    status: 'firing',
    receiver: 'tocsin',
    alerts: [
      {
        status: 'firing',
        labels: {
          alertname: 'CheckoutDown',
          service: 'checkout',
          severity: 'critical',
          environment: 'production',
        },
        annotations: { summary: 'Nobody can pay: checkout answers with errors' },
        startsAt,
      },
    ],
  };
}

/** What the policy makes of it, found by the very code that will decide. */
function severityOf(origin: Origin): Severity {
  const body = JSON.stringify(deliveryStartingAt('2026-01-01T00:00:00Z'));
  const delivery = decodeAlertmanager(body);
  const [alert] = delivery.ok ? delivery.value.alerts : [];
  return alert === undefined
    ? origin.tenant.defaultSeverity
    : classifyAlert(placeAlert(alert, origin), origin.tenant).severity;
}
