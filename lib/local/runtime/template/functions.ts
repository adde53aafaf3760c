import { isJsonObject, ownValue } from '../../shared/json.ts';
import type { FindBundle } from './assets.ts';
import { functionNameInArn } from './local-values.ts';
import {
  TemplateError,
  type AsynchronousSpec,
  type FunctionSpec,
  type StreamMappingSpec,
} from './model.ts';
import type { RawResource, ResourceReader } from './resources.ts';

/** Lambda's own defaults for a function and for its asynchronous invocations. */
const DEFAULT_TIMEOUT_S = 3;
const DEFAULT_MEMORY_MB = 128;
const DEFAULT_RETRY_ATTEMPTS = 2;
const DEFAULT_EVENT_AGE_S = 6 * 60 * 60;

/** Every function of the template, with its bundle and its asynchronous settings. */
export function readFunctions(
  reader: ResourceReader,
  findBundle: FindBundle,
): readonly FunctionSpec[] {
  const invokeConfigs = reader.ofType('AWS::Lambda::EventInvokeConfig');
  const resources = reader.ofType('AWS::Lambda::Function');
  const labels = resources.map(({ logicalId }) => labelOf(logicalId));
  return resources.map((resource, index) => {
    const label = labels[index] ?? '';
    const { ref: name, attributes } = reader.identity(resource);
    assertNodeRuntime(resource, reader);
    const config = invokeConfigs.find(
      (candidate) => functionNameOf(reader.text(candidate, 'FunctionName')) === name,
    );
    return {
      logicalId: resource.logicalId,
      label: labels.indexOf(label) === labels.lastIndexOf(label) ? label : resource.logicalId,
      name,
      arn: String(attributes['Arn']),
      directory: findBundle(resource, reader),
      handler: reader.text(resource, 'Handler'),
      timeoutMs: (reader.optionalNumber(resource, 'Timeout') ?? DEFAULT_TIMEOUT_S) * 1000,
      memoryMb: reader.optionalNumber(resource, 'MemorySize') ?? DEFAULT_MEMORY_MB,
      environment: environmentOf(resource, reader),
      asynchronous: asynchronousOf(resource, config, reader),
    };
  });
}

/** Every stream mapping; the source must be the stream of a table of this template. */
export function readStreamMappings(reader: ResourceReader): readonly StreamMappingSpec[] {
  return reader.ofType('AWS::Lambda::EventSourceMapping').map((resource) => {
    const source = reader.text(resource, 'EventSourceArn');
    const tableName = /^arn:aws:dynamodb:[^:]*:[^:]*:table\/([^/]+)\/stream\//.exec(source)?.[1];
    if (tableName === undefined) {
      throw new TemplateError(
        `${resource.logicalId} reads from ${source}; this runtime has mappings of DynamoDB streams only.`,
      );
    }
    return {
      logicalId: resource.logicalId,
      tableName,
      functionName: functionNameOf(reader.text(resource, 'FunctionName')),
      // All of them: whoever runs the mapping refuses what it does not know.
      properties: reader.properties(resource),
    };
  });
}

/** A function's name, given by itself or in an ARN. */
export function functionNameOf(nameOrArn: string): string {
  return functionNameInArn(nameOrArn) ?? nameOrArn;
}

/** CDK's logical ids are the construct's path and a hash: `ingestFunction99862498` is `ingest`. */
function labelOf(logicalId: string): string {
  return logicalId.replace(/(?:Function)?[0-9A-F]{8}$/, '');
}

function assertNodeRuntime(resource: RawResource, reader: ResourceReader): void {
  const runtime = reader.optionalText(resource, 'Runtime');
  if (runtime?.startsWith('nodejs') === true) return;
  throw new TemplateError(
    `${resource.logicalId} has runtime ${String(runtime)}; this runtime runs nodejs functions only.`,
  );
}

function environmentOf(
  resource: RawResource,
  reader: ResourceReader,
): Readonly<Record<string, string>> {
  const environment = reader.property(resource, 'Environment');
  const variables = isJsonObject(environment) ? environment['Variables'] : undefined;
  if (!isJsonObject(variables)) return {};
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      environmentValue(name, value, resource),
    ]),
  );
}

function environmentValue(name: string, value: unknown, { logicalId }: RawResource): string {
  const text = String(value);
  if (!text.includes('{{resolve:')) return text;
  throw new TemplateError(
    `${logicalId} has variable ${name} with a dynamic reference, which this runtime does not resolve.`,
  );
}

function asynchronousOf(
  resource: RawResource,
  config: RawResource | undefined,
  reader: ResourceReader,
): AsynchronousSpec {
  const deadLetter = reader.property(resource, 'DeadLetterConfig');
  const destinations =
    config === undefined ? undefined : reader.property(config, 'DestinationConfig');
  const onFailure = isJsonObject(destinations) ? destinations['OnFailure'] : undefined;
  const number = (name: string): number | undefined =>
    config === undefined ? undefined : reader.optionalNumber(config, name);
  return {
    maximumRetryAttempts: number('MaximumRetryAttempts') ?? DEFAULT_RETRY_ATTEMPTS,
    maximumEventAgeMs: (number('MaximumEventAgeInSeconds') ?? DEFAULT_EVENT_AGE_S) * 1000,
    onFailureArns: [textAt(onFailure, 'Destination'), textAt(deadLetter, 'TargetArn')].filter(
      (arn) => arn !== undefined,
    ),
  };
}

function textAt(value: unknown, key: string): string | undefined {
  const found = isJsonObject(value) ? ownValue(value, key) : undefined;
  return typeof found === 'string' ? found : undefined;
}
