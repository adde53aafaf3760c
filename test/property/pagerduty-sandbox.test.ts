import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Account } from '../../lib/local/sandbox/pagerduty/account.ts';
import { createDirectory } from '../../lib/local/sandbox/pagerduty/directory.ts';
import { checkEvent, type ValidEvent } from '../../lib/local/sandbox/pagerduty/event-validation.ts';
import type { EventAction } from '../../lib/local/sandbox/pagerduty/fact.ts';
import { createReferences } from '../../lib/local/sandbox/pagerduty/references.ts';
import { createSandboxIds } from '../../lib/local/sandbox/pagerduty/sandbox-ids.ts';
import { DEFAULT_DELIVERY, DEFAULT_PEOPLE } from '../../lib/local/sandbox/pagerduty/settings.ts';
import { createSlidingWindow } from '../../lib/local/sandbox/pagerduty/sliding-window.ts';

/** An account in memory whose ids count up and whose time stands still. */
function newAccount(): Account {
  const directory = createDirectory(DEFAULT_PEOPLE, undefined);
  let made = 0;
  const countedBytes = (length: number): Uint8Array => {
    made += 1;
    return Uint8Array.from({ length }, (_, place) => Math.floor(made / 36 ** place) % 36);
  };
  return new Account({
    timekeeper: { nowMs: () => 0, after: () => () => undefined },
    ids: createSandboxIds(countedBytes),
    directory,
    ledgerPath: undefined,
    view: {
      references: createReferences('https://pd.example.com', directory),
      incidentKey: 'absent',
    },
    settings: DEFAULT_DELIVERY,
    post: () => Promise.resolve({ kind: 'answered', status: 202 }),
  });
}

interface Step {
  readonly service: string;
  readonly key: string;
  readonly action: EventAction;
}

const step: fc.Arbitrary<Step> = fc.record({
  service: fc.constantFrom('api', 'web'),
  key: fc.constantFrom('a', 'b', '__proto__'),
  action: fc.constantFrom('trigger', 'acknowledge', 'resolve'),
});

/** The documented rules, said in the simplest way: a list of incidents, searched from the end. */
class Model {
  readonly incidents: { service: string; key: string; status: string; triggers: number }[] = [];

  take({ service, key, action }: Step): void {
    const open = this.incidents.findLast(
      (one) => one.service === service && one.key === key && one.status !== 'resolved',
    );
    if (action === 'trigger' && open === undefined) {
      this.incidents.push({ service, key, status: 'triggered', triggers: 1 });
    } else if (open !== undefined && action === 'trigger') {
      open.triggers += 1;
    } else if (open !== undefined) {
      open.status = action === 'resolve' ? 'resolved' : 'acknowledged';
    }
  }
}

function eventOf({ action, key }: Step): ValidEvent {
  const checked = checkEvent({
    event_action: action,
    dedup_key: key,
    payload: { summary: 's', source: 'x', severity: 'info' },
  });
  if (!checked.ok) throw new Error(checked.errors.join());
  return checked.value;
}

describe('the PagerDuty sandbox', () => {
  test('keeps incidents by key and service as the naive model does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const account = newAccount();
        const model = new Model();
        for (const one of steps) {
          const arrival = { service: one.service, arrivedAtMs: 0, bytes: 1, body: {} };
          await account.acceptEvent(eventOf(one), arrival);
          model.take(one);
        }
        const held = account.book.incidents().map(({ service, status, alert }) => ({
          service,
          key: alert.key,
          status,
          triggers: alert.triggers,
        }));
        expect(held).toEqual(model.incidents);
        expect(account.book.requests()).toHaveLength(steps.length);
      }),
    );
  });

  test('a sliding window never lets more than its limit through in any minute', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 80 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 5 }), (gapsMs, limit) => {
        const window = createSlidingWindow(limit, 60_000);
        let nowMs = 0;
        const passed: number[] = [];
        for (const gapMs of gapsMs) {
          nowMs += gapMs;
          const inLastMinute = passed.filter((atMs) => atMs > nowMs - 60_000).length;
          const { allowed, remaining } = window.take('k', nowMs);
          expect(allowed).toBe(inLastMinute < limit);
          if (allowed) passed.push(nowMs);
          expect(remaining).toBe(limit - inLastMinute - (allowed ? 1 : 0));
        }
      }),
    );
  });
});
