import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { verbs } from '../../../lib/app/verbs/registry.ts';
import type { Right, Verb } from '../../../lib/app/verbs/verb.ts';

const page = readFileSync('docs/slack.md', 'utf8');

/** The cells of a row of a table, without the marks of code. */
function cellsOf(row: string): readonly string[] {
  const cells = row.slice(1, -1).split(/(?<!\\)\|/);
  return cells.map((cell) => cell.replaceAll('\\|', '|').replaceAll('`', '').trim());
}

/** The table of verbs: verb, short, what follows, what it does, needs. */
const [, commands = ''] = page.split('## Commands');
const [table = ''] = commands.split('\n## ');
const rows = table
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map(cellsOf);

const roles: Readonly<Record<Right, string>> = {
  read: 'observer',
  respond: 'responder',
  approve: 'approver',
};

/** What makes more than a look of a verb that looks: in the words of the page, and as typed. */
const changing: Readonly<Record<string, readonly [said: string, typed: string]>> = {
  postmortem: ['done', 'done https://example.com'],
  steps: ['a number', 'restore 2'],
};

function needs({ name, right }: Verb): string {
  if (typeof right === 'string') return roles[right];
  const [said = '', typed = ''] = changing[name] ?? [];
  return `${roles[right('')]}; ${said}: ${roles[right(typed)]}`;
}

describe('the commands in docs/slack.md', () => {
  it('are the verbs that there are, in the order of the help', () => {
    expect(rows.map(([name]) => name)).toEqual(verbs.map(({ name }) => name));
  });

  it.each(verbs.map((verb, index) => [verb.name, verb, rows[index] ?? []] as const))(
    '%s has its short forms, its usage and its right',
    (_, verb, [, short, follows, does, needed]) => {
      expect(short).toBe(verb.aliases.join(', '));
      expect(follows).toBe(verb.usage);
      expect(needed).toBe(needs(verb));
      expect(does).not.toBe('');
    },
  );
});
