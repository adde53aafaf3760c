import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { UNATTENDED } from '../../lib/infra/constructs/dead-letters.ts';
import { FUNCTION_NAMES, FUNCTIONS } from '../../lib/infra/functions.ts';
import { newsTypes } from '../../lib/codec/incident-news.ts';
import { resourcesOf, templateOf, textsIn } from './stack-fixture.ts';

const template = templateOf('prod');

function alarmsOn(from: Template): readonly string[] {
  return Object.keys(resourcesOf(from, 'AWS::CloudWatch::Alarm'));
}

describe('the stream mappings', () => {
  it.each([
    ['page', 'intent', 10],
    ['relay', 'commit', 100],
    ['announce', 'commit', 100],
  ])('%s reads only new rows of kind %s, %i at a time', (name, kind, batchSize) => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionName: { Ref: Match.stringLikeRegexp(`^${name}Function`) },
      BatchSize: batchSize,
      FilterCriteria: {
        Filters: [
          {
            Pattern: JSON.stringify({
              eventName: ['INSERT'],
              dynamodb: { NewImage: { kind: { S: [kind] } } },
            }),
          },
        ],
      },
    });
  });

  it('bound everything that Lambda leaves open, and lose nothing at the start', () => {
    const mappings = Object.values(resourcesOf(template, 'AWS::Lambda::EventSourceMapping'));

    expect(mappings).toHaveLength(3);
    for (const { Properties } of mappings) {
      expect(Properties).toMatchObject({
        StartingPosition: 'TRIM_HORIZON',
        ParallelizationFactor: 10,
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        MaximumRetryAttempts: 5,
        MaximumRecordAgeInSeconds: 3600,
      });
      expect(Properties).not.toHaveProperty('MaximumBatchingWindowInSeconds');
      expect(textsIn(Properties['DestinationConfig'])[0]).toMatch(
        /^DeadLetters(page|relay|announce)/,
      );
    }
  });
});

describe('the rules', () => {
  it('each leave what does not reach Lambda in the queue of the function', () => {
    const rules = Object.values(resourcesOf(template, 'AWS::Events::Rule'));

    expect(rules).toHaveLength(7);
    for (const { Properties } of rules) {
      const [target, ...others] = Properties['Targets'] as readonly Record<string, unknown>[];
      expect(others).toEqual([]);
      const name = /^([a-z]+)Function/.exec(textsIn(target?.['Arn'])[0] ?? '')?.[1];
      expect(textsIn(target?.['DeadLetterConfig'])[0]).toMatch(
        new RegExp(`^DeadLetters${String(name)}`),
      );
    }
  });

  it('start the clock every minute, and never retry a tick', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 minute)',
      Targets: [
        Match.objectLike({
          RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 },
        }),
      ],
    });
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: Match.stringLikeRegexp('^clock') },
      MaximumRetryAttempts: 0,
    });
  });

  it('start the rest in time: Slack and actions each minute, PagerDuty every four, coverage twice a day', () => {
    const rules = Object.values(resourcesOf(template, 'AWS::Events::Rule'));
    const schedules = rules.map(({ Properties }) => Properties['ScheduleExpression']);

    expect(schedules.filter((one) => one !== undefined).sort()).toEqual([
      'rate(1 minute)',
      'rate(1 minute)',
      'rate(1 minute)',
      'rate(12 hours)',
      'rate(4 minutes)',
    ]);
  });

  it('write a post-mortem when an incident is resolved, not when it is reopened', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: Match.anyValue(),
      EventPattern: { 'detail-type': ['incident.resolved'] },
    });
  });

  it('start what acts at once when something is asked for or approved', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: Match.anyValue(),
      EventPattern: {
        'detail-type': [...newsTypes],
      },
    });
  });

  it('only call functions that have a failure destination of their own', () => {
    const configs = Object.values(resourcesOf(template, 'AWS::Lambda::EventInvokeConfig'));

    const pairs = configs.map(({ Properties }) => [
      /^[a-z]+/.exec(textsIn(Properties['FunctionName'])[0] ?? '')?.[0],
      /^DeadLetters([a-z]+)/.exec(textsIn(Properties['DestinationConfig'])[0] ?? '')?.[1],
    ]);
    expect(pairs.sort()).toEqual([
      ['act', 'act'],
      ['announce', 'announce'],
      ['clock', 'clock'],
      ['coverage', 'coverage'],
      ['postmortem', 'postmortem'],
      ['reconcile', 'reconcile'],
    ]);
  });
});

