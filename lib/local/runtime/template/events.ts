import { isJsonObject, ownValue } from '../../shared/json.ts';
import { functionNameInArn, nameInArn } from './local-values.ts';
import {
  TemplateError,
  type EventRuleSpec,
  type RuleTargetSpec,
  type ScheduleSpec,
} from './model.ts';
import type { RawResource, ResourceReader } from './resources.ts';

const RATE_UNITS_MS: ReadonlyMap<string, number> = new Map([
  ['minute', 60_000],
  ['hour', 3_600_000],
  ['day', 86_400_000],
]);

/** Rules that match events. A rule without a bus is on the account's default bus. */
export function readEventRules(reader: ResourceReader): readonly EventRuleSpec[] {
  return reader.ofType('AWS::Events::Rule').flatMap((resource) => {
    const pattern = reader.property(resource, 'EventPattern');
    if (pattern === undefined) return [];
    if (!isJsonObject(pattern)) {
      throw new TemplateError(`${resource.logicalId} has an EventPattern that is no object.`);
    }
    const bus = reader.optionalText(resource, 'EventBusName');
    return [
      {
        ...ruleBase(resource, reader),
        busName: bus === undefined ? 'default' : nameInArn(bus),
        pattern,
      },
    ];
  });
}

/** Rules that fire at a rate; a cron expression is refused by name. */
export function readSchedules(reader: ResourceReader): readonly ScheduleSpec[] {
  return reader.ofType('AWS::Events::Rule').flatMap((resource) => {
    const expression = reader.optionalText(resource, 'ScheduleExpression');
    if (expression === undefined) return [];
    return [{ ...ruleBase(resource, reader), periodMs: ratePeriodMs(expression, resource) }];
  });
}

function ruleBase(resource: RawResource, reader: ResourceReader) {
  const { ref: name, attributes } = reader.identity(resource);
  return {
    name,
    arn: String(attributes['Arn']),
    enabled: (reader.optionalText(resource, 'State') ?? 'ENABLED').startsWith('ENABLED'),
    targets: readTargets(resource, reader),
  };
}

function readTargets(resource: RawResource, reader: ResourceReader): readonly RuleTargetSpec[] {
  const targets = reader.property(resource, 'Targets');
  if (targets === undefined) return [];
  if (!Array.isArray(targets)) {
    throw new TemplateError(`${resource.logicalId} has Targets that are no list.`);
  }
  return targets.map((target: unknown) => readTarget(target, resource));
}

/** Settings of a target that have a meaning here, or none on one machine. */
const KNOWN_TARGET_KEYS = new Set([
  'Id',
  'Arn',
  'Input',
  'DeadLetterConfig',
  'RetryPolicy',
  'RoleArn',
]);

function readTarget(target: unknown, { logicalId }: RawResource): RuleTargetSpec {
  if (!isJsonObject(target))
    throw new TemplateError(`${logicalId} has a target that is no object.`);
  const unknown = Object.keys(target).filter((key) => !KNOWN_TARGET_KEYS.has(key));
  if (unknown.length > 0) {
    throw new TemplateError(
      `${logicalId} has a target with ${unknown.join(', ')}, which this runtime does not run.`,
    );
  }
  const arn = String(ownValue(target, 'Arn'));
  const functionName = functionNameInArn(arn);
  if (functionName === undefined) {
    throw new TemplateError(
      `${logicalId} has target ${arn}; this runtime runs function targets only.`,
    );
  }
  const input = ownValue(target, 'Input');
  return {
    id: String(ownValue(target, 'Id')),
    functionName,
    input: typeof input === 'string' ? input : undefined,
  };
}

function ratePeriodMs(expression: string, { logicalId }: RawResource): number {
  const match = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  const unitMs = RATE_UNITS_MS.get(match?.[2] ?? '');
  const count = Number(match?.[1]);
  if (unitMs === undefined || count < 1) {
    throw new TemplateError(
      `${logicalId} has schedule ${expression}; this runtime runs rate(N minutes), rate(N hours) and rate(N days).`,
    );
  }
  return count * unitMs;
}
