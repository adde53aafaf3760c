import { isRecord, numberOf, textOf } from './fields.ts';
import type { Json } from '../domain/shared/json.ts';

/** What the bus delivers of an event: docs/events.md tells what is in its detail. */
export interface BusDelivery {
  readonly 'detail-type'?: string;
  readonly detail?: Json;
}

/** Which resolve of which incident an event tells of; null for any other event. */
export function decodeResolvedEvent(delivery: BusDelivery): {
  readonly tenant: string;
  readonly incidentId: string;
  readonly seq: number;
} | null {
  const { detail } = delivery;
  if (delivery['detail-type'] !== 'incident.resolved' || !isRecord(detail)) return null;
  const tenant = textOf(detail, 'tenant');
  const incidentId = textOf(detail, 'incidentId');
  const seq = numberOf(detail, 'seq');
  if (tenant === '' || incidentId === '' || seq === null || !Number.isSafeInteger(seq)) return null;
  return { tenant, incidentId, seq };
}
