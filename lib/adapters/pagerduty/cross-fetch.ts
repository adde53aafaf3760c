/**
 * What the bundles have in place of the package `cross-fetch` (see lib/infra/bundle.ts): as much of
 * it as pdjs uses, over `node:https`. The package brings node-fetch and the tables of whatwg-url,
 * some 300 KB, opens a connection for every call, and pdjs on top of it cannot be told not to try
 * again after a 429. Node's own fetch costs 20 ms at the first call of every cold start.
 */
import { Agent as HttpAgent, request as httpRequest, type ClientRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

/** Header names without regard to case, and one value each. */
export class Headers {
  readonly #values: ReadonlyMap<string, string>;

  constructor(values: Readonly<Record<string, string>> = {}) {
    this.#values = new Map(
      Object.entries(values).map(([name, value]) => [name.toLowerCase(), value]),
    );
  }

  get(name: string): string | null {
    return this.#values.get(name.toLowerCase()) ?? null;
  }

  [Symbol.iterator](): Iterator<[string, string]> {
    return this.#values[Symbol.iterator]();
  }
}

export interface FetchOptions {
  readonly method?: string;
  readonly headers?: Headers;
  readonly body?: string;
  readonly signal?: AbortSignal;
  /** Of the whole exchange, in milliseconds. */
  readonly timeout?: number;
}

export interface FetchResponse {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: Headers;
  readonly text: () => Promise<string>;
  readonly json: () => Promise<unknown>;
}

/** No answer of PagerDuty comes near. */
const maxResponseBytes = 8 * 1024 * 1024;

const transports = {
  'http:': { request: httpRequest, agent: new HttpAgent({ keepAlive: true }) },
  'https:': { request: httpsRequest, agent: new HttpsAgent({ keepAlive: true }) },
} as const;

/**
 * One exchange over a connection that is kept for the next. Resolves when the whole body is here.
 * Redirects are not followed. A 429 rejects with its response, as pdjs does with answers that are
 * no JSON: so its own loop of three more tries never starts.
 */
async function fetch(url: string, options: FetchOptions = {}): Promise<FetchResponse> {
  const response = await exchange(url, options, isHarmless(url, options));
  // pdjs itself rejects with responses, and its caller tells them from errors.
  // eslint-disable-next-line @typescript-eslint/only-throw-error
  if (response.status === 429) throw response;
  return response;
}

// eslint-disable-next-line no-restricted-syntax -- The name under which pdjs imports it.
export { fetch as default };

/** An event has a key; any other POST, such as a note, would be there twice. */
const isHarmless = (url: string, { method = 'GET' }: FetchOptions): boolean =>
  method.toUpperCase() !== 'POST' || new URL(url).pathname.endsWith('/v2/enqueue');

async function exchange(
  url: string,
  options: FetchOptions,
  mayRepeat: boolean,
): Promise<FetchResponse> {
  const sent = send(url, options);
  try {
    return await receive(sent);
  } catch (error) {
    // A kept connection may have died while the function was frozen.
    if (mayRepeat && sent.reusedSocket && isReset(error)) return exchange(url, options, false);
    throw error;
  }
}

function send(url: string, { method = 'GET', headers, body, signal, timeout }: FetchOptions) {
  const { protocol } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new TypeError(`Only http and https addresses can be called, not ${protocol}`);
  }
  const { request, agent } = transports[protocol];
  const signals = [signal, timeout === undefined ? undefined : AbortSignal.timeout(timeout)];
  const sent = request(url, {
    method,
    agent,
    headers: {
      ...Object.fromEntries(headers ?? []),
      ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
    },
    signal: AbortSignal.any(signals.filter((one) => one !== undefined)),
  });
  sent.end(body);
  return sent;
}

function receive(sent: ClientRequest): Promise<FetchResponse> {
  return new Promise((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      incoming.on('error', reject);
      incoming.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > maxResponseBytes) {
          incoming.destroy(new Error(`The answer is larger than ${maxResponseBytes} bytes.`));
        } else {
          chunks.push(chunk);
        }
      });
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve(toResponse(incoming.statusCode ?? 0, incoming.headers, text));
      });
    });
  });
}

function toResponse(
  status: number,
  received: Readonly<Record<string, string | readonly string[] | undefined>>,
  text: string,
): FetchResponse {
  const headers = Object.entries(received).map(([name, value]) => [name, String(value)]);
  return {
    status,
    ok: status >= 200 && status < 300,
    headers: new Headers(Object.fromEntries(headers) as Record<string, string>),
    text: () => Promise.resolve(text),
    // In a promise of its own, so that bad JSON rejects as it does everywhere.
    json: () => Promise.resolve(text).then((json) => JSON.parse(json) as unknown),
  };
}

const isReset = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'ECONNRESET' || error.code === 'EPIPE');
