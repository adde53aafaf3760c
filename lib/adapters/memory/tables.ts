import { hours, type EpochMs } from '../../domain/shared/time.ts';
import type { DeliveryKey, Receipt, StoredDelivery } from '../../ports/store.ts';
import type { MemoryTable } from './table.ts';

/** What the store holds, a table a kind. */
export type Tables = Readonly<
  Record<
    | 'threads'
    | 'incidents'
    | 'commits'
    | 'due'
    | 'deliveries'
    | 'receipts'
    | 'claims'
    | 'counters'
    | 'tokens'
    | 'actions'
    | 'leases'
    | 'halts'
    | 'starts'
    | 'standings'
    | 'changes',
    MemoryTable
  >
>;

/** A delivery as text: its body in base64. */
export interface StoredBody extends Omit<StoredDelivery, 'body'> {
  readonly body: string | null;
  readonly untilMs: EpochMs;
}

export interface StoredReceipt extends Receipt {
  readonly untilMs: EpochMs;
}

/** How long raw deliveries and receipts are kept. */
export const deliveryKeptMs = hours(400 * 24);

/** Two names as one key: JSON, so that no name can run into the next. */
export const pairName = (first: string, second: string): string => JSON.stringify([first, second]);

export const deliveryName = ({ tenant, sourceId, groupHash, setDigest }: DeliveryKey): string =>
  JSON.stringify([tenant, sourceId, groupHash, setDigest]);
