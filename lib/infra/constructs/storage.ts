import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  AttributeType,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { LISTING_INDEX, OBJECT_PREFIXES } from '../permissions.ts';
import type { StageSettings } from '../stage.ts';

/**
 * The one table and the one bucket.
 *
 * The table is a `TableV2` with one replica, its own region: a second region later is a second
 * replica of the same resource, not a migration. It is encrypted with the AWS-managed key, whose
 * use is in the account's audit trail; a key of our own would add a way to lose the data and a
 * dependency to every write, and defend against nobody that the table's permissions do not.
 */
export class Storage extends Construct {
  readonly table: TableV2;
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, settings: StageSettings) {
    super(scope, id);
    const removalPolicy = settings.retained ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    this.table = this.#createTable(settings, removalPolicy);
    this.bucket = this.#createBucket(settings, removalPolicy);
  }

  #createTable(settings: StageSettings, removalPolicy: RemovalPolicy): TableV2 {
    return new TableV2(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      globalSecondaryIndexes: [
        {
          indexName: LISTING_INDEX,
          partitionKey: { name: 'listPk', type: AttributeType.STRING },
          sortKey: { name: 'listSk', type: AttributeType.STRING },
          projectionType: ProjectionType.KEYS_ONLY,
        },
      ],
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
      timeToLiveAttribute: 'expiresAtS',
      encryption: TableEncryptionV2.awsManagedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: settings.retained,
      removalPolicy,
    });
  }

  #createBucket(settings: StageSettings, removalPolicy: RemovalPolicy): Bucket {
    const bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      versioned: settings.versionedObjects,
      lifecycleRules: [
        {
          id: 'raw-deliveries-expire',
          prefix: OBJECT_PREFIXES.raw,
          expiration: Duration.days(settings.rawRetentionDays),
        },
        {
          id: 'leftovers-expire',
          abortIncompleteMultipartUploadAfter: Duration.days(7),
          ...(settings.versionedObjects ? { noncurrentVersionExpiration: Duration.days(90) } : {}),
        },
      ],
      removalPolicy,
    });
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions::AwsSolutions-S1',
      reason:
        'A few roles put objects under a prefix each, and none reads or deletes any. A log bucket ' +
        'would itself be a bucket without one; data events of CloudTrail record access where asked.',
    });
    return bucket;
  }
}
