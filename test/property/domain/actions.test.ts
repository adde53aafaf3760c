import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Action, ActionState, Approval } from '../../../lib/domain/action/action.ts';
import { isGood } from '../../../lib/domain/action/verdict.ts';
import { isEnded, summaryOf } from '../../../lib/domain/action/summary.ts';
import type { Sample } from '../../../lib/domain/action/observation.ts';
import { maxSends } from '../../../lib/domain/action/decide-start.ts';
import { evolve } from '../../../lib/domain/incident/evolve.ts';
import type { Incident } from '../../../lib/domain/incident/state.ts';
import type { EpochMs } from '../../../lib/domain/shared/time.ts';
import { acknowledged, fold } from '../../unit/domain/samples.ts';
import { moves, play, policy, type Chapter } from './action-world.ts';
import { transitions } from './action-transitions.ts';

const numRuns = 400;

/** Holds for every chapter of every story. */
const always = (check: (chapter: Chapter) => void): void => {
  fc.assert(
    fc.property(moves, (all) => {
      play(all).forEach(check);
    }),
    { numRuns },
  );
};

/** Holds for each of the two actions' own chapters. */
const perAction = (check: (own: readonly Chapter[]) => void): void => {
  fc.assert(
    fc.property(moves, (all) => {
      const chapters = play(all).filter(({ decided }) => decided !== null);
      for (const id of ['a0', 'a1']) {
        check(chapters.filter(({ decided }) => decided?.action.id === id));
      }
    }),
    { numRuns },
  );
};

/** Whether an approval counts as the rules have it, told without the code that is tested. */
function counts(of: Approval, { plan, planHash, origin }: Action, nowMs: EpochMs): boolean {
  const approvers = policy.people.filter(({ roles }) => roles.includes('approver'));
  const authors = plan?.authors ?? [];
  const others = approvers.filter(
    ({ id, logins }) =>
      !(origin.kind === 'person' && origin.personId === id) &&
      !logins.some((login) => authors.includes(login)),
  );
  const isInTime = nowMs < of.atMs + policy.actions.guardrails.approvalWithinMs;
  return of.planHash === planHash && isInTime && others.some(({ id }) => id === of.personId);
}

/** The samples at the end of a story, all good and none more than a minute after the one before. */
function goodRun(own: readonly Chapter[]): readonly Sample[] {
  let run: readonly Sample[] = [];
  for (const sample of own.flatMap(sampleOf)) {
    const [lastAtMs] = run.slice(-1).map(({ atMs }) => atMs);
    const isGap = lastAtMs !== undefined && sample.atMs - lastAtMs > 60_000;
    if (!isGood(sample)) run = [];
    else run = isGap ? [sample] : [...run, sample];
  }
  return run;
}

function sampleOf({ command, decided }: Chapter): readonly Sample[] {
  const sample = decided?.action.lastSample ?? null;
  return command.kind === 'sampled' && sample !== null ? [sample] : [];
}

/** From the first to the last. */
function lengthOf(run: readonly Sample[]): number {
  const instants = run.map(({ atMs }) => Number(atMs));
  return Math.max(...instants) - Math.min(...instants);
}

const atWork: readonly ActionState[] = ['executing', 'uncertain', 'observing', 'validating'];

