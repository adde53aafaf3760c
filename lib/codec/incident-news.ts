import type { Json } from '../domain/shared/json.ts';
import { isRecord, textOf } from './fields.ts';
import type { BusDelivery } from './resolved-event.ts';

/** The events on which the function that acts does something at once. */
export const newsTypes = [
  'incident.opened',
  'incident.reopened',
  'incident.resolved',
  'alerts.attached',
  'severity.changed',
  'change.found',
  'action.requested',
  'action.planned',
  'action.approved',
] as const;

/** What an event of the bus tells of an incident. */
export interface DecodedNews {
  readonly tenant: string;
  readonly incidentId: string;
  readonly type: (typeof newsTypes)[number];
  /** Null where it is about no action, or was cut. */
  readonly actionId: string | null;
}

/** Reads an event of docs/events.md; null for every other event. */
export function decodeIncidentNews(delivery: BusDelivery): DecodedNews | null {
  const { detail } = delivery;
  const type = newsTypes.find((known) => known === delivery['detail-type']);
  if (type === undefined || !isRecord(detail)) return null;
  const tenant = textOf(detail, 'tenant');
  const incidentId = textOf(detail, 'incidentId');
  if (tenant === '' || incidentId === '') return null;
  return { tenant, incidentId, type, actionId: actionIdOf(detail['data']) };
}

function actionIdOf(data: Json | undefined): string | null {
  if (data === undefined || !isRecord(data)) return null;
  const actionId = textOf(data, 'actionId');
  return actionId === '' ? null : actionId;
}

/** Whether a schedule calls, and no event. */
export const isScheduled = (delivery: BusDelivery): boolean =>
  delivery['detail-type'] === 'Scheduled Event';
