import type { IncidentEvent } from '../../../lib/domain/incident/event.ts';
import type { Principal } from '../../../lib/domain/incident/principal.ts';
import type { Severity, TenantPolicy } from '../../../lib/domain/policy/policy.ts';

/** One SLA clock, kept as a person with a notebook would. */
export interface NaiveClock {
  readonly name: 'response' | 'resolution';
  version: number;
  severity: Severity;
  targetMs: number;
  /** Closed running intervals of this version, summed. */
  countedMs: number;
  /** Start of the open interval; null while it stands still. */
  runningSinceMs: number | null;
  isBreached: boolean;
  /** Its breach was withdrawn: when it goes on, it is a new version. */
  isUsedUp: boolean;
}

const elapsed = (clock: NaiveClock, nowMs: number): number =>
  clock.countedMs + (clock.runningSinceMs === null ? 0 : Math.max(0, nowMs - clock.runningSinceMs));

/** When the time of a running clock is used up. */
export const deadlineOf = (clock: NaiveClock): number =>
  clock.runningSinceMs === null
    ? Infinity
    : clock.runningSinceMs + clock.targetMs - clock.countedMs;

/** PagerDuty's own instant where somebody answered there, but not before the clock ran. */
function stopOf(
  { by, occurredAtMs }: { readonly by: Principal; readonly occurredAtMs: number },
  { runningSinceMs }: NaiveClock,
  atMs: number,
): number {
  const isFromThere = by.kind === 'person' && by.via === 'pagerduty';
  return isFromThere ? Math.max(runningSinceMs ?? 0, Math.min(occurredAtMs, atMs)) : atMs;
}

type Complain = (what: string) => void;

/**
 * The two clocks of one incident, from what happened to the incident and nothing else. What the
 * log says of its clocks is compared with it.
 */
export class NaiveClocks {
  readonly response: NaiveClock;
  readonly resolution: NaiveClock;
  readonly #policy: TenantPolicy;
  #severity: Severity;
  #breaches = 0;

  constructor(policy: TenantPolicy, severity: Severity, atMs: number) {
    this.#policy = policy;
    this.#severity = severity;
    this.response = this.#fresh('response', atMs);
    this.resolution = this.#fresh('resolution', atMs);
  }

  get breaches(): number {
    return this.#breaches;
  }

  #fresh(name: NaiveClock['name'], atMs: number): NaiveClock {
    return {
      name,
      version: 1,
      severity: this.#severity,
      targetMs: this.#target(name),
      countedMs: 0,
      runningSinceMs: atMs,
      isBreached: false,
      isUsedUp: false,
    };
  }

  #target(name: NaiveClock['name']): number {
    const target = this.#policy.sla.targets[this.#severity];
    return name === 'response' ? target.respondMs : target.resolveMs;
  }

  /** Follows one event; complains where the log and the notebook disagree. */
  follow(event: IncidentEvent, atMs: number, complain: Complain): void {
    switch (event.type) {
      case 'incident.acknowledged': {
        this.#end(this.response, stopOf(event, this.response, atMs), complain);
        return;
      }
      case 'acknowledgement.idle':
      case 'incident.unacknowledged': {
        this.#renew(this.response, atMs, 0);
        return;
      }
      case 'incident.resolved':
        this.#end(this.response, stopOf(event, this.response, atMs), complain);
        {
          this.#end(this.resolution, stopOf(event, this.resolution, atMs), complain);
          return;
        }
      case 'incident.reopened':
        this.#renew(this.response, atMs, 0);
        {
          this.#resume(this.resolution, atMs);
          return;
        }
      case 'severity.changed':
        this.#severity = event.to;
        this.#retarget(this.response);
        {
          this.#retarget(this.resolution);
          return;
        }
      case 'sla.breached': {
        this.#breach(event, atMs, complain);
        return;
      }
      case 'sla.clock_started': {
        const clock = this[event.clock];
        if (event.version !== clock.version || event.deadlineAtMs !== deadlineOf(clock)) {
          complain(
            `${event.clock} started as version ${event.version} to ${event.deadlineAtMs}, and the ` +
              `notebook says version ${clock.version} to ${deadlineOf(clock)}`,
          );
        }
        return undefined;
      }
      case 'sla.breach_withdrawn': {
        this.#withdraw(event, complain);
        return;
      }
      case 'sla.met': {
        // The log stops a clock before it says who resolved.
        const countedMs = elapsed(this[event.clock], event.stoppedAtMs ?? atMs);
        if (event.elapsedMs !== countedMs) {
          complain(`${event.clock} met after ${event.elapsedMs}, the notebook says ${countedMs}`);
        }
        return undefined;
      }
      default:
        return undefined;
    }
  }

  /** Complains about every clock whose time was used up by now without a word about it. */
  demandBreaches(nowMs: number, complain: Complain): void {
    for (const clock of [this.response, this.resolution]) {
      if (deadlineOf(clock) <= nowMs && !clock.isBreached) {
        complain(`${clock.name} ${clock.version} was due at ${deadlineOf(clock)}: no breach`);
      }
    }
  }

  #breach(
    event: Extract<IncidentEvent, { readonly type: 'sla.breached' }>,
    atMs: number,
    complain: Complain,
  ): void {
    const clock = this[event.clock];
    this.#breaches += 1;
    const name = `breach of ${event.clock} ${event.version}`;
    if (clock.isBreached || event.version !== clock.version) complain(`${name}: a second one`);
    if (clock.runningSinceMs === null) complain(`${name}: the clock stood still`);
    if (event.deadlineAtMs > atMs) complain(`${name}: before it was due`);
    if (event.deadlineAtMs !== deadlineOf(clock)) {
      complain(`${name}: due at ${deadlineOf(clock)}, recorded as ${event.deadlineAtMs}`);
    }
    clock.isBreached = true;
  }

  #withdraw(
    event: Extract<IncidentEvent, { readonly type: 'sla.breach_withdrawn' }>,
    complain: Complain,
  ): void {
    const clock = this[event.clock];
    const isEarlier = event.stoppedAtMs < event.deadlineAtMs && event.version === clock.version;
    if (!clock.isBreached || !isEarlier) complain(`${event.clock}: no breach to withdraw`);
    clock.isBreached = false;
    clock.isUsedUp = true;
  }

  #end(clock: NaiveClock, atMs: number, complain: Complain): void {
    if (clock.runningSinceMs === null) return;
    if (deadlineOf(clock) <= atMs && !clock.isBreached) {
      complain(`${clock.name} ${clock.version} ended at ${atMs} after its deadline: no breach`);
    }
    clock.countedMs = elapsed(clock, atMs);
    clock.runningSinceMs = null;
  }

  #renew(clock: NaiveClock, atMs: number, countedMs: number): void {
    clock.version += 1;
    clock.severity = this.#severity;
    clock.targetMs = this.#target(clock.name);
    clock.countedMs = countedMs;
    clock.runningSinceMs = atMs;
    clock.isBreached = false;
    clock.isUsedUp = false;
  }

  /** Goes on in the same version, unless the severity has changed while it stood still. */
  #resume(clock: NaiveClock, atMs: number): void {
    if (clock.severity === this.#severity && !clock.isUsedUp) clock.runningSinceMs = atMs;
    else this.#renew(clock, atMs, clock.countedMs);
  }

  #retarget(clock: NaiveClock): void {
    if (clock.runningSinceMs === null) return;
    clock.version += 1;
    clock.severity = this.#severity;
    clock.targetMs = this.#target(clock.name);
    clock.isBreached = false;
    clock.isUsedUp = false;
  }
}
