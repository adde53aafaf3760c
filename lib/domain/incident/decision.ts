import type { TenantPolicy } from '../policy/policy.ts';
import type { EpochMs } from '../shared/time.ts';
import type { IncidentEvent, IncidentOpened } from './event.ts';
import type { PageAction, PageChannel, PagePurpose } from './page-event.ts';
import { begin, evolve, type IncidentName } from './evolve.ts';
import type { Incident } from './state.ts';

/** What a decision may look at besides the incident and the command. */
export interface DecisionContext {
  readonly policy: TenantPolicy;
  readonly nowMs: EpochMs;
}

/** A page to ask for. */
export interface PageWish {
  readonly channel: PageChannel;
  readonly action: PageAction;
  readonly purpose: PagePurpose;
  readonly text: string;
  /** Of REST: a user's id, a priority's name, or an urgency. */
  readonly target?: string;
  /** Not before this instant; at once when absent. */
  readonly notBeforeMs?: EpochMs;
  /** Since when somebody should be told; since now when absent. */
  readonly owedSinceMs?: EpochMs;
}

/**
 * A decision in the making: the events so far, and the incident as it stands after them, so that
 * each next step looks at what the one before has already decided.
 */
export class Decision {
  readonly events: IncidentEvent[] = [];
  readonly context: DecisionContext;
  #incident: Incident;

  constructor(incident: Incident, context: DecisionContext) {
    this.#incident = incident;
    this.context = context;
  }

  static opening(name: IncidentName, opened: IncidentOpened, context: DecisionContext): Decision {
    const decision = new Decision(begin(name, opened, context.nowMs), context);
    decision.events.push(opened);
    return decision;
  }

  get incident(): Incident {
    return this.#incident;
  }

  get nowMs(): EpochMs {
    return this.context.nowMs;
  }

  record(event: IncidentEvent): void {
    const seq = this.#incident.version + 1;
    this.#incident = evolve(this.#incident, { seq, atMs: this.nowMs, event });
    this.events.push(event);
  }

  /** Asks for a page. Its id is the sequence number of the event that asks. */
  ask({ notBeforeMs, owedSinceMs = this.nowMs, ...wish }: PageWish): void {
    this.record({
      type: 'page.requested',
      intentId: `p${this.#incident.version + 1}`,
      ...wish,
      notBeforeMs: notBeforeMs ?? this.nowMs,
      ...(owedSinceMs < this.nowMs ? { owedSinceMs } : {}),
    });
  }
}
