import { describe, expect, it } from 'vitest';
import type { ActionCommand } from '../../../lib/domain/action/command.ts';
import { at } from './samples.ts';
import {
  actionId,
  byRunbook,
  ann,
  dot,
  eve,
  lock,
  plannedCommand,
  policyOf,
  requestCommand,
  runbook,
  starts,
  Story,
  target,
  view,
} from './action-samples.ts';

const asked = (origin = byRunbook()): ActionCommand => requestCommand({ origin });

describe('asking for an action', () => {
  it('begins to plan at once', () => {
    const story = new Story().do(at(1), requestCommand());
    expect(story.now).toMatchObject({ state: 'planning', version: 1, nextAtMs: at(1) });
    expect(story.types()).toEqual(['requested']);
  });

  it('is not repeated', () => {
    const story = new Story().do(at(1), requestCommand());
    expect(story.try(at(1), requestCommand())).toBe(`It was asked for already: ${actionId}.`);
  });

  it.each([
    [
      requestCommand({ incident: view({ isResolved: true }) }),
      'The incident is resolved; reopen it to act on a target.',
    ],
    [
      requestCommand({
        request: { verb: 'scale', targetId: 'chekout', parameters: {}, reason: 'x' },
      }),
      'There is no target chekout in the policy. It names checkout.',
    ],
    [
      requestCommand({
        request: { verb: 'scale', targetId: 'checkout', parameters: {}, reason: ' ' },
      }),
      'The reason is empty; say why the action is wanted.',
    ],
    [
      requestCommand({
        request: { verb: 'scale', targetId: 'checkout', parameters: {}, reason: 'x'.repeat(1001) },
      }),
      'The reason has 1001 characters; at most 1000 are allowed.',
    ],
  ])('says what would be allowed', (command, message) => {
    expect(new Story().try(at(1), command)).toBe(message);
  });

  it('tells nobody of an action that is not there', () => {
    const message = 'There is no such action; ask for one.';
    expect(new Story().try(at(1), { kind: 'wake' })).toBe(message);
  });
});

describe('a plan', () => {
  it('is proposed with who may approve it, and for how long', () => {
    const story = new Story().proposed();
    expect(story.now).toMatchObject({
      state: 'proposed',
      version: 2,
      approvalsNeeded: 1,
      expiresAtMs: at(11),
      nextAtMs: at(11),
    });
    expect(story.events.at(-1)).toMatchObject({
      type: 'action.planned',
      approvalsReason: 'One person must approve.',
      mayApprove: ['Ben', 'Cem'],
    });
  });

  it('is bound to the hash of all of it', () => {
    const [a, b] = [new Story().proposed(), new Story().proposed({ undo: 'Another way.' })];
    expect(a.now.planHash).toHaveLength(64);
    expect(a.now.planHash).not.toBe(b.now.planHash);
  });

  it.each([
    ['an unknown author', { authors: null }, 2, /2 people must approve, since the author/],
    ['no way back', { risk: 'irreversible' as const }, 2, /since it cannot be undone/],
    [
      'both',
      { risk: 'irreversible' as const, authors: null },
      2,
      /the author of the change is not known and it cannot be undone/,
    ],
  ])('needs more people for %s', (_name, of, needed, reason) => {
    const story = new Story().proposed(of);
    expect(story.now.approvalsNeeded).toBe(needed);
    const last = story.events.at(-1);
    expect(last?.type === 'action.planned' ? last.approvalsReason : '').toMatch(reason);
  });

  it.each([
    ['P0', 'switch', 2],
    ['P0', 'shift', 2],
    ['P0', 'rollback', 1],
    ['P1', 'switch', 1],
  ] as const)('of %s that is a %s needs %i', (severity, verb, needed) => {
    const incident = view({ severity });
    const story = new Story().do(at(1), requestCommand());
    story.do(at(1), plannedCommand({ verb }, { incident }));
    expect(story.now.approvalsNeeded).toBe(needed);
  });

  it('of a person needs one more in a freeze', () => {
    const freezes = [{ name: 'Black Friday', from: at(0), until: at(60) }];
    const story = new Story(policyOf({ guardrails: { freezes } })).proposed();
    expect(story.events.at(-1)).toMatchObject({
      approvalsNeeded: 2,
      approvalsReason: '2 people must approve, since the freeze “Black Friday” holds.',
    });
  });

  it('says so when too few may approve', () => {
    const story = new Story(policyOf({ people: [ann, dot, eve] })).proposed();
    expect(story.events.at(-1)).toMatchObject({
      approvalsReason:
        'One person must approve. ' +
        'Nobody may: it cannot start until the policy names another approver.',
      mayApprove: [],
    });
  });

  it('with no step is refused', () => {
    const story = new Story().proposed({ steps: [] });
    expect(story.now).toMatchObject({
      state: 'refused',
      outcome: 'There is nothing to do: the plan has no step.',
    });
  });

  it('comes too late when the incident is resolved', () => {
    const story = new Story().do(at(1), requestCommand());
    story.do(at(1), plannedCommand({}, { incident: view({ isResolved: true }) }));
    expect(story.now.state).toBe('cancelled');
  });

  it('is made once', () => {
    const story = new Story().proposed();
    expect(story.try(at(1), plannedCommand())).toBe(`Action ${actionId} is proposed by now.`);
  });
});

