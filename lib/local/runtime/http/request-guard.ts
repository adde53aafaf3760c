import type { IncomingMessage } from 'node:http';

/** Which Host headers the server answers to. */
export interface GuardSettings {
  /** The address that the server is bound to. */
  readonly bindHost: string;
  /** More host names (without port), for who puts a proxy or a tunnel in front. */
  readonly allowedHosts: readonly string[];
}

/** The reason that a request is refused, or `undefined` when it may pass. */
export type RequestGuard = (request: IncomingMessage) => string | undefined;

const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost', '[::1]'];
const LOOPBACK_BINDINGS = ['127.0.0.1', 'localhost', '::1'];
const READING_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Keeps web pages of others away from a server on this machine. A page can make its own name resolve
 * to 127.0.0.1 (DNS rebinding): its requests carry that name as Host, so a server bound to loopback
 * refuses every Host that is not loopback or listed. And a page can post a form to 127.0.0.1: its
 * Origin is not this server, so a request that changes something is refused unless its Origin is.
 * Clients that are no browsers send no Origin and pass.
 *
 * Webhook routes are not put behind this guard (see `isWebhook`).
 */
export function createRequestGuard({ bindHost, allowedHosts }: GuardSettings): RequestGuard {
  const checksHost = LOOPBACK_BINDINGS.includes(bindHost);
  const hosts = new Set([...LOOPBACK_HOSTS, ...allowedHosts.map((host) => host.toLowerCase())]);
  return (request) => {
    const host = (request.headers.host ?? '').toLowerCase();
    if (checksHost && !hosts.has(withoutPort(host))) {
      return `Host ${JSON.stringify(host)} is not this machine; use 127.0.0.1 or localhost.`;
    }
    const { origin } = request.headers;
    if (origin === undefined || READING_METHODS.has(request.method ?? '')) return undefined;
    return hostOf(origin) === host
      ? undefined
      : `Origin ${JSON.stringify(origin)} may change nothing here; only this console may.`;
  };
}

/**
 * Machines deliver to these routes, and each delivery proves itself by a token or a signature that a
 * web page does not have. They may come through a container's host name or a tunnel, with any Host;
 * a 403 would make Alertmanager drop the alert for good. So POST routes without IAM are left to the
 * function's own check of the sender.
 */
export function isWebhook(route: {
  readonly routeKey: string;
  readonly authorization: string;
}): boolean {
  return route.routeKey.startsWith('POST ') && route.authorization === 'NONE';
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, '');
}

/** The host and port of an origin; `null` and anything else that is no URL has none. */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
