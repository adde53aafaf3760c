import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IncidentEvent } from '../../../lib/domain/incident/event.ts';
import { isSomebody } from '../../../lib/domain/incident/principal.ts';
import type { Incident } from '../../../lib/domain/incident/state.ts';
import { minutes } from '../../../lib/domain/shared/time.ts';
import { tenant } from '../../unit/domain/samples.ts';
import { steps, tell, type Chapter } from './stories.ts';

type State = Incident['state'];

/** Which states an event may find, and what it leaves; absent: any, and no change (I35). */
const steps35: Readonly<Partial<Record<IncidentEvent['type'], readonly [State[], State]>>> = {
  'incident.acknowledged': [['triggered'], 'acknowledged'],
  'incident.unacknowledged': [['acknowledged'], 'triggered'],
  'acknowledgement.idle': [['acknowledged'], 'triggered'],
  'incident.resolved': [['triggered', 'acknowledged'], 'resolved'],
  'incident.reopened': [['resolved'], 'triggered'],
};

/** What is only ever said of an incident in one of these states. */
const saidIn: Readonly<Partial<Record<IncidentEvent['type'], readonly State[]>>> = {
  'progress.changed': ['triggered', 'acknowledged'],
  'responder.requested': ['triggered', 'acknowledged'],
  'escalation.requested': ['triggered', 'acknowledged'],
  'update.due': ['triggered', 'acknowledged'],
  'incident.settling': ['triggered', 'acknowledged'],
  'incident.unsettled': ['triggered', 'acknowledged'],
  'postmortem.due': ['resolved'],
  'postmortem.completed': ['resolved'],
  'incident.closed': ['resolved'],
};

interface Told {
  readonly event: IncidentEvent;
  readonly nowMs: number;
}

const told = (chapters: readonly Chapter[]): readonly Told[] =>
  chapters.flatMap(({ events, nowMs }) => events.map((event) => ({ event, nowMs })));

const holds = (check: (chapters: readonly Chapter[]) => void): void => {
  fc.assert(
    fc.property(steps, (all) => {
      check(tell(all));
    }),
    { numRuns: 500 },
  );
};

describe('whatever people, sources and clocks do', () => {
  it('an incident moves only along its table (I35)', () => {
    holds((chapters) => {
      let state: State = 'triggered';
      for (const { event } of told(chapters)) {
        const step = steps35[event.type];
        expect(step?.[0] ?? [state], event.type).toContain(state);
        expect(saidIn[event.type] ?? [state], event.type).toContain(state);
        state = step?.[1] ?? state;
      }
      expect(chapters.at(-1)?.incident.state).toBe(state);
    });
  });

  it('a post-mortem is reminded of once a resolve, at its instant, and not once it is done', () => {
    holds((chapters) => {
      let owedFromMs: number | null = null;
      for (const { event, nowMs } of told(chapters)) {
        if (event.type === 'incident.resolved') owedFromMs = nowMs;
        if (event.type === 'incident.reopened' || event.type === 'postmortem.completed') {
          owedFromMs = null;
        }
        if (event.type !== 'postmortem.due') continue;
        expect(owedFromMs).not.toBeNull();
        const withinMs = event.dueAtMs - (owedFromMs ?? 0);
        expect(Object.values(tenant.communication.postmortemWithinMs)).toContain(withinMs);
        expect(event.dueAtMs).toBeLessThanOrEqual(nowMs);
        owedFromMs = null;
      }
    });
  });

  it('an incident is closed once a resolve, after the time of its severity', () => {
    holds((chapters) => {
      let resolvedAtMs: number | null = null;
      for (const { event, nowMs } of told(chapters)) {
        if (event.type === 'incident.resolved') resolvedAtMs = nowMs;
        if (event.type === 'incident.reopened') resolvedAtMs = null;
        if (event.type !== 'incident.closed') continue;
        expect(event.sinceMs).toBe(resolvedAtMs);
        expect(nowMs - event.sinceMs).toBeGreaterThanOrEqual(minutes(120));
        resolvedAtMs = null;
      }
    });
  });

  it('stakeholders are reminded of only after the time, and each instant once', () => {
    holds((chapters) => {
      let sinceMs = 0;
      for (const { event, nowMs } of told(chapters)) {
        if (event.type === 'update.published') sinceMs = nowMs;
        if (event.type !== 'update.due') continue;
        expect(event.dueAtMs).toBeLessThanOrEqual(nowMs);
        expect(event.dueAtMs).toBeGreaterThan(sinceMs);
        sinceMs = event.dueAtMs;
      }
    });
  });

  it('an acknowledgement goes idle only when nobody has acted for the time', () => {
    holds((chapters) => {
      let actedAtMs: number | null = null;
      for (const { event, nowMs } of told(chapters)) {
        if ('by' in event && isSomebody(event.by)) actedAtMs = nowMs;
        if (event.type !== 'acknowledgement.idle') continue;
        expect(event.sinceMs).toBe(actedAtMs);
        expect(event.afterMs).toBe(tenant.paging.ackIdleMs[event.severity]);
        expect(nowMs).toBeGreaterThanOrEqual(event.sinceMs + event.afterMs);
      }
    });
  });

  it('a breach is withdrawn only after it was recorded, and before its deadline', () => {
    holds((chapters) => {
      const breached = new Set<string>();
      for (const { event } of told(chapters)) {
        if (event.type === 'sla.breached') breached.add(`${event.clock} ${event.version}`);
        if (event.type !== 'sla.breach_withdrawn') continue;
        expect(breached.delete(`${event.clock} ${event.version}`)).toBe(true);
        expect(event.stoppedAtMs).toBeLessThan(event.deadlineAtMs);
      }
    });
  });

  it('nothing that is kept grows without a bound', () => {
    holds((chapters) => {
      for (const { incident } of chapters) {
        const { roles, addedLinks, intents } = incident;
        for (const role of ['commander', 'communications', 'scribe']) {
          expect(roles.filter((holder) => holder.role === role).length).toBeLessThanOrEqual(1);
        }
        expect(roles.length).toBeLessThanOrEqual(23);
        expect(addedLinks.length).toBeLessThanOrEqual(20);
        expect(intents.filter(({ channel }) => channel === 'rest').length).toBeLessThanOrEqual(20);
      }
    });
  });
});
