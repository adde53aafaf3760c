import type { PageAction } from '../../../lib/domain/incident/page-event.ts';
import type { Severity } from '../../../lib/domain/policy/policy.ts';

/** What a source says of one alert in one message. */
export interface Fact {
  readonly sourceId: string;
  readonly fingerprint: string;
  readonly startsAtMs: number;
  readonly isFiring: boolean;
  readonly severity: Severity;
  readonly service: string;
}

/** One accepted event at the pager. */
export interface PagerEntry {
  readonly atMs: number;
  readonly action: PageAction;
  readonly dedupKey: string;
  readonly incidentId: string;
  /** Policy version that the page names; null where the page was cut down to the least. */
  readonly policy: string | null;
}

export interface FallbackEntry {
  readonly atMs: number;
  readonly incidentId: string;
  readonly text: string;
}

/** A span in which something outside did not work. */
export interface Outage {
  readonly what: 'pager' | 'stream' | 'clock' | 'call';
  readonly fromMs: number;
  readonly toMs: number;
}

/** What the outside world saw, kept by the outside world. Truth for every invariant. */
export class Ledger {
  readonly sent: Fact[] = [];
  readonly accepted: Fact[] = [];
  readonly pager: PagerEntry[] = [];
  readonly fallback: FallbackEntry[] = [];
  readonly published = new Set<string>();
  /** Bus events that the stream gave up on after its last try. */
  readonly deadLettered = new Set<string>();
  readonly outages: Outage[] = [];
  /** Bodies that were answered with 202 and cannot be read. */
  readonly unreadableAccepted = new Set<string>();

  /** Kinds of things that went wrong in a span. */
  troublesIn(fromMs: number, toMs: number): ReadonlySet<Outage['what']> {
    return new Set(
      this.outages
        .filter((outage) => outage.fromMs <= toMs && outage.toMs >= fromMs)
        .map(({ what }) => what),
    );
  }
}
