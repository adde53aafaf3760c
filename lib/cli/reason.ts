import type { Invocation, OptionSpec } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { Failure } from './failure.ts';

/** Why something is wanted: those who find it later read it. */
export const reasonOption: OptionSpec = {
  name: 'reason',
  short: 'm',
  value: 'TEXT',
  summary: 'why; needed',
};

/** The reason; without one the command line is wrong. */
export function neededReason({ text }: Invocation): string {
  const reason = text('reason')?.trim() ?? '';
  if (reason !== '') return reason;
  throw new Failure(EXIT.usage, 'Say why, with --reason TEXT (-m TEXT): others will ask.');
}
