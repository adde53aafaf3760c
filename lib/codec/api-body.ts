import type { Buffer } from 'node:buffer';
import type { JsonObject } from '../domain/shared/json.ts';
import { err, ok, type Result } from '../domain/shared/result.ts';
import { badRequest, type ApiProblem } from './api-error.ts';
import { nameSome } from './cut.ts';
import { describeKind, member } from './fields.ts';
import { readJsonObject } from './json-body.ts';
import { intakeLimits } from './limits.ts';

export type Read<Value> = Result<Value, ApiProblem>;

const maxBodyBytes = 32_768;

/**
 * The members of a body that may hold these names and no others: so nothing else in it decides
 * anything. No body is an empty one.
 */
export function readFields(body: Buffer, allowed: readonly string[]): Read<JsonObject> {
  if (body.length === 0) return ok({});
  if (body.length > maxBodyBytes) {
    return err(badRequest(`The body has ${body.length} bytes; at most ${maxBodyBytes} are read.`));
  }
  const read = readJsonObject(body, { limits: intakeLimits, listName: null });
  if (!read.ok) return err(badRequest(read.error.reason));
  const fields = read.value.value;
  const unknown = Object.keys(fields).filter((name) => !allowed.includes(name));
  return unknown.length === 0
    ? ok(fields)
    : err(badRequest(`The body may not hold ${nameSome(unknown)}.`, allowed));
}

/** A text of a body, trimmed; empty where it is missing or null. */
export function readText(fields: JsonObject, name: string, max: number): Read<string> {
  const value = member(fields, name) ?? '';
  if (typeof value !== 'string') {
    return err(badRequest(`${name} is ${describeKind(value)}; it must be a text.`));
  }
  return value.length <= max
    ? ok(value.trim())
    : err(badRequest(`${name} has ${value.length} characters; at most ${max} are kept.`));
}

/** A text of a body that may not be empty. */
export function readNeeded(fields: JsonObject, name: string, max: number): Read<string> {
  const text = readText(fields, name, max);
  return text.ok && text.value === ''
    ? err(badRequest(`${name} is missing or empty; it is needed.`))
    : text;
}

/** A yes or no of a body. */
export function readFlag(fields: JsonObject, name: string, unset?: boolean): Read<boolean> {
  const value = member(fields, name) ?? unset;
  return typeof value === 'boolean'
    ? ok(value)
    : err(badRequest(`${name} is ${describeKind(value)}; it must be true or false.`));
}
