import { isJsonObject, parseJson, type JsonObject } from '../../../shared/json.ts';
import { headerOf, type Call } from '../call.ts';

/** The arguments of a Web API call, however they were sent: forms have texts only. */
export interface Arguments {
  readonly has: (name: string) => boolean;
  /** Empty when it is left out. */
  readonly text: (name: string) => string;
  readonly flag: (name: string) => boolean;
  /** `fallback` when it is left out or is no number. */
  readonly count: (name: string, fallback: number) => number;
  /** Parsed, when it came as text; `undefined` when it is left out or cannot be parsed. */
  readonly json: (name: string) => unknown;
}

/** Form fields, or the members of a JSON body, as `@slack/web-api` and `curl` send them. */
export function readArguments(call: Call): Arguments {
  const values = readValues(call);
  const value = (name: string): unknown => (Object.hasOwn(values, name) ? values[name] : undefined);
  const text = (name: string): string => {
    const found = value(name);
    if (typeof found === 'string') return found;
    return typeof found === 'number' || typeof found === 'boolean' ? String(found) : '';
  };
  return {
    has: (name) => value(name) !== undefined && value(name) !== null && value(name) !== '',
    text,
    flag: (name) => ['1', 'true'].includes(text(name)),
    count: (name, fallback) => {
      const count = Number(text(name));
      return text(name) === '' || !Number.isFinite(count) ? fallback : count;
    },
    json: (name) => {
      const found = value(name);
      return typeof found === 'string' ? parseJson(found) : found;
    },
  };
}

function readValues(call: Call): JsonObject {
  const text = call.body.toString('utf8');
  const query = Object.fromEntries(call.query);
  if ((headerOf(call, 'content-type') ?? '').startsWith('application/json')) {
    const body = parseJson(text);
    return { ...query, ...(isJsonObject(body) ? body : {}) };
  }
  return { ...query, ...Object.fromEntries(new URLSearchParams(text)) };
}
