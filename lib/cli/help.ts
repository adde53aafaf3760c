import type { Command, OptionSpec } from './command.ts';
import type { Paint } from './terminal.ts';

const EXIT_CODES = [
  ['0', 'done'],
  ['1', 'failed'],
  ['2', 'the command line is wrong'],
  ['3', 'there is no such incident, action or target'],
  ['4', 'refused: not allowed, or not possible in the state it is in'],
  ['5', 'Tocsin cannot be reached'],
] as const;

/** What `tocsin`, `tocsin help` and `tocsin --help` print. */
export function generalHelp(commands: readonly Command[], paint: Paint): string {
  const rows = commands.map(
    (command) => [[command.name, ...command.positionals].join(' '), command.summary] as const,
  );
  return [
    'Tocsin turns alerts into incidents, pages, SLA clocks and post-mortems.',
    '',
    section('Usage', ['npx tocsin <command> [options]'], paint),
    section('Commands', columns(rows), paint),
    section('Exit codes', columns(EXIT_CODES), paint),
    `${paint.dim('npx tocsin help <command>')} tells more, with examples.\n`,
  ].join('\n');
}

/** What `tocsin help <command>` and `tocsin <command> --help` print. */
export function commandHelp(command: Command, paint: Paint): string {
  const more = command.more === undefined ? [] : [command.more.name];
  const usage = ['npx tocsin', command.name, ...command.positionals, ...more].join(' ');
  const hasOptions = command.options.length > 0;
  const examples = command.examples.flatMap(({ line, summary }) => [
    paint.dim(`# ${summary}`),
    line,
  ]);
  return [
    `${command.summary}.`,
    '',
    section('Usage', [hasOptions ? `${usage} [options]` : usage], paint),
    ...command.details.map((paragraph) => `${paragraph}\n`),
    ...(hasOptions ? [section('Options', columns(command.options.map(optionRow)), paint)] : []),
    section('Examples', examples, paint),
  ].join('\n');
}

const optionRow = ({ name, short, value, summary }: OptionSpec): readonly [string, string] => {
  const long = value === undefined ? `--${name}` : `--${name} ${value}`;
  return [short === undefined ? `    ${long}` : `-${short}, ${long}`, summary];
};

const section = (title: string, lines: readonly string[], paint: Paint): string =>
  [paint.bold(title), ...lines.map((line) => `  ${line}`), ''].join('\n');

/** Two columns, the first as wide as its longest entry; long texts go on below themselves. */
function columns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows.flatMap(([left, right]) => {
    const [first = '', ...rest] = wrapped(right, HELP_WIDTH - width);
    return [left.padEnd(width) + first, ...rest.map((line) => ' '.repeat(width) + line)];
  });
}

/** 80 columns less the indentation of a section. */
const HELP_WIDTH = 78;

function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
