import { describe, expect, it } from 'vitest';
import { FUNCTION_NAMES } from '../../lib/infra/functions.ts';
import { readContext } from '../../lib/infra/context.ts';
import { logRetention } from '../../lib/infra/retention.ts';
import { parseStageName, STAGE_NAMES, STAGES, type StageName } from '../../lib/infra/stage.ts';
import { createApp } from '../../lib/infra/synthesize.ts';
import { buildStage, resourcesOf, templateOf } from './stack-fixture.ts';
import { Template } from 'aws-cdk-lib/assertions';

/** What must not be lost with the stack, and must not be replaced by an update either. */
const STATEFUL = [
  'AWS::DynamoDB::GlobalTable',
  'AWS::S3::Bucket',
  'AWS::SecretsManager::Secret',
  'AWS::SQS::Queue',
  'AWS::Logs::LogGroup',
];

function policiesOf(stage: StageName): Set<string | undefined> {
  const template = templateOf(stage);
  const stateful = STATEFUL.flatMap((type) => Object.values(resourcesOf(template, type)));
  return new Set(stateful.map(({ DeletionPolicy }) => DeletionPolicy));
}

function replicaOf(stage: StageName): Record<string, unknown> {
  const [table] = Object.values(resourcesOf(templateOf(stage), 'AWS::DynamoDB::GlobalTable'));
  const [replica] = table?.Properties['Replicas'] as readonly Record<string, unknown>[];
  return replica ?? {};
}

describe('what is kept', () => {
  it.each([
    ['dev', 'Delete', false],
    ['sandbox', 'Delete', false],
    ['staging', 'Retain', true],
    ['prod', 'Retain', true],
  ] as const)('in %s data is treated as %s', (stage, policy, isProtected) => {
    expect(policiesOf(stage)).toEqual(new Set([policy]));
    expect(replicaOf(stage)['DeletionProtectionEnabled'] ?? false).toBe(isProtected);
    expect(buildStage(stage).stack.terminationProtection).toBe(isProtected);
  });

  it.each(STAGE_NAMES)('the table of %s can be restored to any second', (stage) => {
    expect(replicaOf(stage)['PointInTimeRecoverySpecification']).toEqual({
      PointInTimeRecoveryEnabled: true,
    });
  });

  it('keeps the logical ids of what holds data: another id is another, empty resource', () => {
    const ids = STATEFUL.slice(0, 3).flatMap((type) =>
      Object.keys(resourcesOf(templateOf('prod'), type)),
    );

    expect(ids.sort()).toEqual([
      'SecretsConsole37E1F273',
      'SecretsIntakeC632FB74',
      'SecretsPagerDuty484D61B7',
      'SecretsSlack37D267AB',
      'SecretsTargets3020DE53',
      'StorageBucket5CB7C8EA',
      'StorageTableB43FDCE7',
    ]);
  });
});

describe('the table', () => {
  it.each(STAGE_NAMES)(
    'is the same in %s as everywhere: on demand, streamed, encrypted',
    (stage) => {
      templateOf(stage).hasResourceProperties('AWS::DynamoDB::GlobalTable', {
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
        TimeToLiveSpecification: { AttributeName: 'expiresAtS', Enabled: true },
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        GlobalSecondaryIndexes: [
          {
            IndexName: 'listing',
            KeySchema: [
              { AttributeName: 'listPk', KeyType: 'HASH' },
              { AttributeName: 'listSk', KeyType: 'RANGE' },
            ],
            Projection: { ProjectionType: 'KEYS_ONLY' },
          },
        ],
      });
    },
  );
});

