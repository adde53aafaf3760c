import { isJsonObject, ownValue, type JsonObject } from '../shared/json.ts';

/** True when an event matches. */
export type EventMatcher = (event: JsonObject) => boolean;

/** Tests the values found at one place of the event: none when the field is absent. */
type LeafMatcher = (values: readonly unknown[]) => boolean;

/** A pattern, or an operator of one, that this runtime does not know. */
export class EventPatternError extends Error {
  override readonly name = 'EventPatternError';
}

/**
 * Compiles an EventBridge pattern: fields are all needed, the items of a list are alternatives; items
 * are exact values, `prefix`, `anything-but` (a value, a list, or a prefix) and `exists`. Throws
 * `EventPatternError` for any other operator, so that a rule never matches by accident or not at all.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function compilePattern(pattern: JsonObject): EventMatcher {
  const fields = Object.entries(pattern).map(([name, expected]) => compileField(name, expected));
  return (event) => fields.every((matches) => matches([event]));
}

function compileField(name: string, expected: unknown): LeafMatcher {
  if (name.startsWith('$'))
    throw new EventPatternError(`Pattern operator ${name} is not known here.`);
  const matches = Array.isArray(expected)
    ? compileLeaf(expected, name)
    : compileNested(expected, name);
  return (parents) =>
    matches(parents.filter(isJsonObject).flatMap((parent) => valuesAt(parent, name)));
}

function compileNested(expected: unknown, name: string): LeafMatcher {
  if (!isJsonObject(expected) || Object.keys(expected).length === 0) {
    throw new EventPatternError(`Pattern field ${name} needs a list or an object with fields.`);
  }
  const fields = Object.entries(expected).map(([key, value]) => compileField(key, value));
  return (values) => fields.every((matches) => matches(values));
}

function compileLeaf(alternatives: readonly unknown[], name: string): LeafMatcher {
  if (alternatives.length === 0)
    throw new EventPatternError(`Pattern field ${name} is an empty list.`);
  const matchers = alternatives.map((alternative) => compileAlternative(alternative, name));
  return (values) => matchers.some((matches) => matches(values));
}

/** An array in the event matches when one of its elements does. */
function valuesAt(parent: JsonObject, name: string): readonly unknown[] {
  const value = ownValue(parent, name);
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function compileAlternative(alternative: unknown, name: string): LeafMatcher {
  if (isScalar(alternative)) return (values) => values.includes(alternative);
  const operators = isJsonObject(alternative) ? Object.entries(alternative) : [];
  const [operator] = operators;
  const matcher =
    operator === undefined || operators.length > 1 ? undefined : compileOperator(operator, name);
  if (matcher === undefined) throw unknownOperator(alternative, name);
  return matcher;
}

function compileOperator(
  [operator, argument]: readonly [string, unknown],
  name: string,
): LeafMatcher | undefined {
  if (operator === 'exists' && typeof argument === 'boolean') {
    return (values) => values.length > 0 === argument;
  }
  if (operator === 'prefix' && typeof argument === 'string') {
    return (values) => values.some((value) => startsWith(value, argument));
  }
  return operator === 'anything-but' ? compileAnythingBut(argument, name) : undefined;
}

function compileAnythingBut(argument: unknown, name: string): LeafMatcher {
  if (isJsonObject(argument)) {
    const { prefix, ...others } = argument;
    if (typeof prefix !== 'string' || Object.keys(others).length > 0) {
      throw unknownOperator({ 'anything-but': argument }, name);
    }
    return (values) => values.some((value) => !startsWith(value, prefix));
  }
  const refused: readonly unknown[] = Array.isArray(argument) ? argument : [argument];
  if (!refused.every(isScalar)) throw unknownOperator({ 'anything-but': argument }, name);
  return (values) => values.some((value) => !refused.includes(value));
}

function unknownOperator(alternative: unknown, name: string): EventPatternError {
  return new EventPatternError(
    `Pattern field ${name} has ${JSON.stringify(alternative)}; known here are exact values, prefix, anything-but and exists.`,
  );
}

function startsWith(value: unknown, prefix: string): boolean {
  return typeof value === 'string' && value.startsWith(prefix);
}

function isScalar(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
