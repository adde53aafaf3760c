import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { REGION } from '../runtime/template/local-values.ts';
import { isJsonObject, parseJson, type JsonObject } from '../shared/json.ts';

/** Where a DynamoDB is, and the access key that names its caller. */
export interface DynamoDbEndpoint {
  /** Base URL, for example `http://127.0.0.1:8000`. */
  readonly url: string;
  /** Some stand-ins keep a database per access key, so this must be the key that functions use. */
  readonly accessKeyId: string;
}

/** The control calls of the local runtime: DynamoDB's JSON 1.0 protocol, bodies as they are. */
export interface DynamoDbClient {
  /**
   * Calls `DynamoDB_20120810.<operation>`. Rejects with `DynamoDbError` when DynamoDB refuses, with
   * Node's error when it is not reached or does not answer within 10 s.
   */
  readonly database: (operation: string, body: JsonObject) => Promise<JsonObject>;
  /** The same for `DynamoDBStreams_20120810.<operation>`. */
  readonly streams: (operation: string, body: JsonObject) => Promise<JsonObject>;
  readonly close: () => void;
}

/** DynamoDB's own refusal; `code` is without namespace, for example `ResourceNotFoundException`. */
export class DynamoDbError extends Error {
  override readonly name = 'DynamoDbError';
  readonly code: string;
  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

/** An embedded database answers in a millisecond; a first table on a slow emulator takes seconds. */
const CALL_TIMEOUT_MS = 10_000;

/**
 * A client for a stand-in that does not verify signatures: the `Authorization` header has the right
 * form and the caller's access key, and no valid signature.
 */
export function createDynamoDbClient(endpoint: DynamoDbEndpoint): DynamoDbClient {
  const isSecure = endpoint.url.startsWith('https:');
  const agent = isSecure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  const send = isSecure ? httpsRequest : httpRequest;
  const call = async (target: string, body: JsonObject): Promise<JsonObject> => {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = send(endpoint.url, {
        agent,
        method: 'POST',
        headers: headersFor(target, endpoint.accessKeyId),
        signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
      });
      request.on('response', resolve).on('error', reject);
      request.end(JSON.stringify(body));
    });
    return readAnswer(response.statusCode ?? 0, await textOf(response));
  };
  return {
    database: (operation, body) => call(`DynamoDB_20120810.${operation}`, body),
    streams: (operation, body) => call(`DynamoDBStreams_20120810.${operation}`, body),
    close: () => {
      agent.destroy();
    },
  };
}

function headersFor(target: string, accessKeyId: string): Record<string, string> {
  const instant = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
  const scope = `${accessKeyId}/${instant.slice(0, 8)}/${REGION}/dynamodb/aws4_request`;
  return {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': target,
    'x-amz-date': instant,
    authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date;x-amz-target, Signature=${'0'.repeat(64)}`,
  };
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  // A stream without an encoding gives buffers.
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function readAnswer(statusCode: number, text: string): JsonObject {
  const answer = parseJson(text);
  if (isJsonObject(answer)) {
    if (statusCode === 200) return answer;
    const type = answer['__type'];
    const message = answer['message'] ?? answer['Message'];
    if (typeof type === 'string') {
      throw new DynamoDbError(type.slice(type.indexOf('#') + 1), String(message));
    }
  }
  throw new Error(`DynamoDB answered ${statusCode} with ${text.slice(0, 200)}`);
}
