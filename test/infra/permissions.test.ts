import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deliveryKey } from '../../lib/adapters/dynamodb/delivery-items.ts';
import { counterOf, incidentKey, threadKey } from '../../lib/adapters/dynamodb/items.ts';
import { dueKey } from '../../lib/codec/table/due-item.ts';
import { epochMs } from '../../lib/domain/shared/time.ts';
import { FUNCTION_NAMES, FUNCTIONS, type FunctionName } from '../../lib/infra/functions.ts';
import { ROUTES } from '../../lib/infra/routes.ts';
import { STAGE_NAMES, type StageName } from '../../lib/infra/stage.ts';
import { resourcesOf, templateOf, textsIn, type Resource } from './stack-fixture.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
  readonly Principal?: unknown;
}

/** The function whose construct a logical id belongs to. */
function ownerOf(logicalId: string): FunctionName {
  const owner = FUNCTION_NAMES.filter((name) => logicalId.startsWith(name)).sort(
    (a, b) => b.length - a.length,
  )[0];
  if (owner === undefined) throw new Error(`${logicalId} belongs to no function.`);
  return owner;
}

function statementsOf({ Properties }: Resource): readonly Statement[] {
  const document = (Properties['PolicyDocument'] ?? Properties['KeyPolicy']) as {
    readonly Statement: readonly Statement[];
  };
  return document.Statement;
}

function actionsOf({ Action }: Statement): readonly string[] {
  return typeof Action === 'string' ? [Action] : Action;
}

function rolePolicies(stage: StageName): readonly (readonly [FunctionName, Statement])[] {
  const policies = Object.entries(resourcesOf(templateOf(stage), 'AWS::IAM::Policy'));
  return policies.flatMap(([id, policy]) =>
    statementsOf(policy).map((statement) => [ownerOf(id), statement] as const),
  );
}

/** The leading keys that a statement is limited to; none is no limit, and an error here. */
function partitionsOf({ Action, Condition }: Statement): readonly string[] {
  const limits = Condition as Record<string, Record<string, readonly string[]>> | undefined;
  const patterns = limits?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'];
  if (patterns === undefined) throw new Error(`${String(Action)} is not limited to partitions.`);
  return patterns;
}

const STREAM = [
  'dynamodb:DescribeStream',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'dynamodb:ListStreams',
];
const READ = ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'];
const DECIDE = ['dynamodb:DeleteItem', 'dynamodb:PutItem'];
const COUNT = 'dynamodb:UpdateItem';
const SECRETS = 'secretsmanager:GetSecretValue';
const HALTED = 'dynamodb:ConditionCheckItem';

/** What each function may do besides writing its own log. Whoever changes this explains why. */
const MATRIX: Readonly<Record<FunctionName, readonly string[]>> = {
  ingest: [...READ, ...DECIDE, COUNT, 's3:PutObject', SECRETS],
  pagerduty: [...READ, ...DECIDE, 's3:PutObject', SECRETS],
  api: [...READ, ...DECIDE, HALTED, SECRETS],
  page: [...READ, ...DECIDE, COUNT, ...STREAM, SECRETS, 'sns:Publish', 'sqs:SendMessage'],
  relay: [...STREAM, 'events:PutEvents', 'sqs:SendMessage'],
  clock: [...READ, ...DECIDE, COUNT, 's3:PutObject', SECRETS, 'sns:Publish', 'sqs:SendMessage'],
  postmortem: [...READ, 's3:PutObject', 'sqs:SendMessage'],
  slack: [...READ, ...DECIDE, HALTED, 's3:PutObject', SECRETS],
  announce: [...READ, ...DECIDE, ...STREAM, 's3:PutObject', SECRETS, 'sqs:SendMessage'],
  reconcile: [...READ, ...DECIDE, 's3:PutObject', SECRETS, 'sqs:SendMessage'],
  coverage: [...READ, ...DECIDE, 's3:PutObject', SECRETS, 'sqs:SendMessage'],
  act: [...READ, ...DECIDE, HALTED, SECRETS, 'sqs:SendMessage'],
  changes: [...READ, ...DECIDE, 's3:PutObject', SECRETS],
};

