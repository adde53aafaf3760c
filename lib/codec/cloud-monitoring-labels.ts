import type { Json, JsonObject } from '../domain/shared/json.ts';
import { firstText, listOf, member, recordOf, textOf } from './fields.ts';

/** What Google writes in place of a metric's names for conditions in PromQL. */
const missing = '__missing__';

/**
 * The labels by which policies route a Cloud Monitoring incident. Only what stays the same from
 * opening to closing is a label; figures are annotations.
 *
 * | label | from `incident` |
 * | --- | --- |
 * | any | `policy_user_labels`, as they are: these route, and win over all below |
 * | `alertname`, `policy_name` | `policy_name` |
 * | `condition_name` | `condition_name`, else `condition.displayName` |
 * | `project_id` | `scoping_project_id`, else the resource's label `project_id` |
 * | `severity` | `severity` in lower case; absent for "No severity" |
 * | `resource_type` | `resource.type` |
 * | `resource_name` | `resource_display_name`, else `resource_name` |
 * | `metric_type` | `metric.type`, unless it is `__missing__` |
 * | `resource_label_*` | `resource.labels` |
 * | `metric_label_*` | `metric.labels`, but `value` of a PromQL condition, which is a figure |
 * | `system_label_*`, `user_label_*` | `metadata.system_labels`, `metadata.user_labels` |
 *
 * Empty values are left out, as Prometheus has it.
 */
export function cloudMonitoringLabels(incident: JsonObject): JsonObject {
  const resource = recordOf(incident, 'resource');
  const metadata = recordOf(incident, 'metadata');
  const metricType = textOf(recordOf(incident, 'metric'), 'type');
  const own = Object.entries(recordOf(incident, 'policy_user_labels'));
  const policyName = textOf(incident, 'policy_name');
  const derived: readonly (readonly [string, Json])[] = [
    ['alertname', firstText(policyName, conditionName(incident))],
    ['policy_name', policyName],
    ['condition_name', conditionName(incident)],
    ['project_id', projectId(incident)],
    ['severity', severity(incident)],
    ['resource_type', textOf(resource, 'type')],
    ['resource_name', resourceName(incident)],
    ['metric_type', metricType === missing ? '' : metricType],
    ...prefixed('resource_label_', recordOf(resource, 'labels')),
    ...prefixed('metric_label_', metricLabels(incident)),
    ...prefixed('system_label_', recordOf(metadata, 'system_labels')),
    ...prefixed('user_label_', recordOf(metadata, 'user_labels')),
  ];
  const ownNames = new Set(own.map(([name]) => name));
  return Object.fromEntries([
    ...own,
    ...derived.filter(([name, value]) => value !== '' && value !== null && !ownNames.has(name)),
  ]);
}

/**
 * What a person wants to read and no rule should match.
 *
 * | annotation | from `incident` |
 * | --- | --- |
 * | `summary` | `summary` |
 * | `documentation`, `documentation_subject` | `documentation`, object or bare text |
 * | `observed_value`, `threshold_value` | the same; text or number |
 * | `value` | `metric.labels.value` of a PromQL condition |
 */
export function cloudMonitoringAnnotations(incident: JsonObject): JsonObject {
  const documentation = recordOf(incident, 'documentation');
  const value = isPromql(incident) ? figure(recordOf(metricOf(incident), 'labels'), 'value') : '';
  const all: readonly (readonly [string, string])[] = [
    ['summary', textOf(incident, 'summary')],
    [
      'documentation',
      firstText(textOf(incident, 'documentation'), textOf(documentation, 'content')),
    ],
    ['documentation_subject', textOf(documentation, 'subject')],
    ['observed_value', figure(incident, 'observed_value')],
    ['threshold_value', figure(incident, 'threshold_value')],
    ['value', value],
  ];
  return Object.fromEntries(all.filter(([, text]) => text !== ''));
}

const metricOf = (incident: JsonObject): JsonObject => recordOf(incident, 'metric');
const isPromql = (incident: JsonObject): boolean => textOf(metricOf(incident), 'type') === missing;

/** A figure as text, however it was sent. */
function figure(record: JsonObject, name: string): string {
  const value = member(record, name);
  return typeof value === 'number' ? String(value) : textOf(record, name);
}

function metricLabels(incident: JsonObject): JsonObject {
  const labels = Object.entries(recordOf(metricOf(incident), 'labels'));
  const kept = labels.filter(([name]) => !(isPromql(incident) && name === 'value'));
  return Object.fromEntries(kept);
}

const prefixed = (prefix: string, labels: JsonObject): readonly (readonly [string, Json])[] =>
  Object.entries(labels).map(([name, value]) => [`${prefix}${name}`, value]);

const conditionName = (incident: JsonObject): string =>
  firstText(
    textOf(incident, 'condition_name'),
    textOf(recordOf(incident, 'condition'), 'displayName'),
  );

const projectId = (incident: JsonObject): string =>
  firstText(
    textOf(incident, 'scoping_project_id'),
    textOf(recordOf(recordOf(incident, 'resource'), 'labels'), 'project_id'),
  );

const resourceName = (incident: JsonObject): string =>
  firstText(textOf(incident, 'resource_display_name'), textOf(incident, 'resource_name'));

function severity(incident: JsonObject): string {
  const word = textOf(incident, 'severity').trim().toLowerCase();
  return word === 'no severity' ? '' : word;
}

/** The links of a policy's documentation, whatever shape the documentation has. */
export const documentationLinks = (incident: JsonObject): readonly Json[] =>
  listOf(recordOf(incident, 'documentation'), 'links');
