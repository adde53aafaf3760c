import { parseArgs } from 'node:util';
import { nearest } from '../codec/policy/suggest.ts';
import { err, ok, type Result } from '../domain/shared/result.ts';
import type { Command, Invocation, OptionSpec } from './command.ts';

/** Arguments that were understood, or one sentence about the first that was not. */
export type ParsedArguments = Result<Omit<Invocation, 'host'>, string>;

/** Reads what follows a command's name. `--name value`, `--name=value` and `-n value` are the same. */
export function parseArguments(command: Command, args: readonly string[]): ParsedArguments {
  const options = Object.fromEntries(command.options.map((spec) => [spec.name, nodeOption(spec)]));
  const { tokens } = parseArgs({
    args: [...args],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const values = new Map<string, string | undefined>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const problem = optionProblem(command, token);
    if (problem !== null) return err(problem);
    values.set(token.name, token.value);
  }
  const problem = positionalProblem(command, positionals);
  if (problem !== null) return err(problem);
  return ok({ positionals, text: (name) => values.get(name), isSet: (name) => values.has(name) });
}

const nodeOption = ({ value, short }: OptionSpec) => ({
  type: value === undefined ? ('boolean' as const) : ('string' as const),
  ...(short === undefined ? {} : { short }),
});

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function optionProblem(command: Command, token: OptionToken): string | null {
  const spec = command.options.find((option) => option.name === token.name);
  if (spec === undefined) return unknownOption(command, token);
  const { rawName, value } = token;
  if (spec.value === undefined) {
    return value === undefined ? null : `${rawName} is a switch and takes no value.`;
  }
  return hasValue(token) ? null : `${rawName} needs a value: ${rawName} ${spec.value}.`;
}

function unknownOption(command: Command, { name, rawName }: OptionToken): string {
  const names = command.options.map((option) => option.name);
  const near = nearest(name, names);
  const hint = near === null ? '' : ` Did you mean --${near}?`;
  return `\`${command.name}\` has no option ${rawName}.${hint}`;
}

/** What looks like the next option is a value only when it is written as one: `--note=--x`. */
function hasValue({ value, inlineValue }: OptionToken): boolean {
  if (value === undefined || value === '') return false;
  return inlineValue === true || !value.startsWith('--');
}

function positionalProblem(command: Command, given: readonly string[]): string | null {
  const missing = command.positionals[given.length];
  if (missing !== undefined) return `\`${command.name}\` needs ${missing}.`;
  const extra = given[command.positionals.length + (command.more?.max ?? 0)];
  return extra === undefined
    ? null
    : `\`${command.name}\` has no use for the argument ${JSON.stringify(extra)}.`;
}
