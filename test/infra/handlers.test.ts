import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { synthesizeTocsin } from '../../bin/synth.ts';
import { FUNCTION_NAMES, type FunctionName } from '../../lib/infra/functions.ts';
import { STAGE_NAMES } from '../../lib/infra/stage.ts';
import type { Synthesis } from '../../lib/infra/synthesize.ts';
import { textsIn, type Resource } from './stack-fixture.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** What Lambda itself sets, which the SDK's clients read when they are made. */
const SET_BY_LAMBDA = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'not-a-secret',
  AWS_SESSION_TOKEN: 'session',
};

let synthesis: Synthesis;

beforeAll(async () => {
  synthesis = await synthesizeTocsin({ stage: 'sandbox', outDir: temporaryFolder() });
});

/** The variables that the template sets, with each reference as the text of what it refers to. */
function variablesOf(name: FunctionName): Record<string, string> {
  const template = JSON.parse(readFileSync(synthesis.templateFile, 'utf8')) as {
    readonly Resources: Readonly<Record<string, Resource>>;
  };
  const [, fn] = Object.entries(template.Resources).find(
    ([id, { Type }]) => Type === 'AWS::Lambda::Function' && id.startsWith(`${name}Function`),
  ) ?? [name];
  const { Variables } = fn?.Properties['Environment'] as { Variables: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries(Variables).map(([key, value]) => [key, textsIn(value).join('.')]),
  );
}

describe('the functions as they are deployed', () => {
  it.each(FUNCTION_NAMES)('%s starts with nothing but its own variables and policy', (name) => {
    const bundle = synthesis.bundles.find((one) => one.name === name);
    const file = JSON.stringify(join(String(bundle?.dir), 'index.js'));

    const kind = execFileSync(
      process.execPath,
      ['-e', `process.stdout.write(typeof require(${file}).handler)`],
      { env: { ...SET_BY_LAMBDA, ...variablesOf(name) }, encoding: 'utf8' },
    );

    expect(kind).toBe('function');
  });

  it('are small enough for a quick cold start', () => {
    // Slack's client is in those that speak to it, all platforms in the one that acts; no page
    // waits behind them.
    const isLarge = new Set(['act', 'api', 'announce', 'coverage', 'slack']);
    for (const { name, bytes } of synthesis.bundles) {
      const limit = isLarge.has(name) ? 650_000 : 400_000;
      expect([name, bytes <= limit]).toEqual([name, true]);
    }
  });

  it.each(STAGE_NAMES)('are bundled with a policy in %s', async (stage) => {
    const { bundles } = await synthesizeTocsin({
      stage,
      outDir: temporaryFolder(),
      validate: false,
    });

    expect(bundles.map(({ name }) => name)).toEqual([...FUNCTION_NAMES].sort());
  });
});
