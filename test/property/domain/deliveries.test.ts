import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemHashing } from '../../../lib/adapters/system/hashing.ts';
import { episodeKey, totalsOf } from '../../../lib/domain/correlation/episodes.ts';
import { planDelivery } from '../../../lib/domain/correlation/plan.ts';
import type { Thread } from '../../../lib/domain/correlation/thread.ts';
import { decide, decideOpen } from '../../../lib/domain/incident/decide.ts';
import type { Incident } from '../../../lib/domain/incident/state.ts';
import type { Severity, TenantPolicy } from '../../../lib/domain/policy/policy.ts';
import { epochMs, minutes, seconds, type EpochMs } from '../../../lib/domain/shared/time.ts';
import { alert, at, checkout, equals, t0, tenant } from '../../unit/domain/samples.ts';

interface Fact {
  readonly fingerprint: keyof typeof labelOfAlert;
  readonly startsAtMs: EpochMs;
  readonly status: 'firing' | 'resolved';
}

const labelOfAlert = { a: 'warning', b: 'error', c: 'warning', d: 'critical' } as const;
const severityOfLabel = { warning: 'P2', error: 'P1', critical: 'P0' } as const;

const policyOf = (resolveDelayMs: number): TenantPolicy => ({
  ...tenant,
  lifecycle: { ...tenant.lifecycle, resolveDelayMs: seconds(resolveDelayMs / 1000) },
  blastRules: [
    {
      id: 'wide',
      match: [equals('severity', 'error')],
      minServices: null,
      minAlerts: 3,
      severity: 'P0',
      reason: 'it spreads',
    },
  ],
});

interface Outcome {
  /** Members, as names with their status. */
  readonly members: readonly string[];
  readonly state: 'none' | 'open' | 'resolved';
  readonly totals: { readonly episodes: number; readonly firing: number; readonly alerts: number };
  readonly severity: Severity | null;
}

/** What the set of facts says, by the words of the documentation. */
function expected(facts: readonly Fact[]): Outcome {
  const fired = facts.filter(({ status }) => status === 'firing');
  const names = [...new Set(fired.map(episodeKey))];
  const isOver = (name: string): boolean => {
    const own = facts.filter((fact) => episodeKey(fact) === name);
    const isSaid = own.some(({ status }) => status === 'resolved');
    const isOvertaken = facts.some((fact) =>
      own.some((o) => o.fingerprint === fact.fingerprint && o.startsAtMs < fact.startsAtMs),
    );
    return isSaid || isOvertaken;
  };
  const alerts = [...new Set(fired.map(({ fingerprint }) => fingerprint))];
  const isWide = alerts.includes('b') && alerts.length >= 3;
  const worst = [
    ...alerts.map((fingerprint) => severityOfLabel[labelOfAlert[fingerprint]]),
    ...(isWide ? ['P0' as const] : []),
  ].sort()[0];
  const firing = names.filter((name) => !isOver(name)).length;
  return {
    members: names.map((name) => `${name} ${isOver(name) ? 'resolved' : 'firing'}`).sort(),
    state: names.length === 0 ? 'none' : firing > 0 ? 'open' : 'resolved',
    totals: { episodes: names.length, firing, alerts: alerts.length },
    severity: worst ?? null,
  };
}

interface Scene {
  readonly thread: Thread;
  readonly incident: Incident | null;
}

const fresh: Scene = {
  thread: {
    tenant: 'acme',
    threadHash: 'h',
    correlationKey: 'k',
    version: 0,
    current: null,
    episodes: [],
  },
  incident: null,
};

/** The thread points at its incident, as a commit leaves it. */
const joined = (thread: Thread, incident: Incident): Scene => ({
  incident,
  thread: {
    ...thread,
    current: {
      incidentId: incident.id,
      ordinal: incident.ordinal,
      isOpen: incident.state !== 'resolved',
      quietUntilMs: incident.state === 'resolved' ? incident.quietUntilMs : null,
    },
  },
});

