import { describe, expect, it } from 'vitest';
import type { ActionCommand } from '../../../lib/domain/action/command.ts';
import { at, bob } from './samples.ts';
import {
  actionId,
  ann,
  approveCommand,
  ben,
  byRunbook,
  cem,
  dot,
  eve,
  plannedCommand,
  policyOf,
  principal,
  requestCommand,
  seen,
  startCommand,
  Story,
  target,
  view,
} from './action-samples.ts';

const proposed = (): Story => new Story().proposed();

describe('an approval', () => {
  it('of one person lets an action start at once, and for ten minutes', () => {
    const story = new Story().approved();
    expect(story.now).toMatchObject({ state: 'approved', nextAtMs: at(2), expiresAtMs: at(12) });
    expect(story.events.at(-1)).toMatchObject({ count: 1, needed: 1, personId: 'ben' });
  });

  it('of two people is waited for where two are needed, and lasts as long as the first', () => {
    const story = proposed();
    story.action = { ...story.now, approvalsNeeded: 2 };
    story.do(at(2), approveCommand(ben, story.now));
    expect(story.now.state).toBe('proposed');
    story.do(at(4), approveCommand(cem, story.now));
    expect(story.now).toMatchObject({ state: 'approved', expiresAtMs: at(12) });
  });

  it('may name the plan by what people see of its hash', () => {
    const story = proposed();
    const planHash = story.now.planHash.slice(0, 8);
    const shown = { ...approveCommand(ben, story.now), planHash } as ActionCommand;
    expect(story.do(at(2), shown).now.state).toBe('approved');
  });

  it.each([
    [ann, 'Ann has asked for this action, and nobody approves what they ask for. Ben or Cem may.'],
    [dot, 'Dot is an author of the change, and nobody approves about their own. Ben or Cem may.'],
    [eve, 'Eve may not approve: that needs the role approver in the policy. Ben or Cem may.'],
  ])('of somebody who may not says who may', (who, message) => {
    const story = proposed();
    expect(story.try(at(2), approveCommand(who, story.now))).toBe(message);
  });

  it.each([
    ['@Dot-Codes', 'login'],
    ['DOT@acme.example', 'e-mail'],
    ['dot', 'id'],
    ['Dot', 'name'],
  ])('of an author known as %s, a %s, does not count', (author) => {
    const story = new Story().proposed({ authors: [author] });
    expect(story.try(at(2), approveCommand(dot, story.now))).toMatch(/Dot is an author/);
  });

  it('of an author who is known beside others who are not does not count', () => {
    const story = new Story().proposed({ authors: null, knownAuthors: ['dot'] });
    expect(story.try(at(2), approveCommand(dot, story.now))).toMatch(/Dot is an author/);
  });

  it('is for the people that the target names', () => {
    const policy = policyOf({ targets: [{ ...target, approvers: ['cem'] }] });
    const story = new Story(policy).proposed();
    expect(story.try(at(2), approveCommand(ben, story.now))).toBe(
      'Ben may not approve for checkout: its approvers are named in the policy. Cem may.',
    );
  });

  it('that nobody can give says what to change', () => {
    const story = new Story(policyOf({ people: [ann] })).proposed();
    expect(story.try(at(2), approveCommand(ann, story.now))).toBe(
      'Ann has asked for this action, and nobody approves what they ask for. ' +
        'Nobody else may, either: the policy must name another approver.',
    );
  });

  it('comes from a person by a channel of ours, never from PagerDuty or by itself', () => {
    const story = proposed();
    const message = 'People approve by Slack, the console or the API; nothing else does.';
    for (const by of [bob, { kind: 'system', part: 'x' } as const]) {
      const command = { ...approveCommand(ben, story.now), by } as ActionCommand;
      expect(story.try(at(2), command)).toBe(message);
    }
  });

  it('counts once', () => {
    const story = proposed();
    story.action = { ...story.now, approvalsNeeded: 2 };
    story.do(at(2), approveCommand(ben, story.now));
    const message = 'Ben has already approved this plan.';
    expect(story.try(at(3), approveCommand(ben, story.now))).toBe(message);
  });

  it('of another plan is none', () => {
    const story = proposed();
    const shown = story.now.planHash.slice(0, 8);
    const command = { ...approveCommand(ben, story.now), planHash: 'f'.repeat(64) };
    expect(story.try(at(2), command as ActionCommand)).toBe(
      `The plan is ${shown} and not ffffffff: look at it and approve that one.`,
    );
    const short = { ...approveCommand(ben, story.now), planHash: shown.slice(0, 7) };
    expect(story.try(at(2), short as ActionCommand)).toMatch(/The plan is/);
  });

  it('comes too late after ten minutes, after the resolve, and after the end', () => {
    const story = proposed();
    expect(story.try(at(11), approveCommand(ben, story.now))).toBe(
      'The proposal expired at 2026-05-12T03:11:00.000Z; ask for the action again.',
    );
    const incident = view({ isResolved: true });
    const resolved = { ...approveCommand(ben, story.now), incident } as ActionCommand;
    expect(story.try(at(2), resolved)).toBe(
      'The incident is resolved: nothing starts any more. Reopen it first.',
    );
    story.do(at(3), { kind: 'cancel', by: principal(ann), reason: 'It is over.' });
    expect(story.try(at(3), approveCommand(ben, story.now))).toBe(
      `Action ${actionId} is cancelled by now: It is over.`,
    );
  });

  it('has no plan to be for while there is none', () => {
    const story = new Story().do(at(1), requestCommand());
    const message = 'There is no plan yet; approve the one that will be shown.';
    expect(story.try(at(1), approveCommand(ben, story.now))).toBe(message);
  });

  it('of a runbook is given by anybody who may', () => {
    const story = new Story();
    story.do(at(1), requestCommand({ origin: byRunbook('propose') })).do(at(1), plannedCommand());
    expect(story.now.approvalsNeeded).toBe(1);
    expect(story.do(at(2), approveCommand(ann, story.now)).now.state).toBe('approved');
  });
});

