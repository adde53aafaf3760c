import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decide } from '../../../lib/domain/incident/decide.ts';
import { dueRows } from '../../../lib/domain/incident/due.ts';
import { fromStored, type StoredIncident } from '../../../lib/domain/incident/earlier-versions.ts';
import { replay } from '../../../lib/domain/postmortem/postmortem.ts';
import type { Commit } from '../../../lib/domain/incident/event.ts';
import { acknowledged, at, context, fold } from './samples.ts';

/** As the version before this one wrote them: a snapshot of an open incident, and its log. */
const read = (name: string): unknown =>
  JSON.parse(readFileSync(`test/unit/domain/golden/${name}`, 'utf8'));

describe('an incident that an earlier version stored', () => {
  const stored = read('stored-before-duties.json') as StoredIncident;

  it('is whole when it is read, and owes nothing', () => {
    const incident = fromStored(stored);

    expect(incident).toMatchObject({ state: 'triggered', roles: [], progress: null });
    expect(incident.response.isBreachWithdrawn).toBe(false);
    expect(incident.intents).toMatchObject([{ target: null, owedSinceMs: at(0) }]);
    expect(dueRows(incident).map(({ row }) => (row.kind === 'timer' ? row.name : 'page'))).toEqual([
      'response',
      'resolution',
      'page',
    ]);
  });

  it('equals what its log replays to', () => {
    const commits = read('log-before-duties.json') as readonly Commit[];
    expect(replay(commits)).toEqual(fromStored(stored));
  });

  it('goes on from there', () => {
    const { decided } = decide(fromStored(stored), { kind: 'wake' }, context(at(61)));
    expect(decided.events.map(({ type }) => type)).toContain('sla.breached');
  });

  it('is left as it is when nothing is lacking', () => {
    const incident = fold(acknowledged);
    expect(fromStored(incident)).toEqual(incident);
  });
});
