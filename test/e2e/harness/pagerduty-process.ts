import { randomBytes } from 'node:crypto';
import { createPagerDutySandbox } from '../../../lib/local/sandbox/pagerduty/sandbox.ts';
import { systemTimekeeper } from '../../../lib/local/shared/timekeeper.ts';

/**
 * PagerDuty in a process of its own, which outlives a Tocsin that is killed. Arguments: port, path
 * of the ledger, address of Tocsin's webhook, its secret.
 */
const [port = '0', ledgerPath = '', webhookUrl = '', webhookSecret = ''] = process.argv.slice(2);
const sandbox = createPagerDutySandbox({
  timekeeper: systemTimekeeper,
  randomBytes,
  ledgerPath,
  eventsPerMinute: 'unlimited',
  restPerMinute: 'unlimited',
  webhookTargets: [{ url: webhookUrl, secrets: [webhookSecret] }],
});
await sandbox.listen({ host: '127.0.0.1', port: Number(port) });
