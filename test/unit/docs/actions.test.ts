import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { planRefusalsIn, reasonsIn, type Sentence } from './sentences.ts';

const page = readFileSync('docs/actions.md', 'utf8');

/** Rows of the tables below a heading: its cells, as they stand there. */
function rowsBelow(heading: string): readonly (readonly string[])[] {
  const [, below = ''] = page.split(`\n### ${heading}\n`);
  const [part = ''] = below.split(/\n##/);
  const tables = part.matchAll(/^\|.*\n\| ---.*\n((?:\|.*\n?)+)/gm);
  const rows = [...tables].flatMap(([, body = '']) => body.trim().split('\n'));
  return rows.map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

const fits = (sentences: readonly Sentence[], text: string): boolean =>
  sentences.some(({ pattern }) => pattern.test(text));

describe('the refusals of a plan in docs/actions.md', () => {
  const refusals = planRefusalsIn([
    'lib/domain/{kubernetes,argocd,git}/**/*.ts',
    'lib/app/targets/**/*.ts',
  ]);
  const rows = rowsBelow('There is no plan').map(
    ([reason = '', sentence = '', advice = '']) =>
      [reason.replaceAll('`', ''), sentence, advice] as const,
  );

  it('are found in the sources', () => {
    expect(refusals.length).toBeGreaterThan(40);
  });

  it('are all that there are, each once, and no others', () => {
    const [, union = ''] =
      /readonly reason:\n([^;]*);/.exec(readFileSync('lib/domain/action/plan.ts', 'utf8')) ?? [];
    const words = [...union.matchAll(/'(\w+)'/g)].map(([, word]) => word);
    expect(rows.map(([reason]) => reason).sort()).toEqual(words.sort());
  });

  it.each(rows)('%s is said so', (reason, sentence, advice) => {
    const own = refusals.filter(({ reasons }) => reasons.includes(reason));
    expect(fits(own, sentence), `${reason}: ${sentence}`).toBe(true);
    expect(advice).not.toBe('');
  });
});

describe('what else stops an action, in docs/actions.md', () => {
  const files = [
    'guards',
    'runbook-rights',
    'approvals',
    'decide-approval',
    'decide-plan',
    'decide-start',
  ];
  const reasons = reasonsIn(files.map((file) => `lib/domain/action/${file}.ts`));
  const rows = rowsBelow('It is not approved, or does not start');

  it.each(rows.map(([sentence = '', advice = '']) => [sentence, advice] as const))(
    'is said so: %s',
    (sentence, advice) => {
      expect(fits(reasons, sentence)).toBe(true);
      expect(advice).not.toBe('');
    },
  );

  it.each(reasons.map((reason) => [reason.place, reason] as const))(
    'has a row for %s',
    (_, { pattern }) => {
      const said = rows.some(([sentence = '']) => pattern.test(sentence));
      expect(said, String(pattern)).toBe(true);
    },
  );
});
