import { isJsonObject, ownValue, type JsonObject } from '../../shared/json.ts';
import { NO_VALUE, resolveValue, type IntrinsicScope } from './intrinsics.ts';
import {
  ACCOUNT_ID,
  REGION,
  SYNTHETIC_API_URL,
  assertKnownType,
  localTypeOf,
  type LocalIdentity,
} from './local-values.ts';
import { TemplateError } from './model.ts';

/** One resource as it stands in the template: nothing of it is resolved yet. */
export interface RawResource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: JsonObject;
  readonly metadata: JsonObject;
}

/** What a template says, together with what this machine knows. */
export interface TemplateSource {
  readonly template: JsonObject;
  readonly stackName: string;
  /** Base URL of the local HTTP API, without a trailing slash. */
  readonly apiUrl: string;
}

/**
 * Reads the resources of one template. Properties are resolved when they are asked for, so that a
 * construct of no meaning here (a role's policy, an alarm) may use whatever CloudFormation offers.
 */
export interface ResourceReader {
  readonly stackName: string;
  readonly ofType: (...types: readonly string[]) => readonly RawResource[];
  readonly identity: (resource: RawResource) => LocalIdentity;
  /** The property with every reference resolved; `undefined` when it is absent. */
  readonly property: (resource: RawResource, name: string) => unknown;
  readonly text: (resource: RawResource, name: string) => string;
  readonly optionalText: (resource: RawResource, name: string) => string | undefined;
  readonly optionalNumber: (resource: RawResource, name: string) => number | undefined;
  /** Those of the named properties (default: of all) that are there, resolved. */
  readonly properties: (resource: RawResource, names?: readonly string[]) => JsonObject;
}

/** How deep references may nest before they are taken for a circle. */
const DEEPEST_REFERENCE = 50;

/** Reads a template's resources; refuses, by name, a type that this runtime does not know. */
export function readResources(source: TemplateSource): ResourceReader {
  const resources = rawResources(source.template);
  const scope = createScope(source, resources);
  const at = (resource: RawResource, name: string): string =>
    `${resource.logicalId} (${resource.type}) ${name}`;
  const property = (resource: RawResource, name: string): unknown => {
    const raw = ownValue(resource.properties, name);
    if (raw === undefined) return undefined;
    const value = resolveValue(raw, scope, at(resource, name));
    return value === NO_VALUE ? undefined : localUrls(value, source.apiUrl);
  };
  const typed = <T>(resource: RawResource, name: string, is: (value: unknown) => value is T) => {
    const value = property(resource, name);
    if (value === undefined || is(value)) return value;
    throw new TemplateError(
      `${at(resource, name)} has a value of the wrong type: ${JSON.stringify(value)}.`,
    );
  };
  return {
    stackName: source.stackName,
    ofType: (...types) => [...resources.values()].filter(({ type }) => types.includes(type)),
    identity: (resource) => scope.identity(resource),
    property,
    text: (resource, name) => {
      const value = typed(resource, name, isText);
      if (value !== undefined) return value;
      throw new TemplateError(`${at(resource, name)} is missing.`);
    },
    optionalText: (resource, name) => typed(resource, name, isText),
    optionalNumber: (resource, name) => typed(resource, name, isNumber),
    properties: (resource, names = Object.keys(resource.properties)) =>
      Object.fromEntries(
        names
          .map((name) => [name, property(resource, name)] as const)
          .filter(([, value]) => value !== undefined),
      ),
  };
}

interface ResourceScope extends IntrinsicScope {
  readonly identity: (resource: RawResource) => LocalIdentity;
}

function createScope(
  source: TemplateSource,
  resources: ReadonlyMap<string, RawResource>,
): ResourceScope {
  let depth = 0;
  const find = (logicalId: string, at: string): RawResource => {
    const resource = resources.get(logicalId);
    if (resource === undefined) {
      throw new TemplateError(
        `${at} refers to ${logicalId}, which is no resource, no parameter with a default and no pseudo parameter that this runtime knows.`,
      );
    }
    return resource;
  };
  const identity = (resource: RawResource): LocalIdentity => {
    depth += 1;
    try {
      if (depth > DEEPEST_REFERENCE) {
        throw new TemplateError(`${resource.logicalId} refers to itself through its own name.`);
      }
      return identify(resource, source, scope);
    } finally {
      depth -= 1;
    }
  };
  const scope: ResourceScope = {
    identity,
    ref: (logicalId, at) =>
      pseudoParameter(logicalId, source.stackName) ??
      parameterDefault(source.template, logicalId) ??
      identity(find(logicalId, at)).ref,
    attribute: (logicalId, attribute, at) => {
      const { attributes } = identity(find(logicalId, at));
      if (Object.hasOwn(attributes, attribute)) return attributes[attribute];
      throw new TemplateError(
        `${at} asks for ${logicalId}.${attribute}, which has no local value.`,
      );
    },
    mapping: (path, at) => {
      const found = ['Mappings', ...path].reduce<unknown>(
        (value, key) => (isJsonObject(value) ? ownValue(value, key) : undefined),
        source.template,
      );
      if (found !== undefined) return found;
      throw new TemplateError(`${at} looks up ${path.join('.')}, which is in no mapping.`);
    },
  };
  return scope;
}