describe('stage settings', () => {
  it.each(['dev', 'sandbox'] as const)('reserve no concurrency in %s', (stage) => {
    for (const { Properties } of functionsOf(templateOf(stage))) {
      expect(Properties).not.toHaveProperty('ReservedConcurrentExecutions');
    }
  });

  it.each(['staging', 'prod'] as const)('leave 100 of 1,000 unreserved in %s', (stage) => {
    const reserved = functionsOf(templateOf(stage)).map(({ Properties }) =>
      Number(Properties['ReservedConcurrentExecutions'] ?? 0),
    );

    expect(reserved.filter((count) => count > 0)).toHaveLength(6);
    expect(reserved.reduce((sum, count) => sum + count)).toBeLessThanOrEqual(900);
  });

  it('keep logs as long as the stage says, those of the API too', () => {
    for (const stage of STAGE_NAMES) {
      const groups = Object.values(resourcesOf(templateOf(stage), 'AWS::Logs::LogGroup'));
      const days = groups.map(({ Properties }) => Properties['RetentionInDays']);
      expect(days).toEqual(Array(FUNCTION_NAMES.length + 1).fill(STAGES[stage].logRetentionDays));
    }
  });

  it('refuse a retention that CloudWatch does not have', () => {
    expect(() => logRetention(42)).toThrow(/42 days: CloudWatch allows 1, 3, 5, 7/);
  });

  it('warm ingest through an alias when asked, which the API then calls', () => {
    const { stack } = buildStage('dev', { settings: { provisionedIngest: 2 } });
    const template = Template.fromStack(stack);

    const [alias] = Object.keys(resourcesOf(template, 'AWS::Lambda::Alias'));
    template.hasResourceProperties('AWS::Lambda::Alias', {
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 },
    });
    template.hasResourceProperties('AWS::ApiGatewayV2::Integration', {
      IntegrationUri: { Ref: alias },
    });
    templateOf('prod').resourceCountIs('AWS::Lambda::Alias', 0);
  });

  it('run every function on Node 24, arm64', () => {
    for (const { Properties } of functionsOf(templateOf('prod'))) {
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
      });
    }
  });
});

describe('what the operator passes', () => {
  it('subscribes people to the second channel and to alarms', () => {
    const { stack } = buildStage('prod', {
      context: {
        alarmEmail: 'ops@example.com',
        fallbackEmail: 'a@example.com, b@example.com',
        fallbackPhone: '+15551234567',
      },
    });

    const subscriptions = Object.values(
      resourcesOf(Template.fromStack(stack), 'AWS::SNS::Subscription'),
    );
    expect(
      subscriptions
        .map(({ Properties }) => [Properties['Protocol'], Properties['Endpoint']])
        .sort(),
    ).toEqual([
      ['email', 'a@example.com'],
      ['email', 'b@example.com'],
      ['email', 'ops@example.com'],
      ['sms', '+15551234567'],
    ]);
  });

  it('redirects what is outside: PagerDuty in Europe, a domain of one’s own', () => {
    const { stack } = buildStage('prod', {
      context: {
        pagerdutyEventsUrl: 'https://events.eu.pagerduty.com/',
        pagerdutyApiUrl: 'https://api.eu.pagerduty.com',
        consoleUrl: 'https://tocsin.example.com/',
      },
    });

    const variables = functionsOf(Template.fromStack(stack)).map(
      ({ Properties }) => (Properties['Environment'] as { Variables: object }).Variables,
    );
    expect(variables).toContainEqual(
      expect.objectContaining({
        PAGERDUTY_EVENTS_URL: 'https://events.eu.pagerduty.com',
        TOCSIN_CONSOLE_URL: 'https://tocsin.example.com',
      }),
    );
    expect(variables).toContainEqual(
      expect.objectContaining({ PAGERDUTY_API_URL: 'https://api.eu.pagerduty.com' }),
    );
  });

  it.each([
    [{ alarmEmail: 'nobody' }, /alarmEmail .* received nobody, .* ops|oncall@example.com/],
    [{ fallbackPhone: '0555' }, /fallbackPhone .* received 0555, .* \+15551234567/],
    [{ consoleUrl: 'tocsin' }, /consoleUrl .* received tocsin, .* https:\/\/example.com/],
  ])('is refused in words when it cannot be used: %o', (context, message) => {
    const app = createApp({ outDir: 'unused', context: { stage: 'dev', ...context } });

    expect(() => readContext(app.node)).toThrow(message);
  });

  it('must name a stage that exists', () => {
    expect(() => parseStageName('production')).toThrow(
      /received "production"; allowed are dev, staging, prod, sandbox/,
    );
    expect(() => parseStageName(undefined)).toThrow(/none was given/);
  });
});

function functionsOf(
  template: Template,
): { readonly Properties: Readonly<Record<string, unknown>> }[] {
  return Object.values(resourcesOf(template, 'AWS::Lambda::Function'));
}
