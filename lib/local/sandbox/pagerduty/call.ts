import { parseJson } from '../../shared/json.ts';

/** A request whose body has been read, seen from the API that serves it. */
export interface Call {
  readonly method: string;
  /** Percent-decoded and relative to the API. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
  /** When the head of the request arrived. */
  readonly arrivedAtMs: number;
}

/** The body as JSON; `undefined` when it is none. */
export function bodyJson({ body }: Call): unknown {
  return parseJson(body.toString('utf8'));
}

/** One value of a header. */
export function headerOf({ headers }: Call, name: string): string | undefined {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return typeof value === 'string' ? value : value?.[0];
}
