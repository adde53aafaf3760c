import { describe, expect, it } from 'vitest';
import { mayUse, rightTo } from '../../../../lib/app/verbs/rights.ts';
import type { Right } from '../../../../lib/app/verbs/verb.ts';
import { ack } from '../../../../lib/app/verbs/ack.ts';
import type { AccessRole, PersonPolicy } from '../../../../lib/domain/policy/policy.ts';

const person = (...roles: readonly AccessRole[]): PersonPolicy => ({
  id: 'ada',
  name: 'Ada Byron',
  email: null,
  pagerdutyUserId: null,
  slackUserId: null,
  logins: [],
  apiNames: [],
  roles,
});

describe('who may', () => {
  it.each<[AccessRole, readonly Right[]]>([
    ['observer', ['read']],
    ['responder', ['read', 'respond']],
    ['approver', ['read', 'respond', 'approve']],
  ])('an %s: %s', (role, rights) => {
    const all: readonly Right[] = ['read', 'respond', 'approve'];
    expect(all.filter((right) => mayUse(person(role), ack, right) === null)).toEqual(rights);
  });

  it.each<[readonly AccessRole[], Right, string]>([
    [
      ['observer'],
      'respond',
      'needs the role responder in the policy, which you do not have. You may look:',
    ],
    [
      ['observer'],
      'approve',
      'needs the role approver in the policy, which you do not have. You may look:',
    ],
    [
      ['responder'],
      'approve',
      'needs the role approver in the policy, which you do not have. You may look, act',
    ],
    [
      [],
      'read',
      'needs the role observer in the policy, which you do not have. The policy gives you no role.',
    ],
  ])('%s to %s: is told what is missing', (roles, right, sentence) => {
    expect(mayUse(person(...roles), ack, right)).toContain(sentence);
  });

  it('and a form takes no less than the right to respond', () => {
    const asked = { args: '', fields: {} };
    expect(rightTo({ ...ack, right: 'read' }, asked)).toBe('respond');
    expect(rightTo({ ...ack, right: 'approve' }, asked)).toBe('approve');
    expect(rightTo({ ...ack, right: 'read' }, { args: '', fields: null })).toBe('read');
  });
});
