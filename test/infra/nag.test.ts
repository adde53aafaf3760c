import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validations, type App } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { STAGE_NAMES } from '../../lib/infra/stage.ts';
import { buildStage } from './stack-fixture.ts';

describe('the AwsSolutions rules of cdk-nag', () => {
  it.each(STAGE_NAMES)('find nothing unacknowledged in %s', (stage) => {
    expect(check(buildStage(stage).app).open).toEqual([]);
  });

  it('find what is planted, so that silence means something', () => {
    const { app, stack } = buildStage('dev');
    new Bucket(stack, 'Planted');

    const { open } = check(app);

    expect(open).toContain('AwsSolutions-S10 at Tocsin-dev/Planted/Resource');
    expect(open.filter((finding) => !finding.includes('Planted'))).toEqual([]);
  });

  it('are acknowledged one finding at a time, each with a reason that can be argued about', () => {
    const { acknowledged } = check(buildStage('prod').app);

    expect(acknowledged.map(({ finding }) => finding).sort()).toEqual([
      'AwsSolutions-APIG4 at Tocsin-prod/Http/Api/GET--/Resource',
      'AwsSolutions-APIG4 at Tocsin-prod/Http/Api/GET--actions/Resource',
      'AwsSolutions-APIG4 at Tocsin-prod/Http/Api/GET--healthz/Resource',
      'AwsSolutions-APIG4 at Tocsin-prod/Http/Api/GET--incidents--{id}/Resource',
      'AwsSolutions-APIG4 at Tocsin-prod/Http/Api/POST--v1--alerts--alertmanager/Resource',
      'AwsSolutions-APIG4 at Tocsin-prod/Http/Api/POST--v1--alerts--cloud-monitoring/Resource',
      'AwsSolutions-APIG4 at Tocsin-prod/Http/Api/POST--v1--changes--argocd/Resource',
      'AwsSolutions-APIG4 at Tocsin-prod/Http/Api/POST--v1--changes--github/Resource',
      'AwsSolutions-APIG4 at Tocsin-prod/Http/Api/POST--v1--changes--gitlab/Resource',
      'AwsSolutions-APIG4 at Tocsin-prod/Http/Api/POST--v1--changes/Resource',
      'AwsSolutions-APIG4 at Tocsin-prod/Http/Api/POST--v1--pagerduty--webhook/Resource',
      'AwsSolutions-APIG4 at Tocsin-prod/Http/Api/POST--v1--slack--commands/Resource',
      'AwsSolutions-APIG4 at Tocsin-prod/Http/Api/POST--v1--slack--interactions/Resource',
      'AwsSolutions-IAM5[Resource::<StorageBucket5CB7C8EA.Arn>/postmortem/*] at Tocsin-prod/postmortem/Role/DefaultPolicy/Resource',
      'AwsSolutions-IAM5[Resource::<StorageBucket5CB7C8EA.Arn>/raw/*] at Tocsin-prod/announce/Role/DefaultPolicy/Resource',
      'AwsSolutions-IAM5[Resource::<StorageBucket5CB7C8EA.Arn>/raw/*] at Tocsin-prod/changes/Role/DefaultPolicy/Resource',
      'AwsSolutions-IAM5[Resource::<StorageBucket5CB7C8EA.Arn>/raw/*] at Tocsin-prod/clock/Role/DefaultPolicy/Resource',
      'AwsSolutions-IAM5[Resource::<StorageBucket5CB7C8EA.Arn>/raw/*] at Tocsin-prod/coverage/Role/DefaultPolicy/Resource',
      'AwsSolutions-IAM5[Resource::<StorageBucket5CB7C8EA.Arn>/raw/*] at Tocsin-prod/ingest/Role/DefaultPolicy/Resource',
      'AwsSolutions-IAM5[Resource::<StorageBucket5CB7C8EA.Arn>/raw/*] at Tocsin-prod/pagerduty/Role/DefaultPolicy/Resource',
      'AwsSolutions-IAM5[Resource::<StorageBucket5CB7C8EA.Arn>/raw/*] at Tocsin-prod/reconcile/Role/DefaultPolicy/Resource',
      'AwsSolutions-IAM5[Resource::<StorageBucket5CB7C8EA.Arn>/raw/*] at Tocsin-prod/slack/Role/DefaultPolicy/Resource',
      'AwsSolutions-S1 at Tocsin-prod/Storage/Bucket/Resource',
      'AwsSolutions-SMG4 at Tocsin-prod/Secrets/Console/Resource',
      'AwsSolutions-SMG4 at Tocsin-prod/Secrets/Intake/Resource',
      'AwsSolutions-SMG4 at Tocsin-prod/Secrets/PagerDuty/Resource',
      'AwsSolutions-SMG4 at Tocsin-prod/Secrets/Slack/Resource',
      'AwsSolutions-SMG4 at Tocsin-prod/Secrets/Targets/Resource',
      'AwsSolutions-SQS3 at Tocsin-prod/DeadLetters/act/Resource',
      'AwsSolutions-SQS3 at Tocsin-prod/DeadLetters/announce/Resource',
      'AwsSolutions-SQS3 at Tocsin-prod/DeadLetters/clock/Resource',
      'AwsSolutions-SQS3 at Tocsin-prod/DeadLetters/coverage/Resource',
      'AwsSolutions-SQS3 at Tocsin-prod/DeadLetters/page/Resource',
      'AwsSolutions-SQS3 at Tocsin-prod/DeadLetters/postmortem/Resource',
      'AwsSolutions-SQS3 at Tocsin-prod/DeadLetters/reconcile/Resource',
      'AwsSolutions-SQS3 at Tocsin-prod/DeadLetters/relay/Resource',
    ]);
    for (const { reason } of acknowledged) expect(reason.length).toBeGreaterThan(40);
  });
});

interface Violation {
  readonly ruleName: string;
  readonly reason?: string;
  readonly violatingConstructs: readonly { readonly constructPath: string }[];
}

interface Report {
  readonly pluginReports: readonly {
    readonly violations: readonly Violation[];
    readonly suppressedViolations?: readonly Violation[];
  }[];
}

/** Runs the rules as a synthesis does, and reads the report that it leaves. */
function check(app: App): {
  readonly open: readonly string[];
  readonly acknowledged: readonly { readonly finding: string; readonly reason: string }[];
} {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  try {
    app.synth();
  } catch (error) {
    if (!String(error).startsWith('ValidationFailed')) throw error;
  }
  const file = join(app.outdir, 'validation-report.json');
  // Written by the framework a moment ago; the members named here are all that is read.
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  expect(report.pluginReports).toHaveLength(1);
  const suppressed = report.pluginReports.flatMap((one) => one.suppressedViolations ?? []);
  return {
    open: report.pluginReports.flatMap(({ violations }) => violations.flatMap(findingsOf)),
    acknowledged: suppressed.flatMap((violation) =>
      findingsOf(violation).map((finding) => ({ finding, reason: violation.reason ?? '' })),
    ),
  };
}

function findingsOf({ ruleName, violatingConstructs }: Violation): string[] {
  return violatingConstructs.map(({ constructPath }) => `${ruleName} at ${constructPath}`);
}
