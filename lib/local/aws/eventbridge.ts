import { randomUUID } from 'node:crypto';
import { isJsonObject, parseJson, type JsonObject } from '../shared/json.ts';
import type { Timekeeper } from '../shared/timekeeper.ts';
import { jsonAnswer, jsonError, type AwsAnswer } from './answer.ts';
import { compilePattern } from './event-pattern.ts';

/** A rule of a bus: which events, and which functions get them. */
export interface BusRule {
  readonly busName: string;
  readonly pattern: JsonObject;
  readonly enabled: boolean;
  readonly targets: readonly {
    readonly functionName: string;
    /** A constant given in place of the event. */
    readonly input: string | undefined;
  }[];
}

export interface EventBridgeDeps {
  readonly busNames: readonly string[];
  readonly rules: readonly BusRule[];
  /** Hands an event to a function's asynchronous queue; it is kept when this returns. */
  readonly deliver: (functionName: string, event: string) => void;
  readonly timekeeper: Timekeeper;
  readonly region: string;
  readonly accountId: string;
}

/** One operation of the JSON protocol. */
export type JsonOperation = (input: JsonObject) => AwsAnswer;

/** EventBridge's limits: entries per call, and bytes of all entries (1 MB since 2026). */
const MAX_ENTRIES = 10;
const MAX_TOTAL_BYTES = 1024 * 1024;
/** What a `Time` counts for. */
const TIME_BYTES = 14;

/**
 * `PutEvents` with the rules of the template. A call that is too large is refused as a whole; an entry
 * that is wrong fails alone, as in AWS, and so does one for a bus that the template does not have
 * (which AWS would accept and drop). Patterns are compiled now, so an unknown operator stops the start.
 */
export function createPutEvents(deps: EventBridgeDeps): JsonOperation {
  const buses = new Set(['default', ...deps.busNames]);
  const rules = deps.rules
    .filter(({ enabled }) => enabled)
    .map((rule) => ({ ...rule, matches: compilePattern(rule.pattern) }));

  const accept = (entry: JsonObject): object => {
    const problem = entryProblem(entry, buses);
    if (problem !== undefined) return problem;
    const id = randomUUID();
    const busName = busNameOf(entry);
    const event = toEvent(entry, id, deps);
    const text = JSON.stringify(event);
    for (const rule of rules) {
      if (rule.busName !== busName || !rule.matches(event)) continue;
      for (const target of rule.targets) deps.deliver(target.functionName, target.input ?? text);
    }
    return { EventId: id };
  };

  return ({ Entries: entries }) => {
    if (!Array.isArray(entries) || !entries.every(isJsonObject)) {
      return validationError(
        "Value at 'entries' failed to satisfy constraint: Member must not be null",
      );
    }
    if (entries.length === 0 || entries.length > MAX_ENTRIES) {
      return validationError(
        `${String(entries.length)} entries at 'entries' failed to satisfy constraint: Member must have length between 1 and ${String(MAX_ENTRIES)}`,
      );
    }
    const totalBytes = entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
    if (totalBytes > MAX_TOTAL_BYTES) {
      return validationError('Total size of the entries in the request is over the limit.');
    }
    const results = entries.map(accept);
    const failed = results.filter((result) => 'ErrorCode' in result).length;
    return jsonAnswer({ FailedEntryCount: failed, Entries: results });
  };
}

function validationError(message: string): AwsAnswer {
  return jsonError({ statusCode: 400, code: 'ValidationException', message });
}

function entryProblem(entry: JsonObject, buses: ReadonlySet<string>): object | undefined {
  for (const name of ['Source', 'DetailType', 'Detail']) {
    if (typeof entry[name] !== 'string' || entry[name] === '') {
      const ErrorMessage = `Parameter ${name} is not valid. Reason: ${name} is a required argument.`;
      return { ErrorCode: 'InvalidArgument', ErrorMessage };
    }
  }
  if (!isJsonObject(parseJson(String(entry['Detail'])))) {
    return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  }
  const busName = busNameOf(entry);
  if (buses.has(busName)) return undefined;
  const ErrorMessage = `Event bus ${busName} does not exist.`;
  return { ErrorCode: 'ResourceNotFoundException', ErrorMessage };
}

/** The bus may be given by name or by ARN. */
function busNameOf({ EventBusName: bus }: JsonObject): string {
  return typeof bus === 'string' ? bus.slice(bus.lastIndexOf('/') + 1) : 'default';
}

function toEvent(
  entry: JsonObject,
  id: string,
  { timekeeper, region, accountId }: EventBridgeDeps,
): JsonObject {
  const atMs = typeof entry['Time'] === 'number' ? entry['Time'] * 1000 : timekeeper.nowMs();
  return {
    version: '0',
    id,
    'detail-type': entry['DetailType'],
    source: entry['Source'],
    account: accountId,
    time: new Date(atMs).toISOString().replace(/\.\d+Z$/, 'Z'),
    region,
    resources: Array.isArray(entry['Resources']) ? entry['Resources'] : [],
    detail: parseJson(String(entry['Detail'])),
  };
}

function entryBytes(entry: JsonObject): number {
  const resources: readonly unknown[] = Array.isArray(entry['Resources']) ? entry['Resources'] : [];
  const texts = [entry['Source'], entry['DetailType'], entry['Detail'], ...resources];
  const textBytes = texts
    .filter((text) => typeof text === 'string')
    .reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return textBytes + (entry['Time'] === undefined ? 0 : TIME_BYTES);
}
