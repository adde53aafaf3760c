import type { ExitCode } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** An option; one without `value` is a switch. */
export interface OptionSpec {
  /** Without the dashes. */
  readonly name: string;
  readonly short?: string;
  /** What stands for the value in the help, such as `N` or `DIR`. */
  readonly value?: string;
  readonly summary: string;
}

/** A command line that does something, and what it does. */
export interface Example {
  readonly line: string;
  readonly summary: string;
}

/** What the outside is to a command. Everything that it reads or writes goes through here. */
export interface CommandHost {
  readonly out: Terminal;
  readonly err: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Relative paths on the command line start here. */
  readonly cwd: string;
  readonly nowMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Puts a question to the person at the terminal; null where nobody sits at one. */
  readonly ask: (question: string) => Promise<string | null>;
}

/** A command line that was understood. */
export interface Invocation {
  readonly positionals: readonly string[];
  readonly text: (option: string) => string | undefined;
  readonly isSet: (option: string) => boolean;
  readonly host: CommandHost;
}

/** One command: what it is called, what it takes, how its help reads, what it does. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Names of what stands after the command; all are needed. */
  readonly positionals: readonly string[];
  /** What may stand behind them, as the help writes it, and at most so many. */
  readonly more?: { readonly name: string; readonly max: number };
  readonly options: readonly OptionSpec[];
  /** Paragraphs of the help below the usage, each of lines that fit 80 columns. */
  readonly details: readonly string[];
  readonly examples: readonly Example[];
  readonly run: (invocation: Invocation) => Promise<ExitCode>;
}
