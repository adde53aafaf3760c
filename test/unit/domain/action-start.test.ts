import { describe, expect, it } from 'vitest';
import type { ActionCommand } from '../../../lib/domain/action/command.ts';
import { leaseWrites } from '../../../lib/domain/action/lease.ts';
import { startWrites, withEnd } from '../../../lib/domain/action/recent-starts.ts';
import { at } from './samples.ts';
import {
  actionId,
  ann,
  byRunbook,
  lease,
  lock,
  person,
  plannedCommand,
  policy,
  policyOf,
  requestCommand,
  runbook,
  seen,
  startCommand,
  starts,
  Story,
  target,
  view,
  type PolicyParts,
} from './action-samples.ts';

type Start = Extract<ActionCommand, { readonly kind: 'start' }>;

const entry = (of: Partial<Start['starts']['starts'][number]> = {}) => ({
  actionId: 'a2',
  targetId: 'search',
  team: 'find',
  isByRunbook: false,
  locks: ['other'],
  atMs: at(-5),
  endedAtMs: at(-1),
  ...of,
});

/** A start at minute 3 of what was approved under one policy, by another. */
function startUnder(parts: PolicyParts, of: Partial<Start> = {}): Story {
  const story = new Story(policyOf(parts));
  story.action = new Story().approved().now;
  return story.do(at(3), startCommand(at(3), of));
}

describe('a start', () => {
  it('takes the leases and says what is sent before it is sent', () => {
    const before = new Story().approved();
    const story = new Story().started();
    expect(story.now).toMatchObject({
      state: 'executing',
      fence: 1,
      leaseUntilMs: at(7),
      sends: 1,
      sentAtMs: at(2),
      nextAtMs: at(2, 45_000),
    });
    expect(story.types().slice(-2)).toEqual(['started', 'step_sent']);
    expect(leaseWrites(before.now, story.now, [lease({ version: 4, fence: 0 })])).toEqual([
      lease({ version: 5, fence: 1, holder: { actionId, untilMs: at(7) } }),
    ]);
    const { guardrails } = policy.actions;
    const written = startWrites(before.now, story.now, {
      starts: starts(),
      guardrails,
      nowMs: at(2),
    });
    expect(written).toMatchObject({
      version: 1,
      starts: [
        { actionId, targetId: 'checkout', team: 'payments', locks: [lock], endedAtMs: null },
      ],
    });
  });

  it('has a fence above every one before', () => {
    const story = new Story().approved();
    story.do(at(3), startCommand(at(3), { leases: [lease({ version: 9, fence: 41 })] }));
    expect(story.now.fence).toBe(42);
  });

  it.each([
    [
      'the target is no target any more',
      { targets: [] },
      'checkout is not a target of the policy any more; nothing was done.',
    ],
    [
      'it is of another team',
      { targets: [{ ...target, team: 'find' }] },
      'checkout belongs to another team by now; nothing was done. Ask for it again.',
    ],
    [
      'the approver lost the role',
      { people: [ann, person('ben', { roles: ['responder'] })] },
      '0 of 1 approvals hold as it was to start: Ben may not approve: that needs the role ' +
        'approver in the policy. Nothing was done; ask for it again.',
    ],
    [
      'the approver is gone',
      { people: [ann] },
      '0 of 1 approvals hold as it was to start: ben approved and is not in the policy any more. ' +
        'Nothing was done; ask for it again.',
    ],
    [
      'a freeze has begun',
      { guardrails: { freezes: [{ name: 'Sale', from: at(2), until: at(60) }] } },
      '1 of 2 approvals hold as it was to start: 2 people must approve, since the freeze “Sale” ' +
        'holds. Nothing was done; ask for it again.',
    ],
  ])('is refused when %s', (_name, parts, outcome) => {
    expect(startUnder(parts).now).toMatchObject({ state: 'refused', outcome });
  });

  it('is cancelled when the incident is resolved', () => {
    const story = startUnder({}, { incident: view({ isResolved: true }) });
    expect(story.now).toMatchObject({
      state: 'cancelled',
      outcome: 'The incident was resolved before it started; nothing was done.',
    });
  });

  it('is refused when the target has changed, and says how', () => {
    const observation = seen('before', at(3), { facts: { template: 'newer' } });
    expect(startUnder({}, { observation }).now).toMatchObject({
      state: 'refused',
      outcome:
        'The target has changed since the plan (template is newer, not bad). ' +
        'Nothing was done; ask for it again to get a plan of how it is now.',
    });
  });

  it('is refused when somebody else has done it', () => {
    const observation = seen('after', at(3), { mark: null });
    expect(startUnder({}, { observation }).now.outcome).toMatch(/somebody else has done it/);
  });

  it.each([
    [
      'halted',
      { halt: { tenant: 'acme', version: 1, isOn: true, by: 'Ann', reason: 'audit', atMs: at(0) } },
      'All actions were halted by Ann (audit); `tocsin halt --off` lets them go on, in Slack `unhalt`.',
    ],
    [
      'the switch cannot be read',
      { halt: null },
      'The kill switch cannot be read, which counts as halted; it is read again by itself.',
    ],
    [
      'locked',
      { leases: [lease({ lock: { by: 'Cem', reason: 'migration', untilMs: at(60) } })] },
      `${lock} is locked by Cem until 2026-05-12T04:00:00.000Z (migration); ` +
        '`tocsin unlock` frees it, in Slack `unlock`.',
    ],
    [
      'held',
      { leases: [lease({ holder: { actionId: 'a2', untilMs: at(60) } })] },
      `Action a2 is at work on ${lock}; this one starts when that has ended.`,
    ],
    [
      'held by one whose lease ran out',
      {
        leases: [lease({ holder: { actionId: 'a2', untilMs: at(1) } })],
        starts: starts(entry({ locks: [lock], endedAtMs: null })),
      },
      `Action a2 is at work on ${lock}; this one starts when that has ended.`,
    ],
    [
      'at the limit of the target',
      { starts: starts(entry({ targetId: 'checkout' })) },
      'The limit of 1 started within 15 min is reached for target checkout; ' +
        'the next may start at 2026-05-12T03:10:00.000Z.',
    ],
    [
      'at the limit of the team',
      { starts: starts(...[-9, -8, -7].map((n) => entry({ team: 'payments', atMs: at(n) }))) },
      'The limit of 3 started within 15 min is reached for team payments; ' +
        'the next may start at 2026-05-12T03:06:00.000Z.',
    ],
    [
      'at the limit of all',
      { starts: starts(...[-9, -8, -7, -6, -5].map((n) => entry({ atMs: at(n) }))) },
      'The limit of 5 started within 15 min is reached for all teams together; ' +
        'the next may start at 2026-05-12T03:06:00.000Z.',
    ],
  ])('waits while it is %s, and says so once', (_name, of, reason) => {
    const story = startUnder({}, of);
    expect(story.now).toMatchObject({ state: 'approved', nextAtMs: at(3, 10_000) });
    expect(story.events).toEqual([{ type: 'action.waiting', actionId, reason }]);
    story.do(at(4), startCommand(at(4), of));
    expect(story.events).toHaveLength(1);
    expect(story.do(at(5), startCommand(at(5))).now.state).toBe('executing');
  });

  it('is not held up by what ended or expired, or by a lock that is over', () => {
    const story = startUnder(
      {},
      {
        leases: [
          lease({
            holder: { actionId: 'a2', untilMs: at(3) },
            lock: { by: 'Cem', reason: '', untilMs: at(3) },
          }),
        ],
        starts: starts(entry({ targetId: 'checkout', atMs: at(-12), locks: [lock] })),
      },
    );
    expect(story.now.state).toBe('executing');
  });

  it('of a runbook needs its trust still', () => {
    const story = new Story(policyOf({ runbooks: [{ ...runbook, mode: 'propose' }] }));
    const origin = byRunbook();
    story.action = new Story()
      .do(at(1), requestCommand({ origin }))
      .do(at(1), plannedCommand()).now;
    story.do(at(2), startCommand(at(2)));
    expect(story.now).toMatchObject({
      state: 'refused',
      outcome:
        '0 of 1 approvals hold as it was to start: One person must approve. ' +
        'Nothing was done; ask for it again.',
    });
  });

  it('is made once', () => {
    const story = new Story().started();
    expect(story.try(at(2), startCommand(at(2)))).toBe(`Action ${actionId} is executing by now.`);
  });
});

