import type { Delivery, Unreadable } from '../../../lib/domain/alert/alert.ts';
import type { Result } from '../../../lib/domain/shared/result.ts';

/** A message of Alertmanager with one firing alert, changed as a test needs. */
export const alertmanagerMessage = (changes: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    version: '4',
    groupKey: '{}:{alertname="Down"}',
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'tocsin',
    groupLabels: { alertname: 'Down' },
    commonLabels: { alertname: 'Down' },
    commonAnnotations: {},
    externalURL: 'https://alertmanager.example.com',
    alerts: [firingAlert()],
    ...changes,
  });

export const firingAlert = (
  changes: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> => ({
  status: 'firing',
  labels: { alertname: 'Down', service: 'checkout' },
  annotations: { summary: 'It is down' },
  startsAt: '2026-03-02T09:14:05.112Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'https://prometheus.example.com/graph',
  fingerprint: '4d1f3c0b9a7e2f58',
  ...changes,
});

/** A message with one alert that differs from the usual one. */
export const messageOf = (alert: Readonly<Record<string, unknown>>): string =>
  alertmanagerMessage({ alerts: [firingAlert(alert)] });

/** A notification of Cloud Monitoring, changed as a test needs. */
export const cloudMessage = (
  incident: Readonly<Record<string, unknown>> = {},
  version: unknown = '1.2',
): string =>
  JSON.stringify({
    incident: {
      incident_id: '0.abc',
      state: 'open',
      started_at: 1_577_840_461,
      ended_at: null,
      policy_name: 'Checkout is slow',
      summary: 'It is slow',
      ...incident,
    },
    version,
  });

/** The delivery that a codec read; fails the test when it was unreadable. */
export function deliveryIn(result: Result<Delivery, Unreadable>): Delivery {
  if (!result.ok) throw new Error(`Expected a delivery, but: ${result.error.reason}`);
  return result.value;
}

/** The only alert of a delivery. */
export function alertIn(result: Result<Delivery, Unreadable>): Delivery['alerts'][number] {
  const { alerts } = deliveryIn(result);
  const [alert] = alerts;
  if (alert === undefined || alerts.length > 1) {
    throw new Error(`Expected one alert, but there are ${alerts.length}.`);
  }
  return alert;
}

/** Why a body was unreadable; fails the test when it was read. */
export function reasonIn(result: Result<unknown, Unreadable>): string {
  if (result.ok) throw new Error('Expected an unreadable body, but it was read.');
  return result.error.reason;
}
