import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../lib/adapters/memory/clock.ts';
import { createMemoryLog } from '../../lib/adapters/memory/log.ts';
import { createMemorySecrets } from '../../lib/adapters/memory/secrets.ts';
import { createSecrets } from '../../lib/adapters/secrets-manager/secrets.ts';
import { epochMs, minutes, seconds } from '../../lib/domain/shared/time.ts';
import { jsonError, type AwsAnswer } from '../../lib/local/aws/answer.ts';
import { secretIds, startAws } from './aws-endpoint.ts';
import { held, secretsContract, strong, written } from './secrets.contract.ts';

/** The adapter on a Secrets Manager of one machine, on a clock that the test moves. */
async function start() {
  const reads: string[] = [];
  let trouble: AwsAnswer | null = null;
  const aws = await startAws((_name, operation) => (input) => {
    reads.push(`${String(input['SecretId'])} ${String(input['VersionStage'])}`);
    return trouble ?? operation(input);
  });
  const put = (name: keyof typeof secretIds, value: unknown): void => {
    aws.secrets.put(secretIds[name], typeof value === 'string' ? value : JSON.stringify(value));
  };
  const clock = createVirtualClock(epochMs(0));
  const log = createMemoryLog();
  const client = new SecretsManagerClient(aws.client);
  const secrets = createSecrets({ client, ids: secretIds, clock, log });
  const fail = (answer: AwsAnswer | null): void => {
    trouble = answer;
  };
  return { secrets, put, reads, clock, log, client, fail };
}

const down = jsonError({ statusCode: 500, code: 'InternalServiceError', message: 'down' });
const throttled = jsonError({ statusCode: 400, code: 'ThrottlingException', message: 'slow' });
const denied = jsonError({ statusCode: 400, code: 'AccessDeniedException', message: 'no' });

describe('secrets in memory', () => {
  secretsContract(() => Promise.resolve(createMemorySecrets(held)));
});

describe('secrets in the Secrets Manager of one machine', () => {
  secretsContract(async () => {
    const { secrets, put } = await start();
    for (const name of ['intake', 'pagerduty', 'console', 'slack', 'targets'] as const)
      put(name, written[name]);
    return secrets;
  });
});

describe('rotation', () => {
  it('accepts both versions on verify, and sends with the current', async () => {
    const { secrets, put } = await start();
    put('intake', { sources: { old: [strong.a], both: [strong.a] } });
    put('intake', { sources: { both: [strong.b], new: [strong.c] } });
    put('pagerduty', {
      routingKeys: { gone: 'x', platform: 'old' },
      webhookSecrets: { t: [strong.a] },
    });
    put('pagerduty', { routingKeys: { platform: 'new' }, webhookSecrets: { t: [strong.b] } });
    put('console', { signingKey: strong.a, people: { gone: strong.b } });
    put('console', { signingKey: strong.c });
    const workspace = { signingSecrets: [strong.a], botToken: 'xoxb-old' };
    put('slack', { workspaces: { acme: workspace, gone: workspace } });
    put('slack', { workspaces: { acme: { signingSecrets: [strong.b], botToken: 'xoxb-new' } } });
    expect(await secrets.slack()).toEqual({
      ok: true,
      value: {
        workspaces: { acme: { signingSecrets: [strong.b, strong.a], botToken: 'xoxb-new' } },
      },
    });
    expect(await secrets.intake()).toMatchObject({
      value: { sources: { old: [strong.a], both: [strong.b, strong.a], new: [strong.c] } },
    });
    expect(await secrets.pagerduty()).toEqual({
      ok: true,
      value: {
        routingKeys: { platform: 'new' },
        apiToken: null,
        apiFrom: null,
        webhookSecrets: { t: [strong.b, strong.a] },
      },
    });
    expect(await secrets.console()).toEqual({
      ok: true,
      value: { signingKeys: [strong.c, strong.a], people: {} },
    });
  });

  it('acts only by the current version', async () => {
    const { secrets, put } = await start();
    put('targets', { tenants: { gone: {}, acme: { argocd: { prod: 'old', gone: 'x' } } } });
    put('targets', { tenants: { acme: { argocd: { prod: 'new' } } } });
    expect(await secrets.targets()).toEqual({
      ok: true,
      value: {
        tenants: { acme: { clusters: {}, argocd: { prod: 'new' }, gitHosts: {}, signals: {} } },
      },
    });
  });

  it('leaves out a version before that cannot be used', async () => {
    const { secrets, put, log } = await start();
    put('intake', 'no JSON, but a secret');
    put('intake', held.intake);
    expect(await secrets.intake()).toEqual({ ok: true, value: held.intake });
    expect(log.lines()).toMatchObject([{ level: 'warn' }]);
    expect(JSON.stringify(log.lines())).not.toContain('but a secret');
  });
});

