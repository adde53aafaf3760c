import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../../lib/local/aws/event-pattern.ts';

const EVENT = {
  source: 'tocsin',
  'detail-type': 'incident.resolved',
  resources: ['arn:one', 'arn:two'],
  detail: { severity: 'P0', count: 3, nested: { service: 'checkout' }, empty: null },
};

describe('compilePattern', () => {
  it.each([
    ['an exact value', { source: ['tocsin'] }, true],
    ['one of several values', { source: ['other', 'tocsin'] }, true],
    ['no value of the list', { source: ['other'] }, false],
    ['all fields are needed', { source: ['tocsin'], 'detail-type': ['x'] }, false],
    ['a nested field', { detail: { nested: { service: ['checkout'] } } }, true],
    ['a number', { detail: { count: [3] } }, true],
    ['a number is no text', { detail: { count: ['3'] } }, false],
    ['null', { detail: { empty: [null] } }, true],
    ['an element of an array', { resources: ['arn:two'] }, true],
    ['prefix', { 'detail-type': [{ prefix: 'incident.' }] }, true],
    ['another prefix', { 'detail-type': [{ prefix: 'alert.' }] }, false],
    ['anything-but, met', { detail: { severity: [{ 'anything-but': ['P1', 'P2'] }] } }, true],
    ['anything-but, not met', { detail: { severity: [{ 'anything-but': 'P0' }] } }, false],
    ['anything-but of an absent field', { detail: { none: [{ 'anything-but': 'P0' }] } }, false],
    ['anything-but prefix', { source: [{ 'anything-but': { prefix: 'aws.' } }] }, true],
    ['exists', { detail: { severity: [{ exists: true }] } }, true],
    ['exists of an absent field', { detail: { none: [{ exists: true }] } }, false],
    ['does not exist', { detail: { none: [{ exists: false }] } }, true],
    ['does not exist below an absent parent', { none: { at: [{ exists: false }] } }, true],
    ['a field of the prototype', { detail: { constructor: [{ exists: true }] } }, false],
  ])('%s', (_, pattern, expected) => {
    expect(compilePattern(pattern)(EVENT)).toBe(expected);
  });

  it.each([
    ['numeric', { detail: { count: [{ numeric: ['>', 1] }] } }],
    ['wildcard', { source: [{ wildcard: '*' }] }],
    ['$or', { $or: [{ source: ['tocsin'] }] }],
    ['two operators in one', { source: [{ prefix: 'a', exists: true }] }],
    ['an unknown form of anything-but', { source: [{ 'anything-but': { suffix: 'x' } }] }],
    ['a bare value', { source: 'tocsin' }],
    ['an empty list', { source: [] }],
  ])('refuses %s instead of matching by accident', (_, pattern) => {
    expect(() => compilePattern(pattern)).toThrow(/Pattern/);
  });
});