describe('leases', () => {
  it('are renewed by whoever works on the action, and free at its end', () => {
    const started = new Story().started().now;
    const story = new Story();
    story.action = started;
    story.do(at(5), { kind: 'answered' });
    expect(story.now.leaseUntilMs).toBe(at(10));
    const own = lease({ version: 2, fence: 1, holder: { actionId, untilMs: at(7) } });
    expect(leaseWrites(started, story.now, [own])).toEqual([
      { ...own, version: 3, holder: { actionId, untilMs: at(10) } },
    ]);
    const observing = story.now;
    story.do(at(6), { kind: 'give-up', reason: 'The lease was lost' });
    expect(leaseWrites(observing, story.now, [own])).toEqual([
      { ...own, version: 3, holder: null },
    ]);
  });

  it('that somebody else has taken are lost, and not given back', () => {
    const started = new Story().started().now;
    const story = new Story();
    story.action = started;
    story.do(at(5), { kind: 'answered' });
    const others = lease({ version: 4, fence: 2, holder: { actionId: 'a2', untilMs: at(9) } });
    expect(leaseWrites(started, story.now, [others])).toBeNull();
    const observing = story.now;
    story.do(at(5), { kind: 'give-up', reason: 'The lease was lost' });
    expect(leaseWrites(observing, story.now, [others])).toEqual([]);
  });

  it('leave the row of starts with the end of an action, for the cooldown', () => {
    const { guardrails } = policy.actions;
    const row = starts(
      entry({ endedAtMs: null }),
      entry({ actionId: 'a3', atMs: at(-90), endedAtMs: at(-80) }),
    );
    const ended = withEnd(row, 'a2', { guardrails, nowMs: at(40) });
    expect(ended.starts).toEqual([entry({ endedAtMs: at(40) })]);
  });
});
