import { CfnResource, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  CfnFunction,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  type IFunction,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { PrivateNetwork } from '../context.ts';
import { environmentOf, type Addresses } from '../environment.ts';
import { FUNCTIONS, type FunctionName } from '../functions.ts';
import {
  allow,
  objectPrefixOf,
  statementsFor,
  type Permission,
  type SharedResources,
} from '../permissions.ts';
import { logRetention } from '../retention.ts';
import type { StageName, StageSettings } from '../stage.ts';

/** What all functions of one stage share. */
export interface FunctionSurroundings {
  readonly stage: StageName;
  readonly settings: StageSettings;
  readonly resources: SharedResources;
  readonly addresses: Addresses;
  /** Where functions run that reach into private networks; null: outside of any. */
  readonly network: PrivateNetwork | null;
  /** Where each function that nobody waits for leaves what it could not do. */
  readonly deadLetters: Readonly<Partial<Record<FunctionName, IQueue>>>;
  /** Holds one folder per function, with `index.js` and `policy.json` in it. */
  readonly bundlesDir: string;
}

/**
 * One function with its own role, its own log group, and only the permissions and variables of
 * its row in the function table. The role has no managed policy: what AWS would grant for logs
 * covers every log group of the account.
 */
export class TocsinFunction extends Construct {
  readonly fn: LambdaFunction;
  readonly role: Role;
  readonly logGroup: LogGroup;
  /** What callers invoke: the function, or its warm alias where one is paid for. */
  readonly entry: IFunction;

  constructor(scope: Construct, name: FunctionName, around: FunctionSurroundings) {
    super(scope, name);
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: logRetention(around.settings.logRetentionDays),
      removalPolicy: around.settings.retained ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.role = this.#createRole(name, around, this.logGroup);
    this.fn = this.#createFunction(name, around, this.logGroup);
    this.entry = this.#warmEntry(name, around.settings);
    if (FUNCTIONS[name].isInNetwork === true) this.#enter(around.network);
  }

  /** Lambda makes the interfaces in the network with the role of the function. */
  #enter(network: PrivateNetwork | null): void {
    if (network === null) return;
    const { defaultChild } = this.fn.node;
    if (!(defaultChild instanceof CfnFunction)) throw new Error('A function has a resource.');
    defaultChild.vpcConfig = {
      subnetIds: [...network.subnetIds],
      securityGroupIds: [...network.securityGroupIds],
    };
    this.role.addToPolicy(allow(NETWORK_INTERFACES, '*'));
    Validations.of(this.role).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      reason: 'EC2 knows no resource for the interfaces that Lambda makes before they are made.',
    });
    defaultChild.node.addDependency(this.role);
  }

  #createRole(name: FunctionName, around: FunctionSurroundings, logGroup: LogGroup): Role {
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Tocsin ${name}: ${FUNCTIONS[name].description}`,
    });
    const queue = around.deadLetters[name];
    const statements = [
      // The ARN that CloudFormation gives of a log group ends in `:*`, for the streams in it.
      allow(['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn),
      ...FUNCTIONS[name].permissions.flatMap((one) => statementsFor(one, around.resources)),
      ...(queue === undefined ? [] : [allow(['sqs:SendMessage'], queue.queueArn)]),
    ];
    for (const statement of statements) role.addToPolicy(statement);
    acknowledgeObjectPrefixes(role, FUNCTIONS[name].permissions, around.resources.bucket);
    return role;
  }

  #createFunction(
    name: FunctionName,
    around: FunctionSurroundings,
    logGroup: LogGroup,
  ): LambdaFunction {
    const spec = FUNCTIONS[name];
    const reserved = around.settings.reservedConcurrency[name];
    return new LambdaFunction(this, 'Function', {
      description: `Tocsin ${around.stage}: ${spec.description}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(`${around.bundlesDir}/${name}`),
      handler: 'index.handler',
      memorySize: spec.memoryMb,
      timeout: Duration.seconds(spec.timeoutS),
      role: this.role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      environment: { TOCSIN_STAGE: around.stage, ...environmentOf(spec, around) },
      ...(reserved === undefined ? {} : { reservedConcurrentExecutions: reserved }),
    });
  }

  #warmEntry(name: FunctionName, settings: StageSettings): IFunction {
    if (name !== 'ingest' || settings.provisionedIngest === 0) return this.fn;
    const alias = this.fn.addAlias('warm', {
      provisionedConcurrentExecutions: settings.provisionedIngest,
    });
    // The class implements the interface, but is declared without exact optional properties.
    return alias as IFunction;
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html, "Required IAM permissions". */
const NETWORK_INTERFACES = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

/** The one wildcard there is: objects have names of their own below a prefix. */
function acknowledgeObjectPrefixes(
  role: Role,
  permissions: readonly Permission[],
  bucket: Bucket,
): void {
  for (const prefix of permissions.flatMap((one) => objectPrefixOf(one) ?? [])) {
    Validations.of(role).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::<${logicalIdOf(bucket)}.Arn>/${prefix}*]`,
      reason:
        'The names of the objects are not known before they are written; the function may put ' +
        'objects under this prefix, and neither read nor delete them.',
    });
  }
}

function logicalIdOf(bucket: Bucket): string {
  const { defaultChild } = bucket.node;
  if (!CfnResource.isCfnResource(defaultChild)) throw new Error('A bucket has a resource.');
  return Stack.of(bucket).getLogicalId(defaultChild);
}
