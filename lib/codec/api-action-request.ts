import type { Buffer } from 'node:buffer';
import type { ActionRequest } from '../domain/action/action.ts';
import { actionVerbs, type ActionVerb } from '../domain/action/verb.ts';
import { parametersOf } from '../domain/policy/target-verbs.ts';
import type { Json, JsonObject } from '../domain/shared/json.ts';
import { err, ok } from '../domain/shared/result.ts';
import { hours, type DurationMs } from '../domain/shared/time.ts';
import { badRequest, type ApiProblem } from './api-error.ts';
import { readFields, readFlag, readNeeded, readText, type Read } from './api-body.ts';
import { nameSome, quote } from './cut.ts';
import { describeKind, isRecord, member } from './fields.ts';
import { headerOf, type HttpRequest } from './http-event.ts';
import { parseDuration } from './policy/duration.ts';

const maxReason = 1_000;
const maxName = 64;
const maxParameter = 200;

/**
 * What makes a request the same as another: the caller's `idempotency-key`, or the id that the
 * gateway gave to it. A repeat with the same key finds what the first has made.
 */
export function readRequestKey(request: HttpRequest): Read<string> {
  const key = headerOf(request, 'idempotency-key');
  if (key === undefined) return ok(request.requestId);
  return /^[\w.:-]{1,64}$/.test(key)
    ? ok(`key ${key}`)
    : err(
        badRequest(
          `idempotency-key is ${quote(key, 40)}; 1 to 64 letters, digits and ". : _ -" are allowed.`,
        ),
      );
}

/** What is wanted of a target. Whether the target is there is the policy's to say. */
export function readActionRequest(body: Buffer): Read<ActionRequest> {
  const fields = readFields(body, ['verb', 'target', 'parameters', 'reason']);
  if (!fields.ok) return fields;
  const verb = readVerb(fields.value);
  if (!verb.ok) return verb;
  const targetId = readNeeded(fields.value, 'target', maxName);
  if (!targetId.ok) return targetId;
  const parameters = readParameters(fields.value, verb.value);
  if (!parameters.ok) return parameters;
  const reason = readText(fields.value, 'reason', maxReason);
  if (!reason.ok) return reason;
  return ok({
    verb: verb.value,
    targetId: targetId.value,
    parameters: parameters.value,
    reason: reason.value,
  });
}

function readVerb(fields: JsonObject): Read<ActionVerb> {
  const text = readNeeded(fields, 'verb', maxName);
  if (!text.ok) return text;
  const verb = actionVerbs.find((known) => known === text.value);
  return verb === undefined
    ? err(badRequest(`verb is ${quote(text.value, 40)}.`, actionVerbs))
    : ok(verb);
}

function readParameters(fields: JsonObject, verb: ActionVerb): Read<ActionRequest['parameters']> {
  const given = member(fields, 'parameters') ?? {};
  if (!isRecord(given)) {
    return err(badRequest(`parameters is ${describeKind(given)}; it must be an object.`));
  }
  const allowed = parametersOf(verb);
  const unknown = Object.keys(given).filter((name) => !allowed.includes(name));
  if (unknown.length > 0) {
    return err(badRequest(`${verb} has no parameter ${nameSome(unknown)}.`, allowed));
  }
  const entries = Object.entries(given).map(
    ([name, value]) => [name, parameterText(value)] as const,
  );
  const bad = entries.find(([, text]) => text === '' || text.length > maxParameter);
  return bad === undefined ? ok(Object.fromEntries(entries)) : err(badParameter(bad[0]));
}

/** A number or a text as text; empty for all else. */
const parameterText = (value: Json): string =>
  typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';

const badParameter = (name: string): ApiProblem =>
  badRequest(`parameters.${name} must be a number or a text of 1 to ${maxParameter} characters.`);

/** Which plan somebody agrees to: the whole hash, or the first eight digits of it or more. */
export function readApproval(body: Buffer): Read<{ readonly planHash: string }> {
  const fields = readFields(body, ['planHash']);
  if (!fields.ok) return fields;
  const hash = readNeeded(fields.value, 'planHash', maxName);
  if (!hash.ok) return hash;
  return /^[0-9a-f]{8,64}$/.test(hash.value)
    ? ok({ planHash: hash.value })
    : err(
        badRequest(
          `planHash is ${quote(hash.value, 70)}; the plan’s hash is meant, 8 to 64 hexadecimal digits.`,
        ),
      );
}

/** Why, where that is all that is said; empty where nothing is. */
export function readReason(body: Buffer): Read<{ readonly reason: string }> {
  const fields = readFields(body, ['reason']);
  if (!fields.ok) return fields;
  const reason = readText(fields.value, 'reason', maxReason);
  return reason.ok ? ok({ reason: reason.value }) : reason;
}

/** A lock with its reason; `forMs` is null until somebody unlocks it. */
export function readLock(
  body: Buffer,
): Read<{ readonly reason: string; readonly forMs: DurationMs | null }> {
  const fields = readFields(body, ['reason', 'for']);
  if (!fields.ok) return fields;
  const reason = readNeeded(fields.value, 'reason', maxReason);
  if (!reason.ok) return reason;
  const text = readText(fields.value, 'for', maxName);
  if (!text.ok) return text;
  if (text.value === '') return ok({ reason: reason.value, forMs: null });
  const forMs = parseDuration(text.value);
  return forMs !== null && forMs > 0 && forMs <= longestLockMs
    ? ok({ reason: reason.value, forMs })
    : err(badRequest(`for is ${quote(text.value, 40)}; up to 30d is allowed, such as 30m or 2h.`));
}

const longestLockMs = hours(30 * 24);

/** Which way the kill switch is thrown, and why. */
export function readHaltRequest(
  body: Buffer,
): Read<{ readonly on: boolean; readonly reason: string }> {
  const fields = readFields(body, ['on', 'reason']);
  if (!fields.ok) return fields;
  const on = readFlag(fields.value, 'on');
  if (!on.ok) return on;
  const reason = readNeeded(fields.value, 'reason', maxReason);
  return reason.ok ? ok({ on: on.value, reason: reason.value }) : reason;
}

/** A step of a checklist, as people count them: from 1. */
export interface Tick {
  readonly runbookId: string;
  /** Counted from 0. */
  readonly step: number;
  readonly isDone: boolean;
}

export function readTick(body: Buffer): Read<Tick> {
  const fields = readFields(body, ['runbook', 'step', 'done']);
  if (!fields.ok) return fields;
  const runbookId = readNeeded(fields.value, 'runbook', maxName);
  if (!runbookId.ok) return runbookId;
  const step = member(fields.value, 'step');
  if (typeof step !== 'number' || !Number.isInteger(step) || step < 1) {
    return err(badRequest('step must be a whole number from 1 on: the steps as they are shown.'));
  }
  const done = readFlag(fields.value, 'done', true);
  if (!done.ok) return done;
  return ok({ runbookId: runbookId.value, step: step - 1, isDone: done.value });
}
