import type { JsonObject } from '../shared/json.ts';
import type { Labels } from '../shared/labels.ts';
import type { EpochMs } from '../shared/time.ts';

/** Where deliveries come from. A further source is one codec, one route and one name here. */
export type SourceKind = 'alertmanager' | 'cloud-monitoring' | 'tocsin';

export type AlertStatus = 'firing' | 'resolved';

/** Places a responder may want to open. Data from outside: shown, never fetched. http(s) only. */
export interface AlertLinks {
  readonly runbook?: string;
  readonly dashboard?: string;
  readonly source?: string;
}

/**
 * One alert in the one shape that everything after the codecs works on.
 *
 * `fingerprint` names what fires (the label set, or the source's incident), `fingerprint` and
 * `startsAtMs` together name one episode of it. Whether it is resolved is `status` alone;
 * `endsAtMs` is informative. What a limit cut is named in `cuts`, one sentence each.
 */
export interface Alert {
  readonly fingerprint: string;
  readonly startsAtMs: EpochMs;
  readonly endsAtMs: EpochMs | null;
  readonly status: AlertStatus;
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly links: AlertLinks;
  /** The source's own fields that have no place above, as it sent them. */
  readonly sourceFields: JsonObject;
  readonly cuts: readonly string[];
}

/** One authenticated message of a source, normalised. */
export interface Delivery {
  readonly sourceKind: SourceKind;
  /** The source's own grouping, opaque. Equal group and equal alert set mean a repeat. */
  readonly group: string;
  readonly alerts: readonly Alert[];
  /** How many alerts the source, or a limit of ours, left out: absence proves nothing then. */
  readonly truncatedAlerts: number;
  /** A connection test of the source: recorded, never an incident. */
  readonly isTest: boolean;
  readonly cuts: readonly string[];
}

/** Why a body could not be read: `reason` is a sentence for a person. */
export interface Unreadable {
  readonly kind: 'unreadable';
  readonly reason: string;
}
