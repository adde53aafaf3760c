import type { Delivery } from '../domain/alert/alert.ts';
import type { Origin } from '../domain/correlation/place.ts';
import type { Incident } from '../domain/incident/state.ts';
import type { Classified } from '../domain/severity/classify.ts';
import type { DeliveryOutcome } from '../ports/store.ts';

/** One authenticated delivery as it came. */
export interface Intake {
  readonly origin: Origin;
  readonly delivery: Delivery;
  /** The raw bytes, kept before the answer. */
  readonly body: Uint8Array;
  /** Digest over the set of fingerprint, start and status. */
  readonly setDigest: string;
  readonly requestId: string;
  /** Set for deliveries that Tocsin makes about itself. */
  readonly operator: Classified | null;
}

export interface Taken {
  readonly deliveryId: string;
  /** A repeat changed nothing and left one receipt. */
  readonly isRepeat: boolean;
  readonly outcome: DeliveryOutcome;
  /** Incidents that this call changed, with pages perhaps still to send. */
  readonly placed: readonly Placed[];
}

/** Where a share ended. */
export interface Placed {
  /** Null when only resolves of unknown alerts were kept in mind. */
  readonly incidentId: string | null;
  /** The incident as stored; null when nothing was written about it. */
  readonly incident: Incident | null;
}
