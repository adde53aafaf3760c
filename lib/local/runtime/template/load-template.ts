import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isJsonObject, parseJson } from '../../shared/json.ts';
import { createBundleFinder } from './assets.ts';
import { readEventRules, readSchedules } from './events.ts';
import { readFunctions, readStreamMappings } from './functions.ts';
import { readRoutes } from './http.ts';
import {
  TemplateError,
  type FunctionSpec,
  type NamedSpec,
  type SecretGeneration,
  type SecretSpec,
  type TableSpec,
  type TemplateModel,
} from './model.ts';
import { readResources, type RawResource, type ResourceReader } from './resources.ts';

const TEMPLATE_SUFFIX = '.template.json';
/** What a table is made from; encryption, backups and capacity have no meaning on one machine. */
const TABLE_PROPERTIES = [
  'AttributeDefinitions',
  'BillingMode',
  'GlobalSecondaryIndexes',
  'KeySchema',
  'LocalSecondaryIndexes',
  'StreamSpecification',
  'TimeToLiveSpecification',
];
/** Secrets Manager's own length for a generated secret. */
const DEFAULT_SECRET_LENGTH = 32;

/**
 * Reads the one `*.template.json` at the top of a CDK assembly into what this machine runs, with
 * every reference resolved to a local name, ARN or URL. Throws `TemplateError` naming the resource
 * for anything that it cannot resolve and for every resource type that it does not know.
 */
export function loadTemplate(
  assemblyDir: string,
  { apiUrl }: { readonly apiUrl: string },
): TemplateModel {
  const file = templateFile(assemblyDir);
  const template = parseJson(readFileSync(join(assemblyDir, file), 'utf8'));
  if (!isJsonObject(template)) throw new TemplateError(`${file} is no JSON object.`);
  const stackName = basename(file, TEMPLATE_SUFFIX);
  const reader = readResources({ template, stackName, apiUrl });
  const functions = readFunctions(reader, createBundleFinder(assemblyDir));
  const model: TemplateModel = {
    stackName,
    functions,
    routes: readRoutes(reader),
    eventRules: readEventRules(reader),
    schedules: readSchedules(reader),
    streamMappings: readStreamMappings(reader),
    tables: readTables(reader),
    secrets: reader
      .ofType('AWS::SecretsManager::Secret')
      .map((resource) => readSecret(resource, { reader, functions })),
    buses: namedOf(reader, 'AWS::Events::EventBus', 'Arn'),
    buckets: namedOf(reader, 'AWS::S3::Bucket', 'Arn'),
    topics: namedOf(reader, 'AWS::SNS::Topic', 'TopicArn', 'TopicName'),
    queues: namedOf(reader, 'AWS::SQS::Queue', 'Arn', 'QueueName'),
  };
  assertFunctionsExist(model);
  return model;
}

function templateFile(assemblyDir: string): string {
  const files = readdirSync(assemblyDir).filter((name) => name.endsWith(TEMPLATE_SUFFIX));
  const [file] = files;
  if (file === undefined || files.length > 1) {
    throw new TemplateError(
      `${assemblyDir} holds ${String(files.length)} templates (${files.join(', ')}); this runtime runs exactly one *${TEMPLATE_SUFFIX}.`,
    );
  }
  return file;
}

function readTables(reader: ResourceReader): readonly TableSpec[] {
  const types = ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'] as const;
  return types.flatMap((type) =>
    reader.ofType(type).map((resource) => {
      const { ref: name } = reader.identity(resource);
      const properties = reader.properties(resource, TABLE_PROPERTIES);
      return {
        logicalId: resource.logicalId,
        name,
        type,
        properties: { ...properties, TableName: name },
      };
    }),
  );
}

function readSecret(
  resource: RawResource,
  { reader, functions }: { reader: ResourceReader; functions: readonly FunctionSpec[] },
): SecretSpec {
  const { ref: arn } = reader.identity(resource);
  const variables = functions
    .flatMap(({ environment }) => Object.entries(environment))
    .filter(([, value]) => value === arn)
    .map(([name]) => name);
  return {
    logicalId: resource.logicalId,
    name: arn.slice(arn.indexOf(':secret:') + ':secret:'.length),
    arn,
    variables: [...new Set(variables)],
    initial: reader.optionalText(resource, 'SecretString'),
    generate: readGeneration(reader.property(resource, 'GenerateSecretString')),
  };
}

function readGeneration(value: unknown): SecretGeneration | undefined {
  if (!isJsonObject(value)) return undefined;
  const { PasswordLength: length, SecretStringTemplate: template, GenerateStringKey: key } = value;
  return {
    length: typeof length === 'number' ? length : DEFAULT_SECRET_LENGTH,
    template: typeof template === 'string' ? template : undefined,
    key: typeof key === 'string' ? key : undefined,
  };
}

function namedOf(
  reader: ResourceReader,
  type: string,
  ...[arnAttribute, nameAttribute]: readonly [string, string?]
): readonly NamedSpec[] {
  return reader.ofType(type).map((resource) => {
    const { ref, attributes } = reader.identity(resource);
    const name = nameAttribute === undefined ? ref : String(attributes[nameAttribute]);
    return { name, arn: String(attributes[arnAttribute]) };
  });
}

/** A route, rule or mapping of a function that is not there would fail only when it is used. */
function assertFunctionsExist(model: TemplateModel): void {
  const names = new Set(model.functions.map(({ name }) => name));
  const used = [
    ...model.routes.map(
      ({ routeKey, functionName }) => [`Route ${routeKey}`, functionName] as const,
    ),
    ...model.streamMappings.map(
      ({ logicalId, functionName }) => [logicalId, functionName] as const,
    ),
    ...[...model.eventRules, ...model.schedules].flatMap(({ name, targets }) =>
      targets.map(({ functionName }) => [`Rule ${name}`, functionName] as const),
    ),
  ];
  for (const [user, functionName] of used) {
    if (!names.has(functionName)) {
      throw new TemplateError(
        `${user} calls ${functionName}, which is no function of the template.`,
      );
    }
  }
}
