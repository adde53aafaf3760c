import { describe, expect, it } from 'vitest';
import { paintFor, printable } from '../../../lib/cli/terminal.ts';

describe('paintFor', () => {
  it('colours on a terminal', () => {
    expect(paintFor({ isTTY: true, env: {} }).red('late')).toBe('\u001b[31mlate\u001b[39m');
  });

  it.each([
    { isTTY: false, env: {}, why: 'a pipe or a file' },
    { isTTY: true, env: { NO_COLOR: '1' }, why: 'NO_COLOR' },
    { isTTY: true, env: { TERM: 'dumb' }, why: 'a dumb terminal' },
  ])('never colours: $why', ({ isTTY, env }) => {
    expect(paintFor({ isTTY, env }).red('late')).toBe('late');
  });

  it('takes an empty NO_COLOR for none, as its authors ask', () => {
    expect(paintFor({ isTTY: true, env: { NO_COLOR: '' } }).bold('P0')).toContain('\u001b[1m');
  });
});

describe('printable', () => {
  it.each([
    { text: 'Checkout ist kaputt: 支払い 🔥', shown: 'Checkout ist kaputt: 支払い 🔥' },
    { text: 'a\tb', shown: 'a b' },
    { text: '\u001b[2Jgone', shown: '\\u{1b}[2Jgone' },
    { text: 'line\nbreak', shown: 'line\\u{a}break' },
    { text: 'exe\u202Etxt', shown: 'exe\\u{202e}txt' },
  ])('shows $shown', ({ text, shown }) => {
    expect(printable(text)).toBe(shown);
  });
});