describe('an action, whatever happens to it', () => {
  it('moves only along its transition table, one version at a time', () => {
    always(({ before, decided }) => {
      if (decided === null) return;
      const { state, version } = decided.action;
      const from = before?.state ?? 'none';
      if (state !== from) expect(transitions[from]).toContain(state);
      expect(version).toBe((before?.version ?? 0) + 1);
    });
  });

  it('is looked at again while it is open, and never after', () => {
    always(({ decided }) => {
      if (decided === null) return;
      const { state, nextAtMs, endedAtMs, leaseUntilMs, outcome } = decided.action;
      expect(nextAtMs === null).toBe(isEnded(state));
      expect(endedAtMs !== null).toBe(isEnded(state));
      expect(leaseUntilMs !== null).toBe(atWork.includes(state));
      expect(outcome === '').toBe(!isEnded(state));
    });
  });

  it('is never at work beside another on the same target, and has a fence of its own', () => {
    fc.assert(
      fc.property(moves, (all) => {
        const fences: number[] = [];
        for (const { actions, decided } of play(all)) {
          const working = actions.filter((of) => of !== null && atWork.includes(of.state));
          expect(working.length).toBeLessThan(2);
          for (const event of decided?.events ?? []) {
            if (event.type === 'action.started') fences.push(event.fence);
          }
        }
        expect(fences).toEqual([...new Set(fences)].toSorted((a, b) => a - b));
      }),
      { numRuns },
    );
  });

  it('starts only with enough distinct approvals of its plan, none by requester or author', () => {
    always(({ decided, before, nowMs }) => {
      if (decided?.events.some(({ type }) => type === 'action.started') !== true) return;
      const { approvalsNeeded, origin } = decided.action;
      const counted = decided.action.approvals.filter((of) => counts(of, decided.action, nowMs));
      const distinct = new Set(counted.map(({ personId }) => personId));
      expect(before?.state).toBe('approved');
      expect(distinct.size).toBeGreaterThanOrEqual(approvalsNeeded);
      if (approvalsNeeded === 0) expect(origin).toMatchObject({ mode: 'automatic' });
    });
  });

  it('never starts, and sends nothing, once its incident is resolved or all is halted', () => {
    always(({ decided, isResolved, isHalted }) => {
      const types = decided?.events.map(({ type }) => type) ?? [];
      if (isResolved) expect(types).not.toContain('action.started');
      if (isHalted) expect(types).not.toContain('action.step_sent');
    });
  });

  it('sends each step at most twice, and again only after it was seen to have done nothing', () => {
    perAction((own) => {
      const sent = new Map<string, number>();
      let maySend = true;
      for (const event of own.flatMap(({ decided }) => decided?.events ?? [])) {
        if (event.type === 'action.step_sent') {
          expect(maySend).toBe(true);
          maySend = false;
          sent.set(event.stepId, (sent.get(event.stepId) ?? 0) + 1);
          expect(event.send).toBe(sent.get(event.stepId));
          expect(event.send).toBeLessThanOrEqual(maxSends);
        }
        if (event.type === 'action.step_applied' || event.type === 'action.step_not_applied') {
          maySend = true;
        }
      }
    });
  });

  it('is verified only after three good signals for the soak, without a gap', () => {
    perAction((own) => {
      const last = own.at(-1)?.decided?.action ?? null;
      if (last?.state !== 'verified' || last.plan === null) return;
      const run = goodRun(own);
      const { soakMs, samples } = last.plan.verification;
      expect(run.length).toBeGreaterThanOrEqual(samples);
      expect(lengthOf(run)).toBeGreaterThanOrEqual(soakMs);
    });
  });

  it('shows on its incident as it is', () => {
    perAction((own) => {
      let incident: Incident = fold(acknowledged);
      let last: Action | null = null;
      for (const { decided, nowMs } of own) {
        for (const event of decided?.events ?? []) {
          incident = evolve(incident, { seq: incident.version + 1, atMs: nowMs, event });
        }
        last = decided?.action ?? last;
      }
      expect(incident.actions).toEqual(last === null ? [] : [summaryOf(last)]);
    });
  });

  it('comes to every verdict in these stories', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(moves, (all) => {
        for (const { decided } of play(all)) reached.add(decided?.action.state ?? 'denied');
      }),
      { numRuns: 3_000, seed: 7 },
    );
    expect([...reached].toSorted()).toEqual(
      Object.keys(transitions)
        .filter((state) => state !== 'none')
        .toSorted(),
    );
  });
});