const woken = ({ thread, incident }: Scene, policy: TenantPolicy, nowMs: EpochMs): Scene =>
  incident === null
    ? { thread, incident }
    : joined(thread, decide(incident, { kind: 'wake' }, { policy, nowMs }).decided.incident);

function deliver(
  before: Scene,
  facts: readonly Fact[],
  { policy, nowMs }: { readonly policy: TenantPolicy; readonly nowMs: EpochMs },
): Scene {
  const scene = woken(before, policy, nowMs);
  const plan = planDelivery(
    {
      ...scene,
      group: {
        correlationKey: 'k',
        grouping: { rule: 'g', text: 'one problem' },
        alerts: facts.map((fact) => ({
          alert: alert({ ...fact, labels: { severity: labelOfAlert[fact.fingerprint] } }),
          service: checkout,
          serviceId: 'checkout',
          environment: '',
        })),
      },
      sourceKind: 'alertmanager',
      sourceId: 'prometheus',
      deliveryId: 'd',
      truncatedAlerts: 0,
      cuts: [],
      operator: null,
    },
    { policy, policyVersion: 'v', nowMs, digest: systemHashing.digest },
  );
  switch (plan.kind) {
    case 'duplicate':
      return scene;
    case 'remember':
      return { ...scene, thread: plan.thread };
    case 'open':
      return joined(plan.thread, decideOpen(plan.command, { policy, nowMs }).incident);
    case 'attach':
    case 'roll-over': {
      if (scene.incident === null) throw new Error('Nothing is attached to nothing.');
      const { decided } = decide(scene.incident, plan.command, { policy, nowMs });
      return joined(plan.kind === 'attach' ? plan.thread : scene.thread, decided.incident);
    }
  }
}

function outcomeOf({ thread, incident }: Scene): Outcome {
  const members = thread.episodes.filter(({ ordinal }) => ordinal > 0);
  return {
    members: members.map((episode) => `${episodeKey(episode)} ${episode.status}`).sort(),
    state: incident === null ? 'none' : incident.state === 'resolved' ? 'resolved' : 'open',
    totals: totalsOf(thread.episodes, 1),
    severity: incident?.severity ?? null,
  };
}

const fact: fc.Arbitrary<Fact> = fc.record({
  fingerprint: fc.constantFrom('a', 'b', 'c', 'd'),
  startsAtMs: fc.constantFrom(at(-3), at(-2), at(-1)),
  status: fc.constantFrom('firing', 'resolved'),
});
const deliveries = fc.array(fc.array(fact, { minLength: 1, maxLength: 4 }), {
  minLength: 1,
  maxLength: 6,
});
/** Which delivery comes next: any order, any number of times. */
const order = fc.array(fc.nat(), { maxLength: 12 });

describe('an incident', () => {
  it('is what the set of its deliveries says, whatever their order and number (I5)', () => {
    fc.assert(
      fc.property(
        deliveries,
        order,
        fc.constantFrom(0, 1000, 60_000),
        (all, repeats, resolveDelayMs) => {
          const policy = policyOf(resolveDelayMs);
          const shuffled = [...repeats.map((n) => all[n % all.length] ?? []), ...all.toReversed()];
          const last = shuffled.reduce(
            (scene, facts, index) =>
              deliver(scene, facts, { policy, nowMs: epochMs(t0 + index * 500) }),
            fresh,
          );
          const rested = woken(last, policy, at(10));

          expect(outcomeOf(rested)).toEqual(expected(all.flat()));
          expect(rested.incident?.ordinal ?? 1).toBe(1);
          expect(rested.incident?.totals ?? expected([]).totals).toEqual(outcomeOf(rested).totals);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('changes no more once everything was said', () => {
    fc.assert(
      fc.property(deliveries, order, (all, repeats) => {
        const policy = policyOf(minutes(1));
        const steps = [...all, ...all.toReversed()];
        const settled = steps.reduce(
          (scene, facts) => deliver(scene, facts, { policy, nowMs: t0 }),
          fresh,
        );
        for (const n of repeats) {
          const again = deliver(settled, all[n % all.length] ?? [], { policy, nowMs: t0 });
          expect(again).toEqual(settled);
        }
      }),
    );
  });
});
