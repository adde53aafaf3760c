import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClockName } from '../../../lib/domain/incident/sla-event.ts';
import { isFromPager } from '../../../lib/domain/incident/principal.ts';
import type { IncidentEvent } from '../../../lib/domain/incident/event.ts';
import type { Severity } from '../../../lib/domain/policy/policy.ts';
import type { EpochMs } from '../../../lib/domain/shared/time.ts';
import { deadlineOf, elapsedAt, type SlaClock } from '../../../lib/domain/sla/clock.ts';
import { tenant, t0 } from '../../unit/domain/samples.ts';
import { steps, tell } from './stories.ts';

/** A clock as a list of intervals in which it ran. */
interface NaiveClock {
  readonly version: number;
  readonly severity: Severity;
  readonly targetMs: number;
  readonly intervals: readonly (readonly [fromMs: number, toMs: number | null])[];
}

const targetOf = (name: ClockName, severity: Severity): number =>
  tenant.sla.targets[severity][name === 'response' ? 'respondMs' : 'resolveMs'];

const begun = (name: ClockName, severity: Severity): NaiveClock => ({
  version: 1,
  severity,
  targetMs: targetOf(name, severity),
  intervals: [[t0, null]],
});

const elapsed = ({ intervals }: NaiveClock, nowMs: number): number =>
  intervals.reduce((sum, [fromMs, toMs]) => sum + ((toMs ?? nowMs) - fromMs), 0);

const isRunning = ({ intervals }: NaiveClock): boolean => intervals.at(-1)?.[1] === null;

const paused = (clock: NaiveClock, nowMs: number): NaiveClock => ({
  ...clock,
  intervals: clock.intervals.map(([fromMs, toMs]) => [fromMs, toMs ?? nowMs]),
});

const under = (clock: NaiveClock, name: ClockName, severity: Severity): NaiveClock =>
  severity === clock.severity
    ? clock
    : { ...clock, version: clock.version + 1, severity, targetMs: targetOf(name, severity) };

/**
 * When a clock stopped: at the instant PagerDuty gives, where somebody answered there, but not
 * before it ran.
 */
function stopOf(event: IncidentEvent, clock: NaiveClock, nowMs: number): number {
  const [fromMs] = clock.intervals.at(-1) ?? [t0];
  return Math.max(fromMs, Math.min(toldInstant(event) ?? nowMs, nowMs));
}

const toldInstant = (event: IncidentEvent): number | null =>
  (event.type === 'incident.acknowledged' || event.type === 'incident.resolved') &&
  isFromPager(event.by)
    ? event.occurredAtMs
    : null;

/** Both clocks of an incident, from what happened to it and nothing that the log says of clocks. */
class Notebook {
  readonly breaches: string[] = [];
  clocks: Readonly<Record<ClockName, NaiveClock>> = {
    response: begun('response', 'P1'),
    resolution: begun('resolution', 'P1'),
  };
  /** Versions whose breach was recorded and withdrawn: a resumed clock is a new one. */
  readonly #withdrawn = new Set<string>();
  #severity: Severity = 'P1';

  /** Whatever ran out of time until now. */
  look(nowMs: number): void {
    for (const name of ['response', 'resolution'] as const) {
      const clock = this.clocks[name];
      const breach = `${name} ${clock.version}`;
      const isOver = isRunning(clock) && elapsed(clock, nowMs) >= clock.targetMs;
      if (isOver && !this.breaches.includes(breach)) this.breaches.push(breach);
    }
  }

