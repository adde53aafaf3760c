import { systemClock } from '../adapters/system/clock.ts';
import { createJsonLog } from '../adapters/system/log.ts';
import type { Log } from '../ports/system.ts';
import type { Variables } from './environment.ts';

/** Lambda sends what a function prints to its log group. */
export const functionLog = (variables: Variables): Log =>
  createJsonLog({
    clock: systemClock,
    write: (line) => {
      process.stdout.write(`${line}\n`);
    },
    base: { function: variables['AWS_LAMBDA_FUNCTION_NAME'] ?? 'tocsin' },
  });
