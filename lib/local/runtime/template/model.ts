import type { JsonObject } from '../../shared/json.ts';

/** A template, or a resource of it, that this runtime cannot run. The message says what to change. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/** What the runtime needs of one `AWS::Lambda::Function`. */
export interface FunctionSpec {
  readonly logicalId: string;
  /** Short and for people: in the log file's name, the status, and to `invoke`. */
  readonly label: string;
  /** The physical name. */
  readonly name: string;
  readonly arn: string;
  /** The directory of the deployed bundle, absolute. */
  readonly directory: string;
  /** `file.export`, for example `index.handler`. */
  readonly handler: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly asynchronous: AsynchronousSpec;
}

/** How Lambda treats asynchronous invocations of a function (EventInvokeConfig and DLQ). */
export interface AsynchronousSpec {
  /** Tries after the first one, 0 to 2. */
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeMs: number;
  /** Queues that a failed event goes to: the on-failure destination, then the dead-letter queue. */
  readonly onFailureArns: readonly string[];
}

/** How a route lets callers in. */
export type RouteAuthorization = 'NONE' | 'AWS_IAM';

/** One `AWS::ApiGatewayV2::Route` with the function behind it. */
export interface RouteSpec {
  /** For example `GET /v1/incidents/{id}`, or `$default`. */
  readonly routeKey: string;
  readonly authorization: RouteAuthorization;
  readonly functionName: string;
}

/** One target of a rule; every target is a function. */
export interface RuleTargetSpec {
  readonly id: string;
  readonly functionName: string;
  /** A constant that replaces the event. */
  readonly input: string | undefined;
}

/** A rule that matches events on a bus. */
export interface EventRuleSpec {
  readonly name: string;
  readonly arn: string;
  readonly busName: string;
  readonly pattern: JsonObject;
  readonly enabled: boolean;
  readonly targets: readonly RuleTargetSpec[];
}

/** A rule that fires at a fixed rate. */
export interface ScheduleSpec {
  readonly name: string;
  readonly arn: string;
  readonly periodMs: number;
  readonly enabled: boolean;
  readonly targets: readonly RuleTargetSpec[];
}

/** One `AWS::Lambda::EventSourceMapping` from the stream of a table of the template. */
export interface StreamMappingSpec {
  readonly logicalId: string;
  readonly tableName: string;
  readonly functionName: string;
  /** The resource's own properties, with every reference resolved. */
  readonly properties: JsonObject;
}

/** One table: its name, and the properties that make it, `TableName` always among them. */
export interface TableSpec {
  readonly logicalId: string;
  readonly name: string;
  readonly type: 'AWS::DynamoDB::Table' | 'AWS::DynamoDB::GlobalTable';
  readonly properties: JsonObject;
}

/** One secret; the template holds at most a placeholder for its value. */
export interface SecretSpec {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  /** Variables by which functions know it, for example `TOCSIN_INTAKE_SECRET`. */
  readonly variables: readonly string[];
  /** `SecretString`: the value that the template starts with. */
  readonly initial: string | undefined;
  /** How Secrets Manager would make the first value, when the template says so. */
  readonly generate: SecretGeneration | undefined;
}

/** `GenerateSecretString`: a random string, alone or under a key of a JSON template. */
export interface SecretGeneration {
  readonly length: number;
  readonly template: string | undefined;
  readonly key: string | undefined;
}

/** A resource that is known by its name and ARN alone (bus, topic, queue, bucket). */
export interface NamedSpec {
  readonly name: string;
  readonly arn: string;
}

/** Everything of one synthesized template that the one-machine runtime runs. */
export interface TemplateModel {
  readonly stackName: string;
  readonly functions: readonly FunctionSpec[];
  readonly routes: readonly RouteSpec[];
  readonly eventRules: readonly EventRuleSpec[];
  readonly schedules: readonly ScheduleSpec[];
  readonly streamMappings: readonly StreamMappingSpec[];
  readonly tables: readonly TableSpec[];
  readonly secrets: readonly SecretSpec[];
  readonly buses: readonly NamedSpec[];
  readonly buckets: readonly NamedSpec[];
  readonly topics: readonly NamedSpec[];
  readonly queues: readonly NamedSpec[];
}