function identify(
  resource: RawResource,
  source: TemplateSource,
  scope: IntrinsicScope,
): LocalIdentity {
  const { logicalId, type, properties } = resource;
  if (type === 'AWS::Lambda::Alias' || type === 'AWS::Lambda::Version') {
    return qualifiedFunction(resource, scope);
  }
  const local = localTypeOf(type);
  if (local === undefined) {
    throw new TemplateError(
      `${logicalId} (${type}) has no identity on one machine, but something that runs here refers to it.`,
    );
  }
  const given = local.nameProperty === undefined ? undefined : properties[local.nameProperty];
  const name =
    given === undefined
      ? generatedName(resource, source.stackName)
      : resolveValue(given, scope, `${logicalId} (${type}) ${String(local.nameProperty)}`);
  if (typeof name !== 'string') {
    throw new TemplateError(`${logicalId} (${type}) has a name that is no text.`);
  }
  return local.identityOf({ name, apiUrl: source.apiUrl });
}

/** Here a function has one version, so an alias and a version are the function itself. */
function qualifiedFunction(resource: RawResource, scope: IntrinsicScope): LocalIdentity {
  const at = `${resource.logicalId} (${resource.type}) FunctionName`;
  const name = resolveValue(ownValue(resource.properties, 'FunctionName'), scope, at);
  if (typeof name !== 'string') throw new TemplateError(`${at} is missing.`);
  const arn = name.startsWith('arn:')
    ? name
    : `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:${name}`;
  return { ref: arn, attributes: { Version: '$LATEST', FunctionArn: arn, AliasArn: arn } };
}

/** The same at every start, so that what is stored under the name is found again. */
function generatedName({ logicalId, type }: RawResource, stackName: string): string {
  const name = `${stackName}-${logicalId}`;
  return type === 'AWS::S3::Bucket' ? name.toLowerCase() : name;
}

function pseudoParameter(name: string, stackName: string): unknown {
  switch (name) {
    case 'AWS::Region':
      return REGION;
    case 'AWS::AccountId':
      return ACCOUNT_ID;
    case 'AWS::Partition':
      return 'aws';
    case 'AWS::URLSuffix':
      return 'amazonaws.com';
    case 'AWS::StackName':
      return stackName;
    case 'AWS::StackId':
      return `arn:aws:cloudformation:${REGION}:${ACCOUNT_ID}:stack/${stackName}/local`;
    case 'AWS::NoValue':
      return NO_VALUE;
    default:
      return undefined;
  }
}

function parameterDefault(template: JsonObject, name: string): unknown {
  const parameters = template['Parameters'];
  const parameter = isJsonObject(parameters) ? ownValue(parameters, name) : undefined;
  return isJsonObject(parameter) ? parameter['Default'] : undefined;
}

function rawResources(template: JsonObject): ReadonlyMap<string, RawResource> {
  const resources = template['Resources'];
  if (!isJsonObject(resources)) throw new TemplateError('The template has no Resources.');
  const entries = Object.entries(resources).map(([logicalId, body]) => {
    const type = isJsonObject(body) ? body['Type'] : undefined;
    if (!isJsonObject(body) || typeof type !== 'string') {
      throw new TemplateError(`Resource ${logicalId} has no Type.`);
    }
    assertKnownType(type, logicalId);
    const properties = body['Properties'];
    const metadata = body['Metadata'];
    const resource: RawResource = {
      logicalId,
      type,
      properties: isJsonObject(properties) ? properties : {},
      metadata: isJsonObject(metadata) ? metadata : {},
    };
    return [logicalId, resource] as const;
  });
  return new Map(entries);
}

/** Puts the local API's URL where a template composed one from the API's id. */
function localUrls(value: unknown, apiUrl: string): unknown {
  if (typeof value === 'string') return value.replaceAll(SYNTHETIC_API_URL, apiUrl);
  if (Array.isArray(value)) return value.map((item) => localUrls(item, apiUrl));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([k, item]) => [k, localUrls(item, apiUrl)]));
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number';
