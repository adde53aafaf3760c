import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { sourceToken, startTocsin, type Tocsin } from '../e2e/harness/tocsin.ts';
import { createPoster } from './poster.ts';
import {
  annotationsOf,
  labelsOf,
  startsAtOf,
  type BenchAlert,
  type Responder,
} from './responder.ts';

export interface TocsinSettings {
  /** A folder of its own, for its data. */
  readonly folder: string;
  readonly sinkUrl: string;
  /** Another DynamoDB than the embedded one. */
  readonly dynamodbUrl?: string;
  readonly nodeArgs?: readonly string[];
}

export const BENCH_POLICY = join(import.meta.dirname, 'policy.yaml');

/** `tocsin up` as anybody starts it, with the sink for PagerDuty. */
export async function startTocsinResponder(
  settings: TocsinSettings,
): Promise<Responder & { readonly tocsin: Tocsin }> {
  const { folder, sinkUrl, dynamodbUrl, nodeArgs = [] } = settings;
  const tocsin = await startTocsin({
    folder,
    policyFile: BENCH_POLICY,
    nodeArgs,
    env: {
      PAGERDUTY_EVENTS_URL: sinkUrl,
      PAGERDUTY_API_URL: sinkUrl,
      ...(dynamodbUrl === undefined ? {} : { AWS_ENDPOINT_URL_DYNAMODB: dynamodbUrl }),
    },
  });
  const poster = createPoster({
    url: `${tocsin.url}/v1/alerts/alertmanager`,
    headers: { authorization: `Bearer ${sourceToken(tocsin, 'prometheus')}` },
  });
  return {
    name: 'Tocsin',
    tocsin,
    post: async (alerts) => {
      const status = await poster.post(webhookBody(alerts));
      if (status !== 202) throw new Error(`Tocsin answered ${status}:\n${tocsin.output()}`);
    },
    storm: (groups) => poster.storm(groups.map(webhookBody)),
    stop: async () => {
      poster.close();
      await tocsin.stop();
    },
  };
}

/** One group of alerts as Alertmanager's webhook receiver posts it, version 4. */
export function webhookBody(alerts: readonly BenchAlert[]): string {
  const [first] = alerts;
  if (first === undefined) throw new Error('A group has no alert.');
  const status = first.isResolved ? 'resolved' : 'firing';
  const groupLabels = { alertname: first.mark };
  return JSON.stringify({
    version: '4',
    groupKey: `{}:{alertname="${first.mark}"}`,
    truncatedAlerts: 0,
    status,
    receiver: 'tocsin',
    groupLabels,
    commonLabels: groupLabels,
    commonAnnotations: annotationsOf(first),
    externalURL: 'http://alertmanager.example.com',
    alerts: alerts.map((alert) => ({
      status,
      labels: labelsOf(alert),
      annotations: annotationsOf(alert),
      startsAt: startsAtOf(alert),
      endsAt: alert.isResolved ? new Date().toISOString() : '0001-01-01T00:00:00Z',
      generatorURL: 'http://prometheus.example.com/graph',
      fingerprint: fingerprintOf(alert),
    })),
  });
}

const fingerprintOf = ({ mark, instance }: BenchAlert): string =>
  createHash('sha256').update(`${mark} ${instance}`).digest('hex').slice(0, 16);
