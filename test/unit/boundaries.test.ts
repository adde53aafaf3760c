import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { boundaryFindings } from '../../.ci/boundaries/findings.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tocsin-boundaries-'));
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  writeFileSync(join(root, 'tsconfig.json'), '{}');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Writes files, each importing the paths listed with it; type imports, which must count too. */
function tree(files: Readonly<Record<string, readonly string[]>>): void {
  for (const [file, imports] of Object.entries(files)) {
    const lines = imports.map((path, at) => `import type { it as it${at} } from '${path}';`);
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), `${[...lines, 'export type it = 1;'].join('\n')}\n`);
  }
}

const breaches = async (): Promise<readonly string[]> =>
  (await boundaryFindings(root)).map((finding) => finding.replace(/ \(.*$/, ''));

describe('the boundary check finds nothing', () => {
  it('in a tree that keeps to the layers', async () => {
    tree({
      'bin/app.ts': ['../lib/infra/stack.ts'],
      'functions/ingest/handler.ts': ['../../lib/wire/aws.ts'],
      'lib/wire/aws.ts': ['../app/ingest.ts', '../adapters/dynamodb/store.ts', 'node:process'],
      'lib/app/ingest.ts': ['../ports/store.ts', '../domain/alert/alert.ts', 'node:crypto'],
      'lib/adapters/dynamodb/store.ts': ['../../ports/store.ts', './keys.ts'],
      'lib/adapters/dynamodb/keys.ts': [],
      'lib/ports/store.ts': ['../domain/alert/alert.ts'],
      'lib/domain/alert/alert.ts': ['../shared/time.ts'],
      'lib/domain/shared/time.ts': [],
      'lib/infra/stack.ts': [],
      'test/unit/alert.test.ts': ['../../lib/domain/alert/alert.ts'],
    });
    expect(await breaches()).toEqual([]);
  });
});

describe('the boundary check finds', () => {
  /** An edge, and the rule that forbids it. */
  const FORBIDDEN: readonly (readonly [string, string, string])[] = [
    ['lib/domain/a.ts', '../ports/b.ts', 'layer-domain'],
    ['lib/domain/a.ts', 'node:fs', 'layer-domain'],
    ['lib/ports/a.ts', '../app/b.ts', 'layer-ports'],
    ['lib/app/a.ts', '../adapters/slack/b.ts', 'layer-app'],
    ['lib/app/a.ts', 'node:http', 'layer-app'],
    ['lib/codec/a.ts', '../app/b.ts', 'layer-codec'],
    ['lib/adapters/slack/a.ts', '../../app/b.ts', 'layer-adapters'],
    ['lib/adapters/slack/a.ts', '../pagerduty/b.ts', 'adapters-apart'],
    ['lib/wire/a.ts', '../infra/b.ts', 'layer-wire'],
    ['lib/wire/a.ts', '../local/b.ts', 'layer-wire'],
    ['lib/console/a.ts', '../adapters/slack/b.ts', 'layer-console'],
    ['lib/infra/a.ts', '../domain/b.ts', 'layer-infra'],
    ['lib/local/a.ts', '../adapters/slack/b.ts', 'layer-local'],
    ['functions/page/handler.ts', '../../lib/adapters/slack/b.ts', 'layer-functions'],
    ['functions/page/handler.ts', '../relay/handler.ts', 'handlers-apart'],
    ['bin/a.ts', '../test/b.ts', 'nothing-imports-tests'],
    ['lib/domain/a.ts', './absent.ts', 'resolvable'],
  ];

  it.each(FORBIDDEN)('%s importing %s', async (from, to, rule) => {
    const target = join(dirname(from), to);
    tree({ [from]: [to], ...(isPresent(to) ? { [target]: [] } : {}) });
    const edge = `${from} imports ${edgeTarget(to, target)}: ${rule}`;
    expect(await breaches()).toContain(edge);
  });

  it('a cycle, even of types', async () => {
    tree({ 'lib/domain/a.ts': ['./b.ts'], 'lib/domain/b.ts': ['./a.ts'] });
    expect(await breaches()).toContain('lib/domain/a.ts imports lib/domain/b.ts: no-cycles');
  });

  it('an orphan', async () => {
    tree({ 'lib/domain/a.ts': [] });
    expect(await breaches()).toContain('lib/domain/a.ts: no-orphans');
  });

  it('code that only tests use, memory adapters apart', async () => {
    tree({
      'bin/tocsin.ts': [],
      'lib/domain/a.ts': [],
      'lib/adapters/memory/b.ts': [],
      'test/unit/a.test.ts': ['../../lib/domain/a.ts', '../../lib/adapters/memory/b.ts'],
    });
    expect(await breaches()).toEqual(['lib/domain/a.ts: no-dead-code']);
  });

  it.each(['lib/stray/a.ts', 'lib/stray.ts'])('%s, a file in no layer', async (file) => {
    tree({ [file]: [], 'bin/app.ts': [`../${file}`] });
    expect(await breaches()).toEqual([`${file}: not in a layer`]);
  });

  it('that it cannot see: a file whose imports the parser missed', async () => {
    tree({ 'bin/app.ts': [] });
    const hidden = `const broken = \`\nimport { a } from './absent.ts';\n\`;\nexport { broken };\n`;
    writeFileSync(join(root, 'bin/app.ts'), hidden);
    expect(await breaches()).toEqual(['bin/app.ts: the boundary check saw 0 of its 1 imports']);
  });
});

function isPresent(to: string): boolean {
  return to.startsWith('.') && !to.includes('absent');
}

function edgeTarget(to: string, target: string): string {
  if (to.startsWith('node:')) return to.slice('node:'.length);
  return isPresent(to) ? target : to;
}
