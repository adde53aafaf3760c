import { describe, expect, it } from 'vitest';
import { findPerson, proseOf } from '../../../../lib/app/verbs/find-person.ts';
import { looksLikeId } from '../../../../lib/app/verbs/find-incident.ts';
import { readRole } from '../../../../lib/app/verbs/roles.ts';
import { readSeverity } from '../../../../lib/app/verbs/severity.ts';
import { partsOf, readSpan } from '../../../../lib/app/verbs/update.ts';
import { either, firstWord, quoted } from '../../../../lib/app/verbs/words.ts';
import type { PersonPolicy } from '../../../../lib/domain/policy/policy.ts';
import { hours, minutes } from '../../../../lib/domain/shared/time.ts';

const person = (id: string, name: string, slackUserId: string): PersonPolicy => ({
  id,
  name,
  email: `${id}@example.com`,
  pagerdutyUserId: null,
  slackUserId,
  logins: [],
  apiNames: [],
  roles: ['responder'],
});
const ada = person('ada', 'Ada Byron', 'U0ADA');
const people = [ada, person('grace', 'Grace Murray', 'U0GRACE'), person('g2', 'Grace Kelly', 'U2')];

describe('whom somebody means', () => {
  it.each([
    ['me', 'ada'],
    ['@me', 'ada'],
    ['<@U0GRACE>', 'grace'],
    ['grace', 'grace'],
    ['@GRACE', 'grace'],
    ['Grace Kelly', 'g2'],
    ['g2@example.com', 'g2'],
    ['ada', 'ada'],
  ])('%s is %s', (word, id) => {
    const found = findPerson(word, { people, self: ada });
    expect(found.ok ? found.value.id : found.error).toBe(id);
  });

  it('is told whom there is, when nobody is meant or two could be', () => {
    const two = people.filter(({ id }) => id !== 'grace');
    const both = [...two, person('hopper', 'Grace Hopper', 'U3')];
    const found = findPerson('grace', { people: both, self: ada });
    expect(found).toEqual({
      ok: false,
      error: 'The policy knows nobody called "grace". It knows: ada, g2, hopper.',
    });
    expect(findPerson('<@U9>', { people, self: ada })).toEqual({
      ok: false,
      error: 'The policy knows nobody whom you mentioned. It knows: ada, grace, g2.',
    });
  });

  it('is a name in what others read', () => {
    expect(proseOf(' <@U0ADA> and <@U9> ', people)).toBe('@Ada Byron and <@U9>');
  });
});

describe('what somebody says', () => {
  it.each([
    ['', '', ''],
    ['  ack ', 'ack', ''],
    ['ack  7k3qa  on it', 'ack', '7k3qa  on it'],
    ['note a\nb', 'note', 'a\nb'],
  ])('%j begins with %j', (text, word, rest) => {
    expect(firstWord(text)).toEqual({ word, rest });
  });

  it.each([
    ['p0', 'P0'],
    ['P2', 'P2'],
    ['1', 'P1'],
    ['P3', null],
    ['', null],
    ['P', null],
  ])('severity %j is %j', (text, severity) => {
    expect(readSeverity(text)).toBe(severity);
  });

  it.each([
    ['30m', minutes(30)],
    ['90', minutes(90)],
    ['in 2 hours', hours(2)],
    ['2H', hours(2)],
    ['15 min', minutes(15)],
    ['', null],
    ['soon', 'unreadable'],
    ['-5m', 'unreadable'],
    ['99999m', 'unreadable'],
  ])('the next update: %j is %j', (text, span) => {
    expect(readSpan(text)).toBe(span);
  });

  it.each([
    ['it is slow', { issue: 'it is slow' }],
    [
      'issue: a; impact: b, actions: c eta: d next: 1h',
      {
        issue: 'a',
        impact: 'b',
        actions: 'c',
        estimate: 'd',
        next: '1h',
      },
    ],
    ['slow impact: the time: 3 s', { issue: 'slow', impact: 'the time: 3 s' }],
    ['no timpact: here', { issue: 'no timpact: here' }],
    ['IMPACT=all', { impact: 'all' }],
    ['impact:', { impact: '' }],
  ])('an update: %j', (text, parts) => {
    expect(partsOf(text)).toEqual(parts);
  });

  it.each([
    ['ic', 'commander'],
    ['COMMS', 'communications'],
    ['sme', 'expert'],
    ['scribe', 'scribe'],
    ['__proto__', null],
  ])('role %j is %j', (word, role) => {
    expect(readRole(word)).toBe(role);
  });

  it.each([
    ['7k3qa', true],
    ['#7k3qa', true],
    ['7k3qa-m2x9c4t', true],
    ['7K3QA-', true],
    ['great', false],
    ['500s', false],
    ['identified', false],
    ['7k3qa-m2x9c4tt', false],
  ])('%j looks like an id: %j', (word, expected) => {
    expect(looksLikeId(word)).toBe(expected);
  });

  it('is said back in a few words', () => {
    expect(quoted('a\n b')).toBe('"a b"');
    expect(Array.from(quoted('🔥'.repeat(50)))).toHaveLength(42);
    expect(either(['a', 'b', 'c'])).toBe('a, b or c');
    expect(either(['a'])).toBe('a');
    expect(either([])).toBe('');
  });
});
