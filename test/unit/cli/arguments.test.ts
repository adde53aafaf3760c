import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../../lib/cli/arguments.ts';
import type { Command } from '../../../lib/cli/command.ts';

const command: Command = {
  name: 'note',
  summary: 'Note something',
  positionals: ['<id>'],
  options: [
    { name: 'text', short: 't', value: 'TEXT', summary: 'what to note' },
    { name: 'json', summary: 'for machines' },
  ],
  details: [],
  examples: [],
  run: () => Promise.resolve(0),
};

describe('parseArguments', () => {
  it.each([
    { args: ['7k3', '--text', 'bad deploy'], why: 'value as the next argument' },
    { args: ['--text=bad deploy', '7k3'], why: 'value in the same argument' },
    { args: ['-t', 'bad deploy', '7k3'], why: 'short name' },
    { args: ['7k3', '--text', 'first', '--text', 'bad deploy'], why: 'the last one counts' },
  ])('reads a value: $why', ({ args }) => {
    const parsed = parseArguments(command, args);

    expect(parsed).toMatchObject({ ok: true, value: { positionals: ['7k3'] } });
    expect(parsed.ok && parsed.value.text('text')).toBe('bad deploy');
    expect(parsed.ok && parsed.value.isSet('json')).toBe(false);
  });

  it('knows a switch, and that an option was left out', () => {
    const parsed = parseArguments(command, ['--json', '7k3']);

    expect(parsed.ok && parsed.value.isSet('json')).toBe(true);
    expect(parsed.ok && parsed.value.text('text')).toBeUndefined();
  });

  it('takes what stands behind -- as it is', () => {
    expect(parseArguments(command, ['--', '--text'])).toMatchObject({
      ok: true,
      value: { positionals: ['--text'] },
    });
  });

  it('takes a value that looks like an option when it is written as one', () => {
    const parsed = parseArguments(command, ['7k3', '--text=--force']);

    expect(parsed.ok && parsed.value.text('text')).toBe('--force');
  });

  it.each([
    { args: ['7k3', '--txt', 'x'], says: '`note` has no option --txt. Did you mean --text?' },
    { args: ['7k3', '--frobnicate'], says: '`note` has no option --frobnicate.' },
    { args: ['7k3', '--text'], says: '--text needs a value: --text TEXT.' },
    { args: ['7k3', '--text='], says: '--text needs a value: --text TEXT.' },
    { args: ['7k3', '--text', '--json'], says: '--text needs a value: --text TEXT.' },
    { args: ['7k3', '--json=yes'], says: '--json is a switch and takes no value.' },
    { args: [], says: '`note` needs <id>.' },
    { args: ['7k3', 'other'], says: '`note` has no use for the argument "other".' },
    { args: ['7k3', '--__proto__', 'x'], says: '`note` has no option --__proto__.' },
  ])('refuses $args in one sentence', ({ args, says }) => {
    expect(parseArguments(command, args)).toEqual({ ok: false, error: says });
  });
});
