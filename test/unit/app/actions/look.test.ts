import { describe, expect, it } from 'vitest';
import { look } from '../../../../lib/app/actions/look.ts';
import type { Actuator } from '../../../../lib/app/targets/actuator.ts';
import { ok } from '../../../../lib/domain/shared/result.ts';
import { epochMs } from '../../../../lib/domain/shared/time.ts';
import { Story } from '../../domain/action-samples.ts';

const never = (): Promise<never> => Promise.reject(new Error('only looks'));

describe('a look at a target', () => {
  it('is as old as its question: what happens while the answer is on its way is not in it', async () => {
    let nowMs = epochMs(44_000);
    const actuator: Actuator = {
      plan: never,
      send: never,
      look: () => {
        nowMs = epochMs(52_000);
        const convergence = { kind: 'waiting', says: 'not yet' } as const;
        return Promise.resolve(ok({ atMs: nowMs, facts: {}, mark: null, convergence }));
      },
    };
    const seen = await look(
      {
        actuators: { kubernetes: actuator, argocd: actuator, git: actuator },
        clock: { now: () => nowMs, sleep: never },
      },
      new Story().proposed().now,
    );
    expect(seen.ok && seen.value.atMs).toBe(44_000);
  });
});
