import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen, stopListening } from '../../shared/listener.ts';
import { readBody } from '../../shared/read-body.ts';
import type { Timekeeper } from '../../shared/timekeeper.ts';
import type { InvocationResult } from '../functions/invocation.ts';
import type { RouteSpec } from '../template/model.ts';
import { newRequestId, toRequestEvent } from './request-event.ts';
import { createRequestGuard, isWebhook, type RequestGuard } from './request-guard.ts';
import { messageAnswer, toHttpAnswer, writeAnswer, type HttpAnswer } from './response.ts';
import { createRouter, type RouteMatch, type Router } from './router.ts';

/** Part of the URL space that is served in this process, before the template's routes. */
export interface Mount {
  /** For example `/sandbox/pagerduty`: the path itself and everything below it. */
  readonly prefix: string;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;
}

/** Who asks for something on a route that is guarded by IAM in AWS. */
export type Authorization =
  | { readonly kind: 'person'; readonly principalName: string }
  | { readonly kind: 'refused'; readonly statusCode: 401 | 403; readonly message: string };

/** Decides on a request to an AWS_IAM route from its head alone; the body is not read yet. */
export type Authorize = (request: IncomingMessage) => Authorization | Promise<Authorization>;

export interface ApiServerSettings {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly allowedHosts: readonly string[];
  readonly authorize: Authorize;
  readonly timekeeper: Timekeeper;
}

/** What the server serves; it answers 503 until this is known. */
export interface ApiServing {
  readonly routes: readonly RouteSpec[];
  readonly mounts: readonly Mount[];
  readonly invoke: (functionName: string, event: string) => Promise<InvocationResult>;
}

export interface ApiServer {
  /** `http://127.0.0.1:8080`, without a trailing slash. */
  readonly url: string;
  readonly serve: (serving: ApiServing) => void;
  /** Takes no new connection, lets running requests end within `graceMs`, then cuts the rest. */
  readonly stop: (graceMs: number) => Promise<void>;
}

/** HTTP API limits: payload and integration timeout (docs: HTTP API quotas). */
const MAX_BODY_BYTES = 10 * 1024 * 1024;
const INTEGRATION_TIMEOUT_MS = 30_000;

/** What one request is answered from. */
interface Serving extends ApiServing {
  readonly router: Router<RouteSpec>;
}

/**
 * The HTTP API on one machine. Routes, events and answers are API Gateway's (payload format 2.0);
 * its throttles are not imitated. Loopback protection is described at `createRequestGuard`.
 */
export async function startApiServer(settings: ApiServerSettings): Promise<ApiServer> {
  const guard = createRequestGuard({
    bindHost: settings.host,
    allowedHosts: settings.allowedHosts,
  });
  let serving: Serving | undefined;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const requestId = newRequestId();
    const found = serving === undefined ? UNAVAILABLE : direct(request, serving, guard);
    if (found.kind === 'mount') {
      await found.mount.handle(request, response);
    } else if (found.kind === 'answer') {
      writeAnswer(response, found.answer, requestId);
    } else {
      const call = { request, requestId, ...found };
      writeAnswer(response, await callFunction(call, settings), requestId);
    }
  };

  const server = createServer((request, response) => {
    answer(request, response).catch(() => {
      writeAnswer(response, messageAnswer(500, 'Internal Server Error'), newRequestId());
    });
  });
  // Alertmanager and PagerDuty keep connections open between deliveries.
  server.keepAliveTimeout = 65_000;
  const url = await listen(server, settings);
  return {
    url,
    serve: (next) => {
      serving = { ...next, router: createRouter(next.routes) };
    },
    stop: (graceMs) => stopListening(server, { graceMs, timekeeper: settings.timekeeper }),
  };
}

/** Where a request goes: to an answer at once, to a mount, or to the function of a route. */
type Direction =
  | { readonly kind: 'answer'; readonly answer: HttpAnswer }
  | { readonly kind: 'mount'; readonly mount: Mount }
  | FunctionDirection;

