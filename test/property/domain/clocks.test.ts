import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClockName } from '../../../lib/domain/incident/sla-event.ts';
import type { IncidentEvent } from '../../../lib/domain/incident/event.ts';
import type { Severity } from '../../../lib/domain/policy/policy.ts';
import { deadlineOf, elapsedAt } from '../../../lib/domain/sla/clock.ts';
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

/** Both clocks of an incident, from what happened to it and nothing that the log says of clocks. */
class Notebook {
  readonly breaches: string[] = [];
  clocks: Readonly<Record<ClockName, NaiveClock>> = {
    response: begun('response', 'P1'),
    resolution: begun('resolution', 'P1'),
  };
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
      this.clocks = { response: paused(response, nowMs), resolution };
    } else if (event.type === 'incident.unacknowledged') {
      this.clocks = { response: this.#anew(response, nowMs), resolution };
    } else if (event.type === 'incident.resolved') {
      this.clocks = { response: paused(response, nowMs), resolution: paused(resolution, nowMs) };
    } else if (event.type === 'incident.reopened') {
      const resumed: NaiveClock = {
        ...resolution,
        intervals: [...resolution.intervals, [nowMs, null]],
      };
      this.clocks = {
        response: this.#anew(response, nowMs),
        resolution: under(resumed, 'resolution', this.#severity),
      };
    } else if (event.type === 'severity.changed') {
      this.#severity = event.to;
      this.clocks = {
        response: isRunning(response) ? under(response, 'response', event.to) : response,
        resolution: isRunning(resolution) ? under(resolution, 'resolution', event.to) : resolution,
      };
    }
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

describe('the clocks of an incident', () => {
  it('breach exactly once for each version that ran at its deadline (I11)', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const notebook = new Notebook();
        const recorded: string[] = [];
        for (const { events, nowMs } of tell(all)) {
          notebook.look(nowMs);
          for (const event of events) {
            notebook.follow(event, nowMs);
            notebook.look(nowMs);
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
            notebook.follow(event, nowMs);
            if (event.type === 'sla.met') {
              expect(event.elapsedMs).toBe(elapsed(notebook.clocks[event.clock], nowMs));
            }
          }
          for (const clock of [incident.response, incident.resolution]) {
            const naive = notebook.clocks[clock.name];
            expect([clock.version, clock.severity]).toEqual([naive.version, naive.severity]);
            expect(clock.end === null).toBe(isRunning(naive));
            const countedMs = elapsed(naive, nowMs);
            expect(elapsedAt(clock, clock.end?.atMs ?? nowMs)).toBe(countedMs);
            if (clock.end !== null) continue;
            expect(deadlineOf(clock)).toBe(nowMs + naive.targetMs - countedMs);
          }
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
