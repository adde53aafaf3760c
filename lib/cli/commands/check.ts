import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { formatPolicyErrors, formatPolicyWarnings } from '../../codec/policy/format.ts';
import { checkPolicy } from '../../codec/policy/load.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import type { Command, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { Failure, messageOf } from '../failure.ts';

/** `tocsin check`: what a policy file has wrong, as a compiler would say it. */
export const checkCommand: Command = {
  name: 'check',
  summary: 'Check a policy file',
  positionals: ['<policy>'],
  options: [{ name: 'json', summary: 'findings as JSON, for editors and pipelines' }],
  details: [
    [
      'Errors make the policy unusable, warnings mean that it hardly says what was',
      'meant. Nothing is started and nothing is changed.',
    ].join('\n'),
  ],
  examples: [
    { line: 'npx tocsin check policy/tocsin.yaml', summary: 'before a commit' },
    {
      line: "npx tocsin check policy/tocsin.yaml --json | jq '.errors[].line'",
      summary: 'lines with errors',
    },
  ],
  run: (invocation) => Promise.resolve(check(invocation)),
};

function check({ positionals, isSet, host }: Invocation): ExitCode {
  const [fileName = ''] = positionals;
  const checked = checkPolicy(read(resolve(host.cwd, fileName), fileName), { fileName });
  if (isSet('json')) {
    host.out.write(`${JSON.stringify(forMachines(checked), undefined, 2)}\n`);
  } else if (checked.ok) {
    const { policy, warnings } = checked.value;
    if (warnings.length > 0) host.err.write(`${formatPolicyWarnings(warnings)}\n`);
    host.out.write(`${summary(fileName, policy, warnings.length)}\n`);
  } else {
    const errors = host.err.paint.red(counted(checked.error.length, 'error'));
    host.err.write(`${formatPolicyErrors(checked.error)}\n${errors}; the policy is refused.\n`);
  }
  return checked.ok ? EXIT.ok : EXIT.failed;
}

const forMachines = (checked: ReturnType<typeof checkPolicy>) =>
  checked.ok
    ? { ok: true, errors: [], warnings: checked.value.warnings }
    : { ok: false, errors: checked.error, warnings: [] };

function summary(fileName: string, { version, tenants }: Policy, warnings: number): string {
  const sources = tenants.flatMap((tenant) => tenant.sources).length;
  const services = tenants.flatMap((tenant) => tenant.services).length;
  const holds = [
    counted(tenants.length, 'tenant'),
    counted(sources, 'source'),
    counted(services, 'service'),
  ].join(', ');
  const but = warnings === 0 ? '' : `, with ${counted(warnings, 'warning')}`;
  return `${fileName} is valid${but}: ${holds}; version ${version}.`;
}

const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`;

function read(file: string, fileName: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Failure(EXIT.failed, `${fileName} cannot be read: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}
