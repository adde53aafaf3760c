import type { Command } from './command.ts';
import { checkCommand } from './commands/check.ts';
import { upCommand, type RunUp } from './commands/up.ts';

/** Every command, in the order of the help. */
export const createCommands = ({ runUp }: { readonly runUp: RunUp }): readonly Command[] => [
  upCommand(runUp),
  checkCommand,
];