describe('saying no', () => {
  it('ends an action before it has started', () => {
    const story = new Story().approved();
    story.do(at(3), { kind: 'deny', person: eve, by: principal(eve), reason: 'not now' });
    expect(story.now).toMatchObject({ state: 'denied', outcome: 'Denied by Eve (slack): not now' });
    expect(story.try(at(3), { kind: 'deny', person: ben, by: principal(ben), reason: '' })).toBe(
      'It was denied already. Denied by Eve (slack): not now',
    );
  });

  it('is for those who respond', () => {
    const observer = { ...eve, roles: ['observer' as const] };
    expect(
      proposed().try(at(2), {
        kind: 'deny',
        person: observer,
        by: principal(observer),
        reason: '',
      }),
    ).toBe('Eve may not deny: that needs the role approver or responder.');
  });

  it('comes too late once it has started', () => {
    const story = new Story().started();
    const message = `Action ${actionId} has started and runs to its end; \`halt\` stops what follows.`;
    const no: ActionCommand = { kind: 'deny', person: ben, by: principal(ben), reason: '' };
    expect(story.try(at(3), no)).toBe(message);
    expect(story.try(at(3), { kind: 'cancel', by: principal(ann), reason: 'x' })).toBe(message);
  });
});

describe('time', () => {
  it('denies what nobody approved', () => {
    const story = proposed();
    expect(story.try(at(10, 59_999), { kind: 'wake' })).toBe('Nothing of the action is due.');
    expect(story.do(at(11), { kind: 'wake' }).now).toMatchObject({
      state: 'expired',
      outcome:
        'It expired with 0 of 1 approvals; nothing was done. Ask for it again if it is still wanted.',
    });
  });

  it('ends what was approved and could not start', () => {
    const story = new Story().approved().do(at(3), { kind: 'wait', reason: 'It is held.' });
    story.do(at(12), { kind: 'wake' });
    expect(story.now).toMatchObject({
      state: 'refused',
      outcome: 'Nothing was done; it had to wait until its end: It is held. Ask for it again.',
    });
  });

  it('does not start what has expired', () => {
    const story = new Story().approved();
    story.do(at(12), startCommand(at(12), { observation: seen('before', at(12)) }));
    expect(story.now.state).toBe('refused');
    expect(story.types()).not.toContain('started');
  });
});
