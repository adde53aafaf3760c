import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Alarms } from './constructs/alarms.ts';
import { DeadLetters } from './constructs/dead-letters.ts';
import { DomainBus, Rules } from './constructs/event-bus.ts';
import { HttpEntry } from './constructs/http-entry.ts';
import { Secrets } from './constructs/secrets.ts';
import { Storage } from './constructs/storage.ts';
import { StreamReader } from './constructs/stream-reader.ts';
import { TocsinFunction, type FunctionSurroundings } from './constructs/tocsin-function.ts';
import { Topics } from './constructs/topics.ts';
import type { DeploymentContext } from './context.ts';
import { FUNCTION_NAMES, FUNCTIONS, type FunctionName } from './functions.ts';
import type { StageSettings } from './stage.ts';

/** What a stack is made of besides this code. */
export interface TocsinStackProps {
  readonly context: DeploymentContext;
  readonly settings: StageSettings;
  /** Holds one folder per function, as `buildBundles` leaves it. */
  readonly bundlesDir: string;
}

type Functions = Readonly<Record<FunctionName, TocsinFunction>>;

/**
 * One stage in one region. It names no account, no region and nothing that is unique in the
 * world, so that a list of regions can become a list of these stacks.
 */
export class TocsinStack extends Stack {
  readonly #storage: Storage;
  readonly #events: DomainBus;
  readonly #topics: Topics;
  readonly #secrets: Secrets;
  readonly #deadLetters: DeadLetters;
  readonly #entry: HttpEntry;

  constructor(scope: Construct, id: string, props: TocsinStackProps) {
    const { context, settings } = props;
    super(scope, id, {
      description: `Tocsin, serverless incident responder (${context.stage})`,
      terminationProtection: settings.retained,
      tags: { 'tocsin:stage': context.stage },
    });
    this.#storage = new Storage(this, 'Storage', settings);
    this.#events = new DomainBus(this, 'Events');
    this.#topics = new Topics(this, 'Topics', context);
    this.#secrets = new Secrets(this, 'Secrets', settings);
    this.#deadLetters = new DeadLetters(this, 'DeadLetters', settings);
    this.#entry = new HttpEntry(this, 'Http', settings);
    const functions = this.#createFunctions(props);
    this.#entry.connect(eachFunction((name) => functions[name].entry));
    this.#feedFromStream(functions);
    this.#feedFromRules(functions);
    this.#watch(functions);
    this.#tellOperator(context.consoleUrl ?? this.#entry.url);
  }

  #createFunctions({ context, settings, bundlesDir }: TocsinStackProps): Functions {
    const around: FunctionSurroundings = {
      stage: context.stage,
      settings,
      bundlesDir,
      resources: {
        table: this.#storage.table,
        bucket: this.#storage.bucket,
        bus: this.#events.bus,
        fallbackTopic: this.#topics.fallback,
        secrets: this.#secrets.byName,
        clusters: context,
      },
      deadLetters: this.#deadLetters.queues,
      network: context.network,
      addresses: {
        pagerdutyEvents: context.pagerdutyEventsUrl,
        pagerdutyApi: context.pagerdutyApiUrl,
        slackApi: context.slackApiUrl,
        console: context.consoleUrl ?? this.#entry.url,
      },
    };
    return eachFunction((name) => new TocsinFunction(this, name, around));
  }

  /** Pages go in small batches, since one that waits for PagerDuty holds up those behind it. */
  #feedFromStream({ page, relay, announce }: Functions): void {
    const { table } = this.#storage;
    const { queues } = this.#deadLetters;
    new StreamReader(this, 'Paging', {
      table,
      reader: page,
      kind: 'intent',
      batchSize: 10,
      deadLetters: queues.page,
    });
    new StreamReader(this, 'Relaying', {
      table,
      reader: relay,
      kind: 'commit',
      batchSize: 100,
      deadLetters: queues.relay,
    });
    new StreamReader(this, 'Announcing', {
      table,
      reader: announce,
      kind: 'commit',
      batchSize: 100,
      deadLetters: queues.announce,
    });
  }

  #feedFromRules({ clock, postmortem, announce, act, reconcile, coverage }: Functions): void {
    const { queues } = this.#deadLetters;
    new Rules(this, 'Rules', {
      bus: this.#events.bus,
      onEvents: {
        postmortem: { fn: postmortem.fn, deadLetters: queues.postmortem },
        act: { fn: act.fn, deadLetters: queues.act },
      },
      scheduled: {
        clock: { fn: clock.fn, deadLetters: queues.clock },
        announce: { fn: announce.fn, deadLetters: queues.announce },
        act: { fn: act.fn, deadLetters: queues.act },
        reconcile: { fn: reconcile.fn, deadLetters: queues.reconcile },
        coverage: { fn: coverage.fn, deadLetters: queues.coverage },
      },
    });
  }

  #watch(functions: Functions): void {
    new Alarms(this, 'Watch', {
      functions: eachFunction((name) => functions[name].fn),
      deadLetters: this.#deadLetters.queues,
      decisionLogs: FUNCTION_NAMES.filter((name) =>
        FUNCTIONS[name].permissions.includes('incidents:write'),
      ).map((name) => functions[name].logGroup),
      api: this.#entry.api,
      fallbackTopic: this.#topics.fallback,
      topic: this.#topics.alarms,
    });
  }

  /** The outputs of the stack: what the operator's guide asks to copy somewhere. */
  #tellOperator(consoleUrl: string): void {
    const { url } = this.#entry;
    const outputs: Readonly<Record<string, string>> = {
      ConsoleUrl: consoleUrl,
      AlertmanagerUrl: `${url}/v1/alerts/alertmanager`,
      CloudMonitoringUrl: `${url}/v1/alerts/cloud-monitoring`,
      SlackCommandsUrl: `${url}/v1/slack/commands`,
      SlackInteractionsUrl: `${url}/v1/slack/interactions`,
      PagerDutyWebhookUrl: `${url}/v1/pagerduty/webhook`,
      ChangesUrl: `${url}/v1/changes`,
      IntakeSecret: this.#secrets.byName.intake.secretArn,
      PagerDutySecret: this.#secrets.byName.pagerduty.secretArn,
      SlackSecret: this.#secrets.byName.slack.secretArn,
      TargetsSecret: this.#secrets.byName.targets.secretArn,
      ConsoleSecret: this.#secrets.byName.console.secretArn,
      TableName: this.#storage.table.tableName,
      BucketName: this.#storage.bucket.bucketName,
      BusName: this.#events.bus.eventBusName,
      FallbackTopic: this.#topics.fallback.topicArn,
      AlarmTopic: this.#topics.alarms.topicArn,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}

/** A value for every function, none forgotten. */
function eachFunction<Value>(
  make: (name: FunctionName) => Value,
): Readonly<Record<FunctionName, Value>> {
  const entries = FUNCTION_NAMES.map((name) => [name, make(name)] as const);
  // `Object.fromEntries` widens the keys, which are exactly the names.
  return Object.fromEntries(entries) as Record<FunctionName, Value>;
}
