import type { FindAwsCredentials } from './api.ts';
import type { Command } from './command.ts';
import { actionsCommand } from './commands/actions.ts';
import { approveCommand } from './commands/approve.ts';
import { checkCommand } from './commands/check.ts';
import { coverageCommand } from './commands/coverage.ts';
import { denyCommand } from './commands/deny.ts';
import { haltCommand } from './commands/halt.ts';
import { incidentsCommand } from './commands/incidents.ts';
import { lockCommand, unlockCommand } from './commands/lock.ts';
import { planCommand } from './commands/plan.ts';
import { postmortemCommand } from './commands/postmortem.ts';
import { showCommand } from './commands/show.ts';
import { ackCommand, resolveCommand } from './commands/steer.ts';
import { upCommand, type RunUp } from './commands/up.ts';

/** Every command, in the order of the help. */
export const createCommands = (of: {
  readonly runUp: RunUp;
  readonly findAwsCredentials: FindAwsCredentials;
}): readonly Command[] => [
  upCommand(of.runUp),
  incidentsCommand(of.findAwsCredentials),
  showCommand(of.findAwsCredentials),
  ackCommand(of.findAwsCredentials),
  resolveCommand(of.findAwsCredentials),
  planCommand(of.findAwsCredentials),
  approveCommand(of.findAwsCredentials),
  denyCommand(of.findAwsCredentials),
  actionsCommand(of.findAwsCredentials),
  lockCommand(of.findAwsCredentials),
  unlockCommand(of.findAwsCredentials),
  haltCommand(of.findAwsCredentials),
  postmortemCommand(of.findAwsCredentials),
  coverageCommand(of.findAwsCredentials),
  checkCommand,
];
