import { TemplateError } from './model.ts';

/** Pseudo parameters of every template that runs on this machine. */
export const REGION = 'us-east-1';
export const ACCOUNT_ID = '000000000000';

/** The API id, in `requestContext.apiId` and wherever a template builds the endpoint by hand. */
export const LOCAL_API_ID = 'local';

/**
 * The endpoint as a template builds it from the API's id (CDK's `HttpApi.url` does). Whoever resolves
 * texts puts the real local URL in its place.
 */
export const SYNTHETIC_API_URL = `https://${LOCAL_API_ID}.execute-api.${REGION}.amazonaws.com`;

/** What one resource is called here: the answer to `Ref`, and to each `Fn::GetAtt`. */
export interface LocalIdentity {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What an identity is made from: the physical name, and the base URL of the local HTTP API. */
export interface IdentityInput {
  readonly name: string;
  readonly apiUrl: string;
}

type IdentityOf = (input: IdentityInput) => LocalIdentity;

const arn = (service: string, resource: string): string =>
  `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${resource}`;

const named =
  (service: string, prefix: string): IdentityOf =>
  ({ name }) => ({ ref: name, attributes: { Arn: arn(service, `${prefix}${name}`) } });

/** A table's stream has one local ARN; the runtime finds the database's own behind it. */
const table: IdentityOf = ({ name }) => {
  const tableArn = arn('dynamodb', `table/${name}`);
  return { ref: name, attributes: { Arn: tableArn, StreamArn: `${tableArn}/stream/local` } };
};

interface LocalType {
  /** The property that holds the physical name, if the template gives one. */
  readonly nameProperty: string | undefined;
  readonly identityOf: IdentityOf;
}

/** The resource types that run here, and what they are called. */
const LOCAL_TYPES: ReadonlyMap<string, LocalType> = new Map<string, LocalType>([
  [
    'AWS::Lambda::Function',
    { nameProperty: 'FunctionName', identityOf: named('lambda', 'function:') },
  ],
  ['AWS::DynamoDB::Table', { nameProperty: 'TableName', identityOf: table }],
  ['AWS::DynamoDB::GlobalTable', { nameProperty: 'TableName', identityOf: table }],
  [
    'AWS::Events::EventBus',
    {
      nameProperty: 'Name',
      identityOf: ({ name }) => ({
        ref: name,
        attributes: { Arn: arn('events', `event-bus/${name}`), Name: name },
      }),
    },
  ],
  ['AWS::Events::Rule', { nameProperty: 'Name', identityOf: named('events', 'rule/') }],
  [
    'AWS::S3::Bucket',
    {
      nameProperty: 'BucketName',
      identityOf: ({ name }) => ({ ref: name, attributes: { Arn: `arn:aws:s3:::${name}` } }),
    },
  ],
  [
    'AWS::SNS::Topic',
    {
      nameProperty: 'TopicName',
      identityOf: ({ name }) => ({
        ref: arn('sns', name),
        attributes: { TopicArn: arn('sns', name), TopicName: name },
      }),
    },
  ],
  [
    'AWS::SQS::Queue',
    {
      nameProperty: 'QueueName',
      identityOf: ({ name }) => ({
        ref: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT_ID}/${name}`,
        attributes: { Arn: arn('sqs', name), QueueName: name },
      }),
    },
  ],
  [
    'AWS::SecretsManager::Secret',
    {
      nameProperty: 'Name',
      identityOf: ({ name }) => {
        const secretArn = arn('secretsmanager', `secret:${name}`);
        return { ref: secretArn, attributes: { Id: secretArn } };
      },
    },
  ],
  [
    'AWS::ApiGatewayV2::Api',
    {
      // The API's name is no identifier in AWS either.
      nameProperty: undefined,
      identityOf: ({ apiUrl }) => ({
        ref: LOCAL_API_ID,
        attributes: { ApiId: LOCAL_API_ID, ApiEndpoint: apiUrl },
      }),
    },
  ],
  [
    'AWS::ApiGatewayV2::Integration',
    { nameProperty: undefined, identityOf: ({ name }) => ({ ref: name, attributes: {} }) },
  ],
  [
    'AWS::ApiGatewayV2::Stage',
    { nameProperty: 'StageName', identityOf: ({ name }) => ({ ref: name, attributes: {} }) },
  ],
]);

/** Types that something runs for here, beside those that have a name: see `resources.ts`. */
export const UNNAMED_LOCAL_TYPES: ReadonlySet<string> = new Set([
  'AWS::ApiGatewayV2::Route',
  'AWS::Lambda::Alias',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Version',
]);

/** Types that change nothing on one machine: rights, alarms, logs, keys, quotas, clean-up. */
export const IRRELEVANT_TYPES: ReadonlySet<string> = new Set([
  'AWS::ApplicationAutoScaling::ScalableTarget',
  'AWS::ApplicationAutoScaling::ScalingPolicy',
  'AWS::CDK::Metadata',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::Events::Archive',
  'AWS::Events::EventBusPolicy',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::KMS::Alias',
  'AWS::KMS::Key',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::Logs::ResourcePolicy',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::SecretsManager::ResourcePolicy',
  'Custom::LogRetention',
  'Custom::S3AutoDeleteObjects',
]);

/** The local form of a resource type, or `undefined` when resources of it have no identity here. */
export function localTypeOf(type: string): LocalType | undefined {
  return LOCAL_TYPES.get(type);
}

/** Refuses a type that nobody here knows, so that a new resource is never silently left out. */
export function assertKnownType(type: string, logicalId: string): void {
  if (LOCAL_TYPES.has(type) || UNNAMED_LOCAL_TYPES.has(type) || IRRELEVANT_TYPES.has(type)) return;
  throw new TemplateError(
    `Resource ${logicalId} has type ${type}, which the one-machine runtime does not know. Run it in lib/local, or list it in IRRELEVANT_TYPES if it changes nothing on one machine.`,
  );
}

/** The name in a Lambda function's ARN or in an invocation URI of API Gateway; qualifiers dropped. */
export function functionNameInArn(value: string): string | undefined {
  return /:function:([^:/]+)/.exec(value)?.[1];
}

/** The last part of an ARN: the name of the queue, topic, secret or bus. */
export function nameInArn(value: string): string {
  return value.slice(Math.max(value.lastIndexOf(':'), value.lastIndexOf('/')) + 1);
}
