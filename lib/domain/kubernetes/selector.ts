import type { JsonObject } from '../shared/json.ts';
import { isList, at, objectAt, objectsAt, textAt } from './read.ts';

/**
 * The selector of a workload in the syntax of the API's `labelSelector`. Values are what the API
 * server has accepted, so that they need no quoting.
 */
export function selectorText(workload: JsonObject): string {
  const selector = objectAt(workload, ['spec', 'selector']);
  const labels = equalities(objectAt(selector, ['matchLabels']));
  const expressions = objectsAt(selector, ['matchExpressions']).map(expressionText);
  return [...labels, ...expressions].join(',');
}

/** A plain map of labels, as a Service has it, in the same syntax. */
export const labelsText = (labels: JsonObject): string => equalities(labels).join(',');

const equalities = (labels: JsonObject): readonly string[] =>
  Object.entries(labels).flatMap(([name, value]) =>
    typeof value === 'string' ? [`${name}=${value}`] : [],
  );

function expressionText(expression: JsonObject): string {
  const key = textAt(expression, ['key']);
  const values = at(expression, ['values']);
  const list = isList(values) ? `(${values.map(String).join(',')})` : '()';
  switch (textAt(expression, ['operator'])) {
    case 'In':
      return `${key} in ${list}`;
    case 'NotIn':
      return `${key} notin ${list}`;
    case 'DoesNotExist':
      return `!${key}`;
    default:
      return key;
  }
}
