import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueDifference, dueRows, nameOf } from '../../../lib/domain/incident/due.ts';
import type { Commit } from '../../../lib/domain/incident/event.ts';
import { postmortemMarkdown } from '../../../lib/domain/postmortem/markdown.ts';
import {
  postmortemJson,
  projectPostmortem,
  replay,
} from '../../../lib/domain/postmortem/postmortem.ts';
import type {
  Acknowledged,
  Incident,
  Resolved,
  Triggered,
} from '../../../lib/domain/incident/state.ts';
import { after, type EpochMs } from '../../../lib/domain/shared/time.ts';
import { canonicalJson } from '../../../lib/domain/shared/json.ts';
import { digest } from '../../unit/domain/samples.ts';
import { steps, tell, type Chapter } from './stories.ts';

const logOf = (chapters: readonly Chapter[]): readonly Commit[] =>
  chapters
    .filter(({ events }) => events.length > 0)
    .map(({ before, events, nowMs }) => ({
      tenant: 'acme',
      incidentId: 'abcde-1234567',
      firstSeq: (before?.version ?? 0) + 1,
      atMs: nowMs,
      policyVersion: 'v',
      causeId: 'c',
      events,
      previousHash: '',
      hash: digest(canonicalJson(events)),
    }));

describe('the log of an incident', () => {
  it('folds into the incident as it was decided, whatever was decided', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const chapters = tell(all);
        const log = logOf(chapters);
        expect(replay(log)).toEqual({
          ...chapters.at(-1)?.incident,
          lastHash: log.at(-1)?.hash,
        });
      }),
      { numRuns: 300 },
    );
  });

  it('has an outcome at most once for each page, and only for pages that were asked for', () => {
    const outcomes = ['page.accepted', 'page.superseded', 'page.dead_lettered'];
    fc.assert(
      fc.property(steps, (all) => {
        const chapters = tell(all);
        const waiting = new Set<string>();
        for (const event of chapters.flatMap(({ events }) => events)) {
          if (!('intentId' in event)) continue;
          if (event.type === 'page.requested') {
            expect(waiting.has(event.intentId)).toBe(false);
            waiting.add(event.intentId);
          } else {
            expect(waiting.has(event.intentId)).toBe(true);
            if (outcomes.includes(event.type)) waiting.delete(event.intentId);
          }
        }
        const open = chapters.at(-1)?.incident.intents.map(({ intentId }) => intentId);
        expect(open).toEqual([...waiting]);
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same post-mortem to the byte, also after it was stored and read', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const log = logOf(tell(all));
        // What the table holds is JSON; another machine reads it in its own order of keys.
        const stored = JSON.parse(canonicalJson(log)) as readonly Commit[];
        const [one, other] = [projectPostmortem(log), projectPostmortem(stored)];
        if (one === null || other === null) throw new Error('There is a log.');
        expect(postmortemMarkdown(other)).toBe(postmortemMarkdown(one));
        expect(JSON.stringify(postmortemJson(other)['timeline'])).toBe(
          JSON.stringify(postmortemJson(one)['timeline']),
        );
      }),
    );
  });
});

/** Every instant at which an incident changes by itself, from its fields alone. */
function wanted(incident: Incident): readonly EpochMs[] {
  return incident.state === 'resolved' ? wantedAfter(incident) : wantedBefore(incident);
}

function wantedAfter(incident: Resolved): readonly EpochMs[] {
  const { closedAtMs, closeAtMs, postmortem, isPostmortemReminded } = incident;
  const isOwed = postmortem === null && !isPostmortemReminded;
  const dueAtMs = isOwed ? incident.postmortemDueAtMs : null;
  return [closedAtMs === null ? closeAtMs : null, dueAtMs].filter((atMs) => atMs !== null);
}

function wantedBefore(incident: Triggered | Acknowledged): readonly EpochMs[] {
  const { settleAtMs, updateDueAtMs, lastHumanAtMs, duties, severity } = incident;
  const idleMs = duties.ackIdleMs[severity];
  const isIdling = incident.state === 'acknowledged' && settleAtMs === null && idleMs !== null;
  const idleAtMs = isIdling && lastHumanAtMs !== null ? after(lastHumanAtMs, idleMs) : null;
  return [settleAtMs, updateDueAtMs, idleAtMs].filter((atMs) => atMs !== null);
}

describe('the wake-ups', () => {
  it('follow the incident when each decision writes only the difference', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const rows = new Map<string, unknown>();
        for (const { before, incident } of tell(all)) {
          const { added, removed } = dueDifference(before, incident);
          for (const row of removed) expect(rows.delete(nameOf(row))).toBe(true);
          for (const row of added) {
            expect(rows.has(nameOf(row))).toBe(false);
            rows.set(nameOf(row), row);
          }
          expect([...rows.keys()].sort()).toEqual(dueRows(incident).map(nameOf).sort());
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never leave a clock, a delay, a duty or a page without one', () => {
    fc.assert(
      fc.property(steps, (all) => {
        for (const { incident, nowMs } of tell(all)) {
          const timers = dueRows(incident).filter(({ row }) => row.kind === 'timer');
          // What is due by now was recorded by the decision itself.
          for (const { dueAtMs } of timers) expect(dueAtMs).toBeGreaterThan(nowMs);
          const instants = timers.map(({ dueAtMs }) => dueAtMs);
          for (const dueAtMs of wanted(incident)) expect(instants).toContain(dueAtMs);
          expect(dueRows(incident)).toHaveLength(timers.length + incident.intents.length);
        }
      }),
    );
  });
});
