import { compilePattern } from '../aws/event-pattern.ts';
import { isJsonObject, parseJson, type JsonObject } from '../shared/json.ts';

/** True when a record, in the form that a function sees, is to be delivered. */
export type RecordFilter = (record: JsonObject) => boolean;

/**
 * Compiles the patterns of a mapping's filter criteria; a record passes when one of them matches, or
 * when there are none. The operators are those of `compilePattern`, which throws for any other. A JSON
 * number is refused, since DynamoDB writes its numbers as strings and no record could ever match.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html
 */
export function compileFilters(patterns: readonly string[]): RecordFilter {
  const matchers = patterns.map((text) => compilePattern(parsePattern(text)));
  return (record) => matchers.length === 0 || matchers.some((matches) => matches(record));
}

function parsePattern(text: string): JsonObject {
  const pattern = parseJson(text);
  if (!isJsonObject(pattern)) {
    throw new Error(`Filter pattern ${text} is no JSON object; write the fields of a record.`);
  }
  if (holdsNumber(pattern)) {
    throw new Error(
      `Filter pattern ${text} holds a number; DynamoDB's numbers are strings, so it never matches.`,
    );
  }
  return pattern;
}

function holdsNumber(value: unknown): boolean {
  if (typeof value === 'number') return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsNumber);
}
