import { join } from 'node:path';
import { startAlertmanager } from '../e2e/harness/alertmanager.ts';
import { createPoster } from './poster.ts';
import {
  annotationsOf,
  labelsOf,
  startsAtOf,
  type BenchAlert,
  type Responder,
} from './responder.ts';

export interface AlertmanagerSettings {
  readonly folder: string;
  readonly sinkUrl: string;
  readonly groupWait: '0s' | '1s';
}

/** A real Alertmanager, alone, that pages the sink itself. */
export async function startAlertmanagerResponder(
  settings: AlertmanagerSettings,
): Promise<Responder> {
  const { folder, groupWait } = settings;
  const alertmanager = await startAlertmanager({
    folder: join(folder, `alertmanager-${groupWait}-${Date.now()}`),
    isClustered: false,
    config: configOf(settings),
  });
  const poster = createPoster({ url: `http://${alertmanager.address}/api/v2/alerts` });
  return {
    name: `Alertmanager, group_wait ${groupWait}`,
    post: async (alerts) => {
      const status = await poster.post(bodyOf(alerts));
      if (status !== 200) throw new Error(`Alertmanager answered ${status}.`);
    },
    storm: (groups) => poster.storm(groups.map(bodyOf)),
    stop: async () => {
      poster.close();
      await alertmanager.stop();
    },
  };
}

const configOf = ({ sinkUrl, groupWait }: AlertmanagerSettings): string => `
route:
  receiver: pager
  group_by: [alertname]
  group_wait: ${groupWait}
  group_interval: 1s
  repeat_interval: 4h
receivers:
  - name: pager
    pagerduty_configs:
      - routing_key: 0123456789abcdef0123456789abcdef
        url: ${sinkUrl}/v2/enqueue
        send_resolved: true
`;

/** Alerts as Prometheus posts them. */
const bodyOf = (alerts: readonly BenchAlert[]): string =>
  JSON.stringify(
    alerts.map((alert) => ({
      labels: labelsOf(alert),
      annotations: annotationsOf(alert),
      startsAt: startsAtOf(alert),
      endsAt: new Date(Date.now() + (alert.isResolved ? 0 : 3_600_000)).toISOString(),
      generatorURL: 'http://prometheus.example.com/graph',
    })),
  );
