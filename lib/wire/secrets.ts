import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { clientSettings } from '../adapters/dynamodb/limits.ts';
import { createSecrets } from '../adapters/secrets-manager/secrets.ts';
import { systemClock } from '../adapters/system/clock.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { Log } from '../ports/system.ts';
import type { Variables } from './environment.ts';

/** The secrets whose names the function's template gives it; any other is refused by name. */
export const wireSecrets = (variables: Variables, log: Log): Secrets =>
  createSecrets({
    client: new SecretsManagerClient(clientSettings),
    ids: {
      intake: variables['TOCSIN_INTAKE_SECRET'],
      pagerduty: variables['TOCSIN_PAGERDUTY_SECRET'],
      console: variables['TOCSIN_CONSOLE_SECRET'],
      slack: variables['TOCSIN_SLACK_SECRET'],
      targets: variables['TOCSIN_TARGETS_SECRET'],
    },
    clock: systemClock,
    log,
  });