describe('every function', () => {
  const template = templateOf('prod');

  it('has a role of its own, without a managed policy, for Lambda alone', () => {
    const functions = Object.entries(resourcesOf(template, 'AWS::Lambda::Function'));
    const roles = Object.entries(resourcesOf(template, 'AWS::IAM::Role'));

    expect(functions.map(([id]) => ownerOf(id)).sort()).toEqual([...FUNCTION_NAMES].sort());
    expect(roles.map(([id]) => ownerOf(id)).sort()).toEqual([...FUNCTION_NAMES].sort());
    for (const [id, { Properties }] of functions) {
      const [role = ''] = textsIn(Properties['Role']);
      expect(ownerOf(role)).toBe(ownerOf(id));
    }
    for (const [, { Properties }] of roles) {
      expect(Properties['ManagedPolicyArns']).toBeUndefined();
      expect(textsIn(Properties['AssumeRolePolicyDocument'])).toContain('lambda.amazonaws.com');
    }
  });

  it('may do what its row of the matrix says, and nothing else', () => {
    for (const name of FUNCTION_NAMES) {
      const mine = rolePolicies('prod').filter(([owner]) => owner === name);
      const actions = mine.flatMap(([, statement]) => actionsOf(statement));
      const beyondLogs = actions.filter((action) => !action.startsWith('logs:'));

      expect([name, [...new Set(beyondLogs)].sort()]).toEqual([name, [...MATRIX[name]].sort()]);
    }
  });

  it('that faces the network holds nothing that opens a target', () => {
    const holders = FUNCTION_NAMES.filter((name) =>
      FUNCTIONS[name].permissions.some(
        (one) => one === 'secret:targets' || one === 'clusters:enter',
      ),
    );

    expect(holders).toEqual(['act']);
    expect(ROUTES.filter(({ target }) => holders.includes(target))).toEqual([]);
  });

  it('writes to its own log group', () => {
    const logging = rolePolicies('prod').filter(([, one]) =>
      actionsOf(one)[0]?.startsWith('logs:'),
    );

    expect(logging).toHaveLength(FUNCTION_NAMES.length);
    for (const [owner, { Resource: resource }] of logging) {
      const [logGroup = ''] = textsIn(resource);
      expect(ownerOf(logGroup)).toBe(owner);
    }
  });

  it('knows only the secrets, table, bus, bucket and topic that it may use', () => {
    for (const [id, { Properties }] of Object.entries(
      resourcesOf(template, 'AWS::Lambda::Function'),
    )) {
      const environment = Properties['Environment'] as { Variables: Record<string, unknown> };
      const { permissions } = FUNCTIONS[ownerOf(id)];
      const may = (prefix: string): boolean => permissions.some((one) => one.startsWith(prefix));
      const expected = {
        TOCSIN_STAGE: true,
        TOCSIN_TABLE: may('table:'),
        TOCSIN_BUS: may('bus:'),
        TOCSIN_BUCKET: may('objects:'),
        TOCSIN_FALLBACK_TOPIC_ARN: may('fallback:'),
        TOCSIN_INTAKE_SECRET: may('secret:intake'),
        TOCSIN_PAGERDUTY_SECRET: may('secret:pagerduty'),
        TOCSIN_CONSOLE_SECRET: may('secret:console'),
        TOCSIN_SLACK_SECRET: may('secret:slack'),
        TOCSIN_TARGETS_SECRET: may('secret:targets'),
      };
      for (const [variable, expectedThere] of Object.entries(expected)) {
        const there = Object.hasOwn(environment.Variables, variable);
        expect([id, variable, there]).toEqual([id, variable, expectedThere]);
      }
    }
  });
});

