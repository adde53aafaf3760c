import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../../lib/adapters/memory/clock.ts';
import { epochMs, seconds } from '../../../lib/domain/shared/time.ts';

describe('the virtual clock', () => {
  it('wakes sleepers in order, each at its own instant, also those who sleep again', async () => {
    const clock = createVirtualClock(epochMs(0));
    const woken: string[] = [];
    const sleeper = async (name: string, ...spans: readonly number[]): Promise<void> => {
      for (const span of spans) {
        await clock.sleep(seconds(span));
        woken.push(`${name}@${clock.now()}`);
      }
    };
    const all = Promise.all([sleeper('late', 5), sleeper('twice', 1, 2), sleeper('after', 60)]);
    expect(clock.nextWakeAtMs()).toBe(1000);
    await clock.advance(seconds(10));
    expect(woken).toEqual(['twice@1000', 'twice@3000', 'late@5000']);
    expect(clock.now()).toBe(10_000);
    expect(clock.nextWakeAtMs()).toBe(60_000);
    await clock.advance(seconds(50));
    await all;
    expect(clock.nextWakeAtMs()).toBeNull();
  });
});
