import { isJsonObject, ownValue, parseJson, type JsonObject } from '../../shared/json.ts';

/** A request whose body has been read, seen from the part of the sandbox that serves it. */
export interface Call {
  readonly method: string;
  /** Percent-decoded and relative to that part. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

/** One value of a header. */
export function headerOf({ headers }: Call, name: string): string | undefined {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return typeof value === 'string' ? value : value?.[0];
}

/** The members of a JSON body; `undefined` when it is no JSON object. An empty body has none. */
export function bodyFields({ body }: Call): JsonObject | undefined {
  if (body.byteLength === 0) return {};
  const value = parseJson(body.toString('utf8'));
  return isJsonObject(value) ? value : undefined;
}

/** A text among the members; empty when it is left out or is none. */
export function textField(fields: JsonObject, name: string): string {
  const value = ownValue(fields, name);
  return typeof value === 'string' ? value : '';
}