interface FunctionDirection {
  readonly kind: 'function';
  readonly match: RouteMatch<RouteSpec>;
  readonly target: Target;
  readonly invoke: ApiServing['invoke'];
}

const UNAVAILABLE: Direction = {
  kind: 'answer',
  answer: messageAnswer(503, 'Service Unavailable'),
};

function direct(request: IncomingMessage, serving: Serving, guard: RequestGuard): Direction {
  const target = targetOf(request);
  if (target === undefined) return { kind: 'answer', answer: messageAnswer(400, 'Bad Request') };
  const mount = serving.mounts.find(({ prefix }) => isUnder(target.path, prefix));
  const match = serving.router(target.method, target.path);
  const isOpen = mount === undefined && match !== undefined && isWebhook(match.route);
  const refusal = isOpen ? undefined : guard(request);
  if (refusal !== undefined) return { kind: 'answer', answer: messageAnswer(403, refusal) };
  if (mount !== undefined) return { kind: 'mount', mount };
  return match === undefined
    ? { kind: 'answer', answer: messageAnswer(404, 'Not Found') }
    : { kind: 'function', match, target, invoke: serving.invoke };
}

interface Call extends FunctionDirection {
  readonly request: IncomingMessage;
  readonly requestId: string;
}

async function callFunction(
  { request, match, target, requestId, invoke }: Call,
  { authorize, timekeeper }: ApiServerSettings,
): Promise<HttpAnswer> {
  const { routeKey, authorization, functionName } = match.route;
  const who = authorization === 'AWS_IAM' ? await authorize(request) : undefined;
  if (who?.kind === 'refused') return messageAnswer(who.statusCode, who.message);
  const read = await readBody(request, MAX_BODY_BYTES);
  if (read.kind === 'aborted') return messageAnswer(400, 'Bad Request');
  if (read.kind === 'too_large') {
    const refused = messageAnswer(413, 'Request Entity Too Large');
    return { ...refused, headers: { ...refused.headers, connection: 'close' } };
  }
  const event = toRequestEvent({
    request,
    routeKey,
    path: target.path,
    rawQueryString: target.rawQueryString,
    pathParameters: match.pathParameters,
    body: read.body,
    receivedAtMs: timekeeper.nowMs(),
    requestId,
    principalName: who?.principalName,
  });
  return toHttpAnswer(await withinGateway(invoke(functionName, JSON.stringify(event)), timekeeper));
}

/** API Gateway gives up before a function that may run for longer does. */
async function withinGateway(
  invocation: Promise<InvocationResult>,
  timekeeper: Timekeeper,
): Promise<InvocationResult> {
  return await new Promise((resolve) => {
    const cancel = timekeeper.after(INTEGRATION_TIMEOUT_MS, () => {
      const errorMessage = 'The function took longer than the HTTP API waits.';
      resolve({ kind: 'timed_out', error: { errorType: 'Integration.Timeout', errorMessage } });
    });
    void invocation.then((result) => {
      cancel();
      resolve(result);
    });
  });
}

interface Target {
  readonly method: string;
  readonly path: string;
  readonly rawQueryString: string;
}

/** Method, path (decoded) and query (raw) of the request line; `undefined` for broken percent signs. */
function targetOf({ method = '', url = '/' }: IncomingMessage): Target | undefined {
  const mark = url.indexOf('?');
  const rawPath = mark < 0 ? url : url.slice(0, mark);
  try {
    const path = decodeURIComponent(rawPath);
    return path.startsWith('/')
      ? { method, path, rawQueryString: mark < 0 ? '' : url.slice(mark + 1) }
      : undefined;
  } catch {
    return undefined;
  }
}

function isUnder(path: string, prefix: string): boolean {
  const base = prefix.replace(/\/$/, '');
  return path === base || path.startsWith(`${base}/`);
}