describe('the plan of a runbook', () => {
  const planned = (
    policy = policyOf(),
    rest: Parameters<typeof plannedCommand>[1] = {},
    of: Parameters<typeof plannedCommand>[0] = {},
  ): Story => new Story(policy).do(at(1), asked()).do(at(1), plannedCommand(of, rest));

  it('starts by itself where it may', () => {
    const story = planned();
    expect(story.now).toMatchObject({ state: 'approved', approvalsNeeded: 0, nextAtMs: at(1) });
  });

  it.each([
    ['that cannot be undone', {}, { risk: 'irreversible' as const }, 2],
    ['of a P0 failover', { incident: view({ severity: 'P0' }) }, { verb: 'switch' as const }, 2],
    [
      'of a rule that has failed',
      {
        standing: {
          tenant: 'acme',
          runbookId: 'bad-deploy',
          version: 1,
          demotedRevision: 3,
          reason: '',
          atMs: at(0),
        },
      },
      {},
      1,
    ],
  ])('%s waits for people', (_name, rest, of, needed) => {
    expect(planned(policyOf(), rest, of).now).toMatchObject({
      state: 'proposed',
      approvalsNeeded: needed,
    });
  });

  it('is trusted again once its revision was raised', () => {
    const raised = policyOf({ runbooks: [{ ...runbook, revision: 4 }] });
    const standing = {
      tenant: 'acme',
      runbookId: 'bad-deploy',
      version: 1,
      demotedRevision: 3,
      reason: '',
      atMs: at(0),
    };
    expect(planned(raised, { standing }).now.state).toBe('approved');
  });

  const ended = {
    actionId: 'a2',
    targetId: 'checkout',
    team: 'payments',
    isByRunbook: false,
    locks: [lock],
    atMs: at(-20),
    endedAtMs: at(-10),
  };

  it.each([
    [
      policyOf({ guardrails: { freezes: [{ name: 'F', from: at(0), until: at(2) }] } }),
      {},
      'The freeze “F” holds, in which no runbook acts. A person may ask for it.',
    ],
    [
      policyOf(),
      { starts: starts(ended) },
      'checkout was just acted on: runbooks leave it alone until 2026-05-12T03:20:00.000Z. ' +
        'A person may ask for it.',
    ],
    [
      policyOf(),
      { incident: view({ changedTargets: ['checkout'] }) },
      'checkout was already acted on in this incident, and no runbook does so twice. ' +
        'A person may ask for it.',
    ],
    [
      policyOf({ runbooks: [] }),
      {},
      'Runbook bad-deploy is not in the policy any more. A person may ask for it.',
    ],
    [
      policyOf({ runbooks: [{ ...runbook, mode: 'shadow' }] }),
      {},
      'Runbook bad-deploy is in shadow now and proposes nothing. A person may ask for it.',
    ],
  ])('is refused with a sentence', (policy, rest, outcome) => {
    expect(planned(policy, rest).now).toMatchObject({ state: 'refused', outcome });
  });

  it('in shadow is kept and never carried out', () => {
    const story = new Story().do(at(1), asked(byRunbook('shadow'))).do(at(1), plannedCommand());
    expect(story.now).toMatchObject({ state: 'shadow', expiresAtMs: null, nextAtMs: null });
    expect(story.types()).toEqual(['requested', 'planned', 'ended']);
    const comparison = { kind: 'same' as const, says: 'Ben rolled it back.' };
    story.do(at(30), { kind: 'compare', comparison });
    expect(story.now.comparison).toEqual({ ...comparison, atMs: at(30) });
    expect(story.try(at(31), { kind: 'compare', comparison })).toBe('It was compared already.');
  });

  it('of a person is no shadow to compare', () => {
    const comparison = { kind: 'same' as const, says: '' };
    expect(new Story().proposed().try(at(2), { kind: 'compare', comparison })).toMatch(/no shadow/);
  });
});

describe('a target that cannot be planned for', () => {
  it('is refused in the words of the planner', () => {
    const story = new Story().do(at(1), requestCommand());
    story.do(at(1), { kind: 'plan-failed', message: 'It is paused.', isFinal: true });
    expect(story.now).toMatchObject({ state: 'refused', outcome: 'It is paused.' });
  });

  it('is tried again, the later the more often, and not for ever', () => {
    const story = new Story().do(at(1), requestCommand());
    const failed: ActionCommand = { kind: 'plan-failed', message: 'no answer', isFinal: false };
    const waits = [0, 1, 2, 3, 4, 5].map(() => story.do(at(1), failed).now.nextAtMs);
    expect(waits.map((ms) => ((ms ?? 0) - at(1)) / 1000)).toEqual([2, 4, 8, 16, 30, 30]);
    expect(story.types()).toEqual(['requested']);
    story.do(at(11), failed);
    const outcome = 'No plan could be made within 10 min: no answer.';
    expect(story.now).toMatchObject({ state: 'refused', outcome });
  });

  it('is given up when nobody came to plan it', () => {
    const story = new Story().do(at(1), requestCommand());
    expect(story.try(at(10), { kind: 'wake' })).toBe('Nothing of the action is due.');
    expect(story.do(at(11), { kind: 'wake' }).now.state).toBe('refused');
  });

  it('takes the approvers of the target where it names some', () => {
    const named = { ...target, approvers: ['cem'] };
    const story = new Story(policyOf({ targets: [named] })).proposed();
    expect(story.events.at(-1)).toMatchObject({ mayApprove: ['Cem'] });
  });
});
