import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { STAGE_NAMES } from '../../lib/infra/stage.ts';
import { buildStage } from '../infra/stack-fixture.ts';
import { temporaryFolder } from '../infra/temporary-folder.ts';
import { programPath } from './programs/programs.ts';

interface Finding {
  readonly Level: string;
  readonly Message: string;
  readonly Rule: { readonly Id: string };
}

/** What cfn-lint says of a template. It exits above zero when it has anything to say. */
async function lint(template: string): Promise<readonly Finding[]> {
  return new Promise((resolve, reject) => {
    execFile(programPath('cfnLint'), ['--format', 'json', template], (error, stdout, stderr) => {
      if (stdout.trim() === '') {
        reject(new Error(`cfn-lint said nothing that can be read: ${stderr}`, { cause: error }));
        return;
      }
      // The program's own documented output.
      resolve(JSON.parse(stdout) as readonly Finding[]);
    });
  });
}

describe('cfn-lint', () => {
  it.each(STAGE_NAMES)('finds no error in the template of %s', async (stage) => {
    const { app, stack } = buildStage(stage);
    const { templateFullPath } = app.synth().getStackByName(stack.stackName);

    const findings = await lint(templateFullPath);

    const errors = findings.filter(({ Level }) => Level === 'Error');
    expect(errors.map(({ Rule, Message }) => `${Rule.Id} ${Message}`)).toEqual([]);
  });

  it('finds the error that is planted, so that silence means something', async () => {
    const file = join(temporaryFolder(), 'broken.template.json');
    const queue = { Type: 'AWS::SQS::Queue', Properties: { NoSuchProperty: true } };
    writeFileSync(file, JSON.stringify({ Resources: { Planted: queue } }));

    expect((await lint(file)).map(({ Level }) => Level)).toContain('Error');
  });
});
