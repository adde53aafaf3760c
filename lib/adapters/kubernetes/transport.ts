import type { Json, JsonObject } from '../../domain/shared/json.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { durationMs, type DurationMs } from '../../domain/shared/time.ts';
import { isRecord } from '../../codec/fields.ts';
import type { ClusterFailure, ClusterResult } from '../../ports/cluster.ts';
import type { Freshness } from '../../ports/secrets.ts';
import type { Clock } from '../../ports/system.ts';
import { exchange, type Connection, type Incoming } from './exchange.ts';
import { lost, parseJson, refused, unreadable, type Called } from './failures.ts';
import { maxPauseMs, pauseMs } from './limits.ts';

/** Where a cluster is and how we show who we are, at this moment. */
export interface Access {
  readonly connection: Connection;
  /** Null where a client certificate says it. */
  readonly token: string | null;
}

/** How long a call may take, its answer included. */
export interface Timeouts {
  readonly readMs: DurationMs;
  readonly writeMs: DurationMs;
}

export interface TransportDeps {
  /** Name of the cluster, for messages. */
  readonly cluster: string;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly timeouts: Timeouts;
  /** `fresh` after a refusal: somebody may have rotated what was held. */
  readonly access: (freshness: Freshness) => Promise<Result<Access, ClusterFailure>>;
}

export interface Ask {
  readonly doing: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: { readonly type: string; readonly json: Json } | null;
  /** Is sent once, whatever happens to it; all else is tried again once. */
  readonly isWrite: boolean;
  readonly maxBytes: number;
}

/**
 * One call. Credentials that are refused (401) are replaced once: the server did nothing with the
 * call then, so that a write goes out a second time as well.
 */
export async function ask(deps: TransportDeps, of: Ask): ClusterResult<JsonObject> {
  const access = await deps.access('cached');
  if (!access.ok) return access;
  const first = await askAs(deps, of, access.value);
  if (first.ok || first.error.status !== 401) return first;
  const fresh = await deps.access('fresh');
  if (!fresh.ok) return fresh;
  return isSame(access.value, fresh.value) ? first : askAs(deps, of, fresh.value);
}

const isSame = (a: Access, b: Access): boolean =>
  a.token === b.token && a.connection === b.connection;

async function askAs(deps: TransportDeps, of: Ask, access: Access): ClusterResult<JsonObject> {
  const first = await attempt(deps, of, access);
  if (first.ok || of.isWrite) return first;
  const waitMs = pauseBeforeRepeat(first.error);
  if (waitMs === null) return first;
  await deps.clock.sleep(durationMs(waitMs));
  return attempt(deps, of, access);
}

/** Null where a repeat would not help, or the server asks for more patience than we have. */
function pauseBeforeRepeat({ kind, status, retryAfterMs }: ClusterFailure): number | null {
  const isLost = status === null && kind === 'unavailable';
  if (!isLost && status !== 429 && status !== 503) return null;
  const waitMs = retryAfterMs ?? pauseMs;
  return waitMs > maxPauseMs ? null : waitMs;
}

async function attempt(deps: TransportDeps, of: Ask, access: Access): ClusterResult<JsonObject> {
  const { connection, token } = access;
  const called: Called = {
    cluster: deps.cluster,
    doing: of.doing,
    isWrite: of.isWrite,
    secrets: token === null ? [] : [token],
  };
  const query = new URLSearchParams(of.query).toString();
  const answer = await exchange({
    connection,
    isWrite: of.isWrite,
    method: of.method,
    path: query === '' ? of.path : `${of.path}?${query}`,
    headers: {
      accept: 'application/json',
      'user-agent': 'tocsin',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(of.body === null ? {} : { 'content-type': of.body.type }),
    },
    body: of.body === null ? null : JSON.stringify(of.body.json),
    timeoutMs: of.isWrite ? deps.timeouts.writeMs : deps.timeouts.readMs,
    maxBytes: of.maxBytes,
  });
  return answer.ok ? readAnswer(called, answer.value) : err(lost(called, answer.error));
}

function readAnswer(called: Called, answer: Incoming): Result<JsonObject, ClusterFailure> {
  const { status, body } = answer;
  if (status < 200 || status > 299) return err(refused(called, answer));
  const json = parseJson(body);
  return isRecord(json) ? ok(json) : err(unreadable(called, status, 'is no JSON object'));
}