describe('the dead-letter queues', () => {
  it('keep their messages for 14 days, encrypted', () => {
    const queues = Object.values(resourcesOf(template, 'AWS::SQS::Queue'));

    expect(queues).toHaveLength(UNATTENDED.length);
    for (const { Properties } of queues) {
      expect(Properties).toEqual({
        MessageRetentionPeriod: 14 * 24 * 3600,
        SqsManagedSseEnabled: true,
      });
    }
  });
});

describe('the alarms', () => {
  it('watch everything that can fail', () => {
    const ids = alarmsOn(template).map((id) => id.replace(/^Watch|[0-9A-F]{8}$/g, ''));

    expect(ids.sort()).toEqual(
      [
        ...FUNCTION_NAMES.flatMap((name) => [`${name}errors`, `${name}throttles`]),
        ...UNATTENDED.map((name) => `${name}deadletters`),
        'pagestreambehind',
        'announcestreambehind',
        'relaystreambehind',
        'clockstopped',
        'fallbackused',
        'fallbackundelivered',
        'pagegivenup',
        'apiservererrors',
      ].sort(),
    );
  });

  it('take silence for health, except that of the clock', () => {
    for (const [id, { Properties }] of Object.entries(
      resourcesOf(template, 'AWS::CloudWatch::Alarm'),
    )) {
      const expected = id.startsWith('Watchclockstopped') ? 'breaching' : 'notBreaching';
      expect([id, Properties['TreatMissingData']]).toEqual([id, expected]);
    }
  });

  it('tell the alarm topic of trouble and of its end, in words that say where to look', () => {
    for (const { Properties } of Object.values(resourcesOf(template, 'AWS::CloudWatch::Alarm'))) {
      const topic = [{ Ref: expect.stringMatching(/^TopicsAlarms/) as unknown }];
      expect(Properties['AlarmActions']).toEqual(topic);
      expect(Properties['OKActions']).toEqual(topic);
      expect(Properties['AlarmDescription']).toMatch(/^Tocsin-prod: .{30,}\.$|\?$/);
    }
  });

  it('ring when a page is given up, whichever function says so', () => {
    const filters = Object.values(resourcesOf(template, 'AWS::Logs::MetricFilter'));
    const watched = filters.map(
      ({ Properties }) => /^[a-z]+/.exec(textsIn(Properties['LogGroupName'])[0] ?? '')?.[0],
    );
    expect(watched.sort()).toEqual(
      FUNCTION_NAMES.filter((name) =>
        FUNCTIONS[name].permissions.includes('incidents:write'),
      ).sort(),
    );
    // The words of `lib/app/commit.ts`, which a scenario test holds.
    for (const { Properties } of filters) {
      expect(Properties['FilterPattern']).toBe('{ $.message = "A page was given up." }');
    }
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'Tocsin-prod',
      MetricName: 'PagesGivenUp',
      Threshold: 0,
    });
  });

  it('ring when a stream reader is more than two minutes behind', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'IteratorAge',
      Statistic: 'Maximum',
      Threshold: 120_000,
      ComparisonOperator: 'GreaterThanThreshold',
    });
  });

  it('can be published: CloudWatch may use the key and the topic, from this account only', () => {
    const condition = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
    for (const [type, document] of [
      ['AWS::KMS::Key', 'KeyPolicy'],
      ['AWS::SNS::TopicPolicy', 'PolicyDocument'],
    ] as const) {
      template.hasResourceProperties(type, {
        [document]: Match.objectLike({
          Statement: Match.arrayWith([
            Match.objectLike({
              Effect: 'Allow',
              Principal: { Service: 'cloudwatch.amazonaws.com' },
              Condition: condition,
            }),
          ]),
        }),
      });
    }
  });
});
