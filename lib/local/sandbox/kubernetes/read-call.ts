import type { IncomingMessage } from 'node:http';
import type { Json } from '../../../domain/shared/json.ts';
import { parseJson } from '../../shared/json.ts';
import { readBody } from '../../shared/read-body.ts';
import type { Call } from './api/call.ts';
import { fromProtobuf } from './api/protobuf.ts';

/** The API server takes no larger one either. */
const MAX_BODY_BYTES = 3 << 20;

/** A request with its body; `undefined` when there is nobody to answer any more, or too much. */
export async function readCall(
  request: IncomingMessage,
): Promise<Call | 'aborted' | 'too_large' | 'bad_url'> {
  const url = URL.parse(`https://sandbox${request.url ?? '/'}`);
  if (url === null) return 'bad_url';
  const read = await readBody(request, MAX_BODY_BYTES);
  if (read.kind !== 'ok') return read.kind;
  return {
    method: request.method ?? 'GET',
    path: decoded(url.pathname),
    query: url.searchParams,
    ...headersOf(request),
    body: bodyOf(read.body),
  };
}

/** Node joins repeated headers of no known name by a comma. */
const textOf = (header: string | readonly string[] | undefined): string =>
  typeof header === 'string' ? header : (header?.join(',') ?? '');

function headersOf({ headers }: IncomingMessage) {
  const groups = textOf(headers['impersonate-group']).split(/,\s*/).filter(Boolean);
  const [mediaType = ''] = (headers['content-type'] ?? '').split(';');
  return {
    accept: headers.accept ?? '',
    mediaType: mediaType.trim(),
    userAgent: headers['user-agent'] ?? 'unknown',
    authorization: headers.authorization,
    impersonated: { name: textOf(headers['impersonate-user']), groups },
  };
}

function bodyOf(body: Buffer): Json | undefined {
  if (body.byteLength === 0) return {};
  // What parses is JSON.
  return fromProtobuf(body) ?? (parseJson(body.toString('utf8')) as Json | undefined);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
