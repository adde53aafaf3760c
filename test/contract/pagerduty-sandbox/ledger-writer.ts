import { randomBytes } from 'node:crypto';
import { createPagerDutySandbox } from '../../../lib/local/sandbox/pagerduty/sandbox.ts';
import { systemTimekeeper } from '../../../lib/local/shared/timekeeper.ts';

/** A sandbox in a process of its own, for a test that kills it. Argument: the ledger's path. */
const sandbox = createPagerDutySandbox({
  timekeeper: systemTimekeeper,
  randomBytes,
  eventsPerMinute: 'unlimited',
  ...(process.argv[2] !== undefined && { ledgerPath: process.argv[2] }),
});
process.stdout.write(`${await sandbox.listen({ host: '127.0.0.1', port: 0 })}\n`);
