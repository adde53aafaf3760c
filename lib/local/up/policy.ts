import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { formatPolicyErrors } from '../../codec/policy/format.ts';
import { checkPolicy, type CheckedPolicy } from '../../codec/policy/load.ts';
import { StartProblem } from './start-problem.ts';

/** The policy of a file, checked. Throws `StartProblem` with every error, each with line and column. */
export function readPolicy(file: string, cwd: string): CheckedPolicy {
  const fileName = shortPath(file, cwd);
  const checked = checkPolicy(textOf(file, fileName), { fileName });
  if (checked.ok) return checked.value;
  throw new StartProblem(
    `The policy is refused, and nothing was started.\n\n${formatPolicyErrors(checked.error)}`,
  );
}

function textOf(file: string, fileName: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StartProblem(
      `The policy ${fileName} cannot be read: ${why}. Name another file with --policy.`,
      { cause },
    );
  }
}

/** As a person in `cwd` would write it. */
export function shortPath(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short === '' ? '.' : short.startsWith('..') ? path : short;
}
