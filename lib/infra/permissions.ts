import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** Everything a function can be allowed to do. A function has only those its table row names. */
export type Permission =
  | 'table:read'
  | 'table:list'
  | 'incidents:write'
  | 'chats:write'
  | 'deliveries:write'
  | 'actions:write'
  | 'changes:write'
  | 'counters:add'
  | 'stream:read'
  | 'bus:publish'
  | 'objects:raw'
  | 'objects:postmortem'
  | 'secret:intake'
  | 'secret:pagerduty'
  | 'secret:console'
  | 'secret:slack'
  | 'secret:targets'
  | 'clusters:enter'
  | 'fallback:publish';

/** What the permissions are about: the shared resources of one stage. */
export interface SharedResources {
  readonly table: TableV2;
  readonly bucket: Bucket;
  readonly bus: EventBus;
  readonly fallbackTopic: Topic;
  readonly secrets: Readonly<Record<SecretName, Secret>>;
  /** What the function that acts may look up and assume, as the operator named it. */
  readonly clusters: {
    readonly eksClusterArns: readonly string[];
    readonly targetRoleArns: readonly string[];
  };
}

export type SecretName = 'intake' | 'pagerduty' | 'console' | 'slack' | 'targets';

/** The index that finds incidents for lists; decisions never read it. */
export const LISTING_INDEX = 'listing';

/** Key prefixes of the bucket: raw deliveries too big for the table, and post-mortems. */
export const OBJECT_PREFIXES = { raw: 'raw/', postmortem: 'postmortem/' } as const;

/** The prefix that a permission is about, for those that are about objects. */
export function objectPrefixOf(permission: Permission): string | undefined {
  if (permission === 'objects:raw') return OBJECT_PREFIXES.raw;
  if (permission === 'objects:postmortem') return OBJECT_PREFIXES.postmortem;
  return undefined;
}

/**
 * Partitions by what is in them; the keys are made in `lib/codec/table` and the store's adapter.
 * Rows of incidents, threads and deliveries are only ever put, under a condition. What is deleted
 * is a due row that is done with, and what is changed in place is a counter. So no role can delete
 * or update the record of decisions. IAM knows no conditions on items, so it cannot refuse a put
 * over an existing row: that is the part of the transaction's own condition.
 */
export const PARTITIONS = {
  incidents: 'T#*#I#*',
  threads: 'T#*#K#*',
  marks: 'T#*#ONCE#*',
  deliveries: 'T#*#G#*',
  chatPlaces: 'T#*#P#*',
  chatWorkspaces: 'T#*#CHAT',
  actions: 'T#*#A#*',
  leases: 'T#*#LEASE#*',
  halt: 'T#*#HALT',
  starts: 'T#*#STARTS',
  standings: 'T#*#RULE#*',
  changes: 'T#*#CH#*',
  due: 'DUE#*',
  counters: 'RATE#*',
} as const;

/** The statements of one permission: explicit actions on explicit resources. */
export function statementsFor(permission: Permission, on: SharedResources): PolicyStatement[] {
  const table = on.table.tableArn;
  switch (permission) {
    case 'table:read':
      return [allow(['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'], table)];
    case 'table:list':
      return [allow(['dynamodb:Query'], `${table}/index/${LISTING_INDEX}`)];
    case 'incidents:write':
      return [
        inPartitions('dynamodb:PutItem', table, DECIDED),
        inPartitions('dynamodb:DeleteItem', table, [PARTITIONS.due]),
      ];
    case 'chats:write':
      return [inPartitions('dynamodb:PutItem', table, CHATS)];
    case 'actions:write':
      return [
        inPartitions('dynamodb:PutItem', table, ACTIONS),
        inPartitions('dynamodb:ConditionCheckItem', table, [PARTITIONS.halt]),
      ];
    case 'changes:write':
      return [inPartitions('dynamodb:PutItem', table, [PARTITIONS.changes])];
    case 'deliveries:write':
      return [inPartitions('dynamodb:PutItem', table, [PARTITIONS.deliveries])];
    case 'counters:add':
      return [inPartitions('dynamodb:UpdateItem', table, [PARTITIONS.counters])];
    case 'stream:read':
      return [allow(READ_STREAM, streamArnOf(on.table))];
    case 'bus:publish':
      return [allow(['events:PutEvents'], on.bus.eventBusArn)];
    case 'objects:raw':
      return [allow(['s3:PutObject'], on.bucket.arnForObjects(`${OBJECT_PREFIXES.raw}*`))];
    case 'objects:postmortem':
      return [allow(['s3:PutObject'], on.bucket.arnForObjects(`${OBJECT_PREFIXES.postmortem}*`))];
    case 'secret:intake':
    case 'secret:pagerduty':
    case 'secret:console':
    case 'secret:slack':
    case 'secret:targets':
      return [allow(READ_SECRET, on.secrets[SECRET_OF[permission]].secretArn)];
    case 'clusters:enter':
      return [
        ...on.clusters.eksClusterArns.map((arn) => allow(['eks:DescribeCluster'], arn)),
        ...on.clusters.targetRoleArns.map((arn) => allow(['sts:AssumeRole'], arn)),
      ];
    case 'fallback:publish':
      return [allow(['sns:Publish'], on.fallbackTopic.topicArn)];
  }
}

/** What a decision writes. */
const DECIDED = [PARTITIONS.incidents, PARTITIONS.threads, PARTITIONS.marks, PARTITIONS.due];

/** What the announcer keeps: its row beside each incident, the way back from a channel, its own state. */
const CHATS = [PARTITIONS.incidents, PARTITIONS.chatPlaces, PARTITIONS.chatWorkspaces];

/** What a step of an action writes beside its incident, and what stops it. */
const ACTIONS = [
  PARTITIONS.actions,
  PARTITIONS.leases,
  PARTITIONS.halt,
  PARTITIONS.starts,
  PARTITIONS.standings,
];

const READ_SECRET = ['secretsmanager:GetSecretValue'];

const SECRET_OF = {
  'secret:intake': 'intake',
  'secret:pagerduty': 'pagerduty',
  'secret:console': 'console',
  'secret:slack': 'slack',
  'secret:targets': 'targets',
} as const satisfies Partial<Record<Permission, SecretName>>;

const READ_STREAM = [
  'dynamodb:DescribeStream',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'dynamodb:ListStreams',
];

/** One statement: these actions on this resource. */
export function allow(actions: readonly string[], resource: string): PolicyStatement {
  return new PolicyStatement({ actions: [...actions], resources: [resource] });
}

/** The stream's ARN; a table without a stream is a mistake in this program. */
export function streamArnOf(table: TableV2): string {
  if (table.tableStreamArn === undefined) {
    throw new Error('The table has no stream, and the event source mappings need one.');
  }
  return table.tableStreamArn;
}

/** One action, on rows of these partitions only. */
function inPartitions(action: string, table: string, patterns: readonly string[]): PolicyStatement {
  const statement = allow([action], table);
  statement.addCondition('ForAllValues:StringLike', { 'dynamodb:LeadingKeys': patterns });
  return statement;
}
