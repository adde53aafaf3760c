import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription, SmsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { DeploymentContext } from '../context.ts';

/**
 * The two topics that reach people without PagerDuty: `fallback` pages them when it cannot be
 * reached, `alarms` tells the operator that Tocsin itself is in trouble. Both are encrypted and
 * take TLS only. The fallback uses the AWS-managed key, so that paging depends on no key policy
 * of ours. The alarms need a key of their own: CloudWatch may not publish through the managed one.
 */
export class Topics extends Construct {
  readonly fallback: Topic;
  readonly alarms: Topic;

  constructor(scope: Construct, id: string, context: DeploymentContext) {
    super(scope, id);
    this.fallback = new Topic(this, 'Fallback', {
      displayName: 'Tocsin page',
      masterKey: Alias.fromAliasName(this, 'ManagedKey', 'alias/aws/sns'),
      enforceSSL: true,
    });
    this.alarms = new Topic(this, 'Alarms', {
      displayName: 'Tocsin alarm',
      masterKey: this.#createAlarmKey(),
      enforceSSL: true,
    });
    this.#allowAlarmsToPublish();
    this.#subscribe(context);
  }

  #subscribe(context: DeploymentContext): void {
    for (const email of context.fallbackEmails) {
      this.fallback.addSubscription(new EmailSubscription(email));
    }
    for (const phone of context.fallbackPhones) {
      this.fallback.addSubscription(new SmsSubscription(phone));
    }
    for (const email of context.alarmEmails) {
      this.alarms.addSubscription(new EmailSubscription(email));
    }
  }

  /** The key holds nothing that must be kept, so it goes with the stack in every stage. */
  #createAlarmKey(): Key {
    const key = new Key(this, 'AlarmKey', {
      description: 'Tocsin: encrypts alarm notifications, which CloudWatch publishes',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        // In a key policy the asterisk means this key.
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    return key;
  }

  /** A topic policy of one's own replaces the default that let the account's alarms publish. */
  #allowAlarmsToPublish(): void {
    this.alarms.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.alarms.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
  }
}
