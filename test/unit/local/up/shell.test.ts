import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { quoted, shellWord } from '../../../../lib/local/up/shell.ts';

const seenByShell = (word: string): string =>
  execFileSync('sh', ['-c', `printf '%s' ${word}`], { encoding: 'utf8' });

const texts = ['plain', '/tmp/a b', "it's", '$HOME `id` "x" \\', '*', "''", 'ü'];

describe('a word for a shell', () => {
  it.each(texts)('means the text itself: %s', (text) => {
    expect(seenByShell(quoted(text))).toBe(text);
    expect(seenByShell(shellWord(text))).toBe(text);
  });

  it('has no quotes where none are needed', () => {
    expect(shellWord('/tmp/try-1/data')).toBe('/tmp/try-1/data');
    expect(shellWord('')).toBe("''");
  });
});
