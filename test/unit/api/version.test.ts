import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { version } from '../../../lib/wire/version.ts';

it('tells the version that package.json has', () => {
  const file = readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8');

  expect(JSON.parse(file)).toMatchObject({ version });
});
