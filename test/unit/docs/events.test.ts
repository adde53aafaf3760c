import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describers } from '../../../lib/domain/timeline/describe.ts';

/** Rows of the table in docs/events.md: type, when, data. */
const rows = readFileSync('docs/events.md', 'utf8')
  .split('\n')
  .map((line) => /^\| `([^`]+)` \| ([^|]+) \| ([^|]*)\|$/.exec(line))
  .filter((match) => match !== null);

describe('docs/events.md', () => {
  it('tells of every type of event, once, and of no other', () => {
    expect(rows.map(([, type]) => type).sort()).toEqual(Object.keys(describers).sort());
  });

  it('names every field that the types have', () => {
    const sources = [
      'incident/event',
      'incident/sla-event',
      'incident/page-event',
      'incident/coordination-event',
      'action/event',
    ]
      .map((name) => readFileSync(`lib/domain/${name}.ts`, 'utf8'))
      .join('\n');
    for (const [, type = '', , data = ''] of rows) {
      const body = new RegExp(`readonly type: '${type}';\\n([^}]*)\\n}`).exec(sources)?.[1] ?? '';
      const fields = [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, field]) => field);
      const told = [...data.matchAll(/`(\w+)`/g)].map(([, field]) => field);
      for (const field of fields) expect(told, `${type} has ${field}`).toContain(field);
    }
  });
});