describe('writes to the table', () => {
  const writes = rolePolicies('prod').flatMap(([owner, statement]) =>
    actionsOf(statement)
      .filter((action) => /^dynamodb:(?!Get|Query|BatchGet|Describe|List)/.test(action))
      .map((action) => ({ owner, action, partitions: partitionsOf(statement) })),
  );

  it('delete only due rows and change only counters: no role can touch what was decided', () => {
    const inPlace = writes.filter(({ action }) => action !== 'dynamodb:PutItem');

    expect(new Set(inPlace.map((one) => `${one.action} ${String(one.partitions)}`))).toEqual(
      new Set([
        'dynamodb:DeleteItem DUE#*',
        'dynamodb:UpdateItem RATE#*',
        'dynamodb:ConditionCheckItem T#*#HALT',
      ]),
    );
  });

  it('keep raw deliveries to the functions that take them or open incidents of their own', () => {
    const writers = writes.filter(({ partitions }) => partitions.includes('T#*#G#*'));

    expect(writers.map(({ owner }) => owner).sort()).toEqual([
      'announce',
      'changes',
      'clock',
      'coverage',
      'ingest',
      'pagerduty',
      'reconcile',
      'slack',
    ]);
  });

  it('reach every partition that the store has, and the tables agree on their keys', () => {
    const row = { kind: 'intent', intentId: 'n' } as const;
    const due = { tenant: 'acme', incidentId: 'i-1', dueAtMs: epochMs(0), row };
    const delivery = { tenant: 'acme', sourceId: 's', groupHash: 'g', setDigest: 'd' };
    const keys = [
      ['dynamodb:PutItem', incidentKey('acme', 'i-1').pk],
      ['dynamodb:PutItem', threadKey('acme', 't-1').pk],
      ['dynamodb:PutItem', deliveryKey(delivery).pk],
      ['dynamodb:PutItem', dueKey(due).pk],
      ['dynamodb:DeleteItem', dueKey(due).pk],
      ['dynamodb:UpdateItem', counterOf('c', epochMs(0)).key.pk],
    ] as const;
    for (const [action, pk] of keys) {
      const allowed = writes
        .filter(({ owner }) => owner === 'ingest')
        .some((one) => one.action === action && one.partitions.some((like) => matches(like, pk)));
      expect([action, pk, allowed]).toEqual([action, pk, true]);
    }
  });

  it('are granted for every command that the store sends, and for no other', () => {
    const dir = join(import.meta.dirname, '../../lib/adapters/dynamodb');
    const source = readdirSync(dir)
      .map((file) => readFileSync(join(dir, file), 'utf8'))
      .join('\n');
    const sent = [...source.matchAll(/new (\w+)Command\(/g)].map((match) => match[1] ?? '');
    const inTransactions = [...source.matchAll(/\b(Put|Update|Delete|ConditionCheck): \{/g)];
    const needed = new Set<string>([
      ...sent.filter((name) => name !== 'TransactWriteItems').map((name) => `dynamodb:${name}`),
      ...inTransactions.map((match) => `dynamodb:${match[1] ?? ''}Item`),
    ]);
    const granted = rolePolicies('prod')
      .flatMap(([, statement]) => actionsOf(statement))
      .filter((action) => action.startsWith('dynamodb:') && !STREAM.includes(action));

    expect([...needed].sort()).toEqual([...new Set(granted)].sort());
  });
});

/** Whether a key fits IAM's `StringLike` pattern. */
function matches(pattern: string, key: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(key);
}

/** Every asterisk in a resource of a role's policy, by the text it stands in. */
const ALLOWED_WILDCARDS: Readonly<Record<string, string>> = {
  '/raw/*': 'names of raw deliveries are not known before they are written',
  '/postmortem/*': 'names of post-mortems are not known before they are written',
};

describe.each(STAGE_NAMES)('in %s', (stage) => {
  it('no role has a wildcard, but for the listed ones', () => {
    for (const [owner, statement] of rolePolicies(stage)) {
      expect(statement.Effect).toBe('Allow');
      for (const action of actionsOf(statement)) expect(action).toMatch(/^[a-z0-9]+:[A-Za-z]+$/);
      const wild = textsIn(statement.Resource).filter((text) => /[*?]/.test(text));
      for (const text of wild) {
        expect([owner, Object.hasOwn(ALLOWED_WILDCARDS, text) ? 'listed' : text]).toEqual([
          owner,
          'listed',
        ]);
      }
    }
  });

  it('no resource is open to everybody, and each refuses what is not TLS', () => {
    const template = templateOf(stage);
    const types = ['AWS::S3::BucketPolicy', 'AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy'];
    for (const policy of types.flatMap((type) => Object.values(resourcesOf(template, type)))) {
      const statements = statementsOf(policy);
      const allowedToAll = statements.filter(
        ({ Effect, Principal }) => Effect === 'Allow' && textsIn(Principal).includes('*'),
      );

      expect(allowedToAll).toEqual([]);
      expect(
        statements.some(
          ({ Effect, Condition }) =>
            Effect === 'Deny' && JSON.stringify(Condition).includes('aws:SecureTransport'),
        ),
      ).toBe(true);
    }
  });
});