  follow(event: IncidentEvent, nowMs: number): void {
    const { response, resolution } = this.clocks;
    if (event.type === 'incident.acknowledged') {
      this.clocks = { response: paused(response, stopOf(event, response, nowMs)), resolution };
    } else if (event.type === 'incident.unacknowledged' || event.type === 'acknowledgement.idle') {
      this.clocks = { response: this.#anew(response, nowMs), resolution };
    } else if (event.type === 'incident.resolved') {
      this.clocks = {
        response: paused(response, stopOf(event, response, nowMs)),
        resolution: paused(resolution, stopOf(event, resolution, nowMs)),
      };
    } else if (event.type === 'incident.reopened') {
      const resumed = this.#resumed(resolution, nowMs);
      this.clocks = { response: this.#anew(response, nowMs), resolution: resumed };
    } else if (event.type === 'sla.breach_withdrawn') {
      this.#withdrawn.add(`${event.clock} ${event.version}`);
    } else if (event.type === 'severity.changed') {
      this.#regrade(event.to);
    }
  }

  #resumed(clock: NaiveClock, nowMs: number): NaiveClock {
    const isUsedUp = this.#withdrawn.has(`resolution ${clock.version}`);
    const isSame = clock.severity === this.#severity;
    const resumed: NaiveClock = {
      ...clock,
      version: clock.version + (isUsedUp && isSame ? 1 : 0),
      intervals: [...clock.intervals, [nowMs, null]],
    };
    return under(resumed, 'resolution', this.#severity);
  }

  #regrade(severity: Severity): void {
    const { response, resolution } = this.clocks;
    this.#severity = severity;
    this.clocks = {
      response: isRunning(response) ? under(response, 'response', severity) : response,
      resolution: isRunning(resolution) ? under(resolution, 'resolution', severity) : resolution,
    };
  }

  #anew(clock: NaiveClock, nowMs: number): NaiveClock {
    const severity = this.#severity;
    return {
      version: clock.version + 1,
      severity,
      targetMs: targetOf('response', severity),
      intervals: [[nowMs, null]],
    };
  }
}

function expectSame(clock: SlaClock, naive: NaiveClock, nowMs: EpochMs): void {
  expect([clock.version, clock.severity]).toEqual([naive.version, naive.severity]);
  expect(clock.end === null).toBe(isRunning(naive));
  const countedMs = elapsed(naive, nowMs);
  expect(elapsedAt(clock, clock.end?.atMs ?? nowMs)).toBe(countedMs);
  if (clock.end === null) expect(deadlineOf(clock)).toBe(nowMs + naive.targetMs - countedMs);
}

describe('the clocks of an incident', () => {
  it('breach exactly once for each version that ran at its deadline (I11)', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const notebook = new Notebook();
        const recorded: string[] = [];
        for (const { events, nowMs } of tell(all)) {
          // What was answered in PagerDuty before a deadline did not run to it.
          let untilMs = Math.min(nowMs, ...events.flatMap((event) => toldInstant(event) ?? []));
          notebook.look(untilMs);
          for (const event of events) {
            notebook.follow(event, nowMs);
            if (toldInstant(event) !== null) untilMs = nowMs;
            notebook.look(untilMs);
            if (event.type !== 'sla.breached') continue;
            recorded.push(`${event.clock} ${event.version}`);
            expect(event.deadlineAtMs).toBeLessThanOrEqual(nowMs);
          }
          expect(recorded.toSorted()).toEqual(notebook.breaches.toSorted());
        }
      }),
      { numRuns: 500 },
    );
  });

  it('count the sum of the intervals in which they ran, and no more (I12)', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const notebook = new Notebook();
        for (const { events, incident, nowMs } of tell(all)) {
          for (const event of events) {
            // The log stops the clocks just before it says who resolved.
            const ended = events.find(({ type }) => type === 'incident.resolved');
            if (event.type === 'sla.met' && ended !== undefined) notebook.follow(ended, nowMs);
            notebook.follow(event, nowMs);
            if (event.type !== 'sla.met') continue;
            expect(event.elapsedMs).toBe(elapsed(notebook.clocks[event.clock], nowMs));
          }
          expectSame(incident.response, notebook.clocks.response, nowMs);
          expectSame(incident.resolution, notebook.clocks.resolution, nowMs);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('record nothing twice: a second wake-up at the same instant changes nothing', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const wake = { after: { ms: 0 }, act: () => ({ kind: 'wake' }) as const };
        const chapters = tell(all.flatMap((step) => [step, wake, wake]));
        const second = chapters.filter((_, index) => index > 0 && index % 3 === 0);
        for (const { events } of second) expect(events).toEqual([]);
      }),
    );
  });
});
