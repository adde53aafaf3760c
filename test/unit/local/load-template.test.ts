import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { loadTemplate } from '../../../lib/local/runtime/template/load-template.ts';

const ASSEMBLY = join(import.meta.dirname, '../../fixtures/assembly');
const API_URL = 'http://127.0.0.1:4711';
const directories: string[] = [];

afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

type Resources = Record<string, { Type: string; Properties?: Record<string, unknown> }>;

/** The fixture with its resources changed. */
function changedAssembly(change: (resources: Resources) => void): string {
  const directory = mkdtempSync(join(tmpdir(), 'tocsin-assembly-'));
  directories.push(directory);
  cpSync(ASSEMBLY, directory, { recursive: true });
  const path = join(directory, 'Tiny.template.json');
  // The fixture is ours and has this shape.
  const template = JSON.parse(readFileSync(path, 'utf8')) as { Resources: Resources };
  change(template.Resources);
  writeFileSync(path, JSON.stringify(template));
  return directory;
}

describe('loadTemplate', () => {
  const template = loadTemplate(ASSEMBLY, { apiUrl: API_URL });
  const functionNamed = (logicalId: string) =>
    template.functions.find((spec) => spec.logicalId === logicalId);

  it('resolves references in variables to local values', () => {
    expect(functionNamed('Echo')?.environment).toEqual({
      TOCSIN_CONSOLE_URL: API_URL,
      COMPOSED_URL: `${API_URL}/`,
      TOCSIN_INTAKE_SECRET:
        'arn:aws:secretsmanager:us-east-1:000000000000:secret:Tiny-IntakeSecret',
      TOCSIN_BUS: 'tiny-bus',
      TOCSIN_BUCKET: 'tiny-bucket',
      TOCSIN_FALLBACK_TOPIC_ARN: 'arn:aws:sns:us-east-1:000000000000:fallback',
      QUEUE_NAME: 'failed-events',
      LITERAL: '${kept} given arn:aws:events:us-east-1:000000000000:event-bus/tiny-bus',
    });
  });

  it.each([
    ['Echo', 'Tiny-Echo', 'asset.echo', 10_000, 256],
    ['Faulty', 'Tiny-faulty', 'asset.faulty', 1000, 128],
    ['Recorder', 'Tiny-Recorder', 'asset.recorder', 3000, 128],
  ])('finds the bundle and settings of %s', (logicalId, name, asset, timeoutMs, memoryMb) => {
    const directory = join(ASSEMBLY, asset);
    expect(functionNamed(logicalId)).toMatchObject({ name, directory, timeoutMs, memoryMb });
  });

  it('reads asynchronous settings from the function and its invoke configuration', () => {
    expect(functionNamed('Recorder')?.asynchronous).toEqual({
      maximumRetryAttempts: 1,
      maximumEventAgeMs: 21_600_000,
      onFailureArns: ['arn:aws:sqs:us-east-1:000000000000:failed-events'],
    });
    expect(functionNamed('Echo')?.asynchronous.maximumRetryAttempts).toBe(2);
  });

  it('reads routes with their functions, through either form of integration URI', () => {
    expect(template.routes).toContainEqual({
      routeKey: 'GET /v1/incidents/{id}',
      authorization: 'AWS_IAM',
      functionName: 'Tiny-Echo',
    });
    expect(template.routes).toContainEqual({
      routeKey: 'GET /faulty',
      authorization: 'NONE',
      functionName: 'Tiny-faulty',
    });
  });

  it('reads rules and schedules; an alias is the function behind it', () => {
    expect(template.eventRules).toMatchObject([
      { busName: 'tiny-bus', enabled: true, targets: [{ functionName: 'Tiny-Recorder' }] },
    ]);
    expect(template.schedules).toMatchObject([
      { periodMs: 60_000, targets: [{ functionName: 'Tiny-Echo' }] },
    ]);
  });

  it('reads secrets with the variables that name them and how their first value comes about', () => {
    expect(template.secrets).toMatchObject([
      { logicalId: 'IntakeSecret', variables: ['TOCSIN_INTAKE_SECRET'], initial: '{"sources":{}}' },
      { name: 'tiny/console', generate: { length: 64, key: 'signingKey' } },
    ]);
  });

  it.each<[string, (resources: Resources) => void, RegExp]>([
    [
      'a resource type that it does not know',
      (resources) => (resources['Pipe'] = { Type: 'AWS::Pipes::Pipe' }),
      /Resource Pipe has type AWS::Pipes::Pipe/,
    ],
    [
      'a reference to nothing',
      ({ Recorder }) => setProperty(Recorder, 'Environment', variable({ Ref: 'Nobody' })),
      /Recorder .* refers to Nobody/,
    ],
    [
      'an intrinsic function that it does not resolve',
      ({ Recorder }) => setProperty(Recorder, 'Environment', variable({ 'Fn::ImportValue': 'x' })),
      /uses Fn::ImportValue/,
    ],
    [
      'an attribute without a local value',
      ({ Recorder }) =>
        setProperty(Recorder, 'Environment', variable({ 'Fn::GetAtt': ['Bucket', 'WebsiteURL'] })),
      /Bucket\.WebsiteURL/,
    ],
    [
      'a dynamic reference',
      ({ Recorder }) => setProperty(Recorder, 'Environment', variable('{{resolve:ssm:x}}')),
      /dynamic reference/,
    ],
    [
      'a role where a local value is needed',
      ({ Recorder }) => setProperty(Recorder, 'Environment', variable({ Ref: 'Role' })),
      /Role \(AWS::IAM::Role\) has no identity/,
    ],
    ['another runtime', ({ Recorder }) => setProperty(Recorder, 'Runtime', 'python3.14'), /python/],
    [
      'a cron schedule',
      ({ EveryMinute }) => setProperty(EveryMinute, 'ScheduleExpression', 'cron(0 8 * * ? *)'),
      /EveryMinute has schedule cron/,
    ],
    [
      'payload format 1.0',
      ({ EchoIntegration }) => setProperty(EchoIntegration, 'PayloadFormatVersion', '1.0'),
      /payload 1\.0/,
    ],
    ['a named stage', ({ Stage }) => setProperty(Stage, 'StageName', 'prod'), /stage prod/],
    [
      'an authorizer that it cannot stand in for',
      ({ Show }) => setProperty(Show, 'AuthorizationType', 'JWT'),
      /AuthorizationType JWT/,
    ],
    [
      'a bundle that is not there',
      ({ Faulty }) => setProperty(Faulty, 'Code', { S3Key: 'gone.zip' }),
      /bundle of Faulty/,
    ],
    [
      'a name that refers to itself',
      ({ Bucket }) => setProperty(Bucket, 'BucketName', { Ref: 'Bucket' }),
      /refers to itself/,
    ],
  ])('refuses %s, naming it', (_, change, message) => {
    expect(() => loadTemplate(changedAssembly(change), { apiUrl: API_URL })).toThrow(message);
  });

  it('refuses a directory with no template or with several', () => {
    const several = changedAssembly(() => undefined);
    writeFileSync(join(several, 'Other.template.json'), '{}');
    expect(() => loadTemplate(several, { apiUrl: API_URL })).toThrow(/2 templates/);
  });
});

function variable(value: unknown): object {
  return { Variables: { VARIABLE: value } };
}

function setProperty(resource: Resources[string] | undefined, name: string, value: unknown): void {
  if (resource === undefined) throw new Error('The fixture lost a resource.');
  resource.Properties = { ...resource.Properties, [name]: value };
}