describe('the cache', () => {
  it('reads once for many callers, and again after five minutes', async () => {
    const { secrets, put, reads, clock } = await start();
    put('intake', held.intake);
    await Promise.all([secrets.intake(), secrets.intake(), secrets.intake()]);
    await clock.advance(minutes(4));
    await secrets.intake();
    expect(reads).toEqual(['test/intake AWSCURRENT', 'test/intake AWSPREVIOUS']);
    put('intake', { sources: { fresh: [strong.c] } });
    await clock.advance(minutes(1));
    expect(await secrets.intake()).toMatchObject({ value: { sources: { fresh: [strong.c] } } });
    expect(reads).toHaveLength(4);
  });

  it('reads afresh when asked, at most every ten seconds', async () => {
    const { secrets, put, reads, clock } = await start();
    put('pagerduty', held.pagerduty);
    await secrets.pagerduty();
    await secrets.pagerduty('fresh');
    expect(reads).toHaveLength(2);
    await clock.advance(seconds(10));
    await secrets.pagerduty('fresh');
    await secrets.pagerduty('fresh');
    expect(reads).toHaveLength(4);
  });

  it.each([
    ['down', down],
    ['throttled', throttled],
    ['denied', denied],
  ])('serves the value from before while the store is %s', async (_what, trouble) => {
    const { secrets, put, fail, clock, reads, log } = await start();
    put('intake', held.intake);
    await secrets.intake();
    await clock.advance(minutes(6));
    fail(trouble);
    expect(await secrets.intake()).toEqual({ ok: true, value: held.intake });
    const readsThen = reads.length;
    expect(await secrets.intake()).toEqual({ ok: true, value: held.intake });
    expect(reads).toHaveLength(readsThen);
    expect(log.lines()).toMatchObject([{ level: 'error', fields: { id: 'test/intake' } }]);
    fail(null);
    put('intake', { sources: {} });
    await clock.advance(seconds(15));
    expect(await secrets.intake()).toMatchObject({
      value: { sources: { 'am-eu': [strong.a, strong.b] } },
    });
  });

  it('serves the value from before when the new one is malformed', async () => {
    const { secrets, put, clock } = await start();
    put('intake', held.intake);
    await secrets.intake();
    put('intake', { source: {} });
    await clock.advance(minutes(6));
    expect(await secrets.intake()).toEqual({ ok: true, value: held.intake });
  });

  it.each([
    ['unavailable', down],
    ['throttled', throttled],
    ['rejected', denied],
  ])('says %s when there never was a value', async (kind, trouble) => {
    const { secrets, fail } = await start();
    fail(trouble);
    expect(await secrets.intake()).toMatchObject({ ok: false, error: { kind } });
  });

  it('recovers from a first failure at once', async () => {
    const { secrets, put, fail } = await start();
    fail(down);
    await secrets.intake();
    fail(null);
    put('intake', held.intake);
    expect(await secrets.intake()).toEqual({ ok: true, value: held.intake });
  });
});

describe('what is wrong', () => {
  it('says that a secret is not there', async () => {
    const { secrets } = await start();
    expect(await secrets.console()).toMatchObject({
      ok: false,
      error: { kind: 'not_found', message: expect.stringContaining('test/console') as string },
    });
  });

  it('refuses a secret that the function was not given', async () => {
    const { client, clock, log } = await start();
    const secrets = createSecrets({ client, clock, log, ids: { intake: undefined } });
    for (const name of ['intake', 'pagerduty'] as const) {
      expect(await secrets[name]()).toMatchObject({
        ok: false,
        error: {
          kind: 'rejected',
          message: expect.stringContaining(`the ${name} secret`) as string,
        },
      });
    }
  });

  it('names the secret and the place, never the value', async () => {
    const { secrets, put } = await start();
    put('intake', { sources: { am: [strong.a, 'hunter2'] } });
    expect(await secrets.intake()).toEqual({
      ok: false,
      error: {
        kind: 'rejected',
        message:
          'In the secret test/intake (AWSCURRENT), sources.am[1] has 7 characters; it needs at ' +
          'least 24 random ones, for example from: openssl rand -base64 32.',
      },
    });
  });

  it('does not quote what is no JSON', async () => {
    const { secrets, put } = await start();
    put('intake', 'hunter2');
    const read = await secrets.intake();
    expect(read).toMatchObject({ ok: false, error: { kind: 'rejected' } });
    expect(JSON.stringify(read)).not.toContain('hunter2');
  });
});
