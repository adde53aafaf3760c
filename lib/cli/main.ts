import { nearest } from '../codec/policy/suggest.ts';
import { parseArguments } from './arguments.ts';
import type { Command, CommandHost } from './command.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { Failure } from './failure.ts';
import { commandHelp, generalHelp } from './help.ts';

const HELP_WORDS = new Set(['help', '--help', '-h']);

/**
 * Runs one command line and gives its exit code. Output for people and machines goes to `out`,
 * everything about trouble to `err`. Throws only for mistakes of ours.
 */
export async function runCommandLine(
  argv: readonly string[],
  { commands, host }: { readonly commands: readonly Command[]; readonly host: CommandHost },
): Promise<ExitCode> {
  const [name, ...args] = argv;
  if (name === undefined) {
    host.err.write(generalHelp(commands, host.err.paint));
    return EXIT.usage;
  }
  if (HELP_WORDS.has(name)) return help(args, commands, host);
  const command = commands.find((one) => one.name === name);
  if (command === undefined) return unknownCommand(name, commands, host);
  if (asksForHelp(args)) {
    host.out.write(commandHelp(command, host.out.paint));
    return EXIT.ok;
  }
  return await runCommand(command, args, host);
}

/** What stands behind `--` is an argument, whatever it looks like. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? args.length : end).some((arg) => arg === '--help' || arg === '-h');
}

function help(args: readonly string[], commands: readonly Command[], host: CommandHost): ExitCode {
  const [name] = args.filter((arg) => !HELP_WORDS.has(arg));
  if (name === undefined) {
    host.out.write(generalHelp(commands, host.out.paint));
    return EXIT.ok;
  }
  const command = commands.find((one) => one.name === name);
  if (command === undefined) return unknownCommand(name, commands, host);
  host.out.write(commandHelp(command, host.out.paint));
  return EXIT.ok;
}

function unknownCommand(
  name: string,
  commands: readonly Command[],
  { err }: CommandHost,
): ExitCode {
  const names = commands.map((command) => command.name);
  const near = nearest(name, names);
  err.write(
    `${err.paint.red('error:')} There is no command ${JSON.stringify(name)}.` +
      `${near === null ? '' : ` Did you mean \`${near}\`?`}\n` +
      `Commands: ${names.join(', ')}. \`npx tocsin help\` tells what they do.\n`,
  );
  return EXIT.usage;
}

async function runCommand(
  command: Command,
  args: readonly string[],
  host: CommandHost,
): Promise<ExitCode> {
  const parsed = parseArguments(command, args);
  if (!parsed.ok) {
    host.err.write(
      `${host.err.paint.red('error:')} ${parsed.error}\n` +
        `\`npx tocsin help ${command.name}\` shows what it takes.\n`,
    );
    return EXIT.usage;
  }
  try {
    return await command.run({ ...parsed.value, host });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    host.err.write(`${host.err.paint.red('error:')} ${error.message}\n`);
    return error.exitCode;
  }
}
