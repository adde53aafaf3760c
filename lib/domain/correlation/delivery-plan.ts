import type { SourceKind } from '../alert/alert.ts';
import type { AttachAlerts, OpenIncident, Resolve } from '../incident/command.ts';
import type { Incident } from '../incident/state.ts';
import type { TenantPolicy } from '../policy/policy.ts';
import type { Classified } from '../severity/classify.ts';
import type { Digest } from '../shared/json.ts';
import type { EpochMs } from '../shared/time.ts';
import type { AlertGroup } from './place.ts';
import type { Thread } from './thread.ts';

/** One problem's share of a delivery, and how things stand before it. */
export interface PlanInput {
  readonly thread: Thread;
  /** The thread's current incident, its clocks caught up; null when it has none. */
  readonly incident: Incident | null;
  readonly group: AlertGroup;
  readonly sourceKind: SourceKind;
  readonly sourceId: string;
  readonly deliveryId: string;
  readonly truncatedAlerts: number;
  /** What limits cut from the delivery itself. */
  readonly cuts: readonly string[];
  /** Set for incidents about Tocsin itself, which no rule of the policy classifies. */
  readonly operator: Classified | null;
}

export interface PlanContext {
  readonly policy: TenantPolicy;
  readonly policyVersion: string;
  readonly nowMs: EpochMs;
  readonly digest: Digest;
}

/** What a delivery means for the problem it is about. */
export type DeliveryPlan =
  /** Everything in it was known: a duplicate. */
  | { readonly kind: 'duplicate' }
  /** Only resolves of alerts whose fire never came: kept in mind, no incident. */
  | { readonly kind: 'remember'; readonly thread: Thread }
  | { readonly kind: 'open'; readonly thread: Thread; readonly command: OpenIncident }
  | { readonly kind: 'attach'; readonly thread: Thread; readonly command: AttachAlerts }
  /** The incident is too old to take new alerts: close it, then plan again. */
  | { readonly kind: 'roll-over'; readonly command: Resolve };
