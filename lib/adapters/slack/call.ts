import { LogLevel, WebClient, type Logger } from '@slack/web-api';
import { InvariantError } from '../../domain/shared/invariant.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { DurationMs } from '../../domain/shared/time.ts';
import type { ChatFailure, ChatResult } from '../../ports/chat.ts';
import type { Freshness, Secrets } from '../../ports/secrets.ts';
import { failureOf, noWorkspace, secretFailure } from './failures.ts';
import { callTimeoutMs } from './limits.ts';

export interface SlackDeps {
  /** Base of the Web API; method names are appended to it. */
  readonly apiUrl: string;
  readonly secrets: Pick<Secrets, 'slack'>;
}

/** One call of the Web API. */
export interface SlackCall<Answer> {
  readonly tenant: string;
  /** For messages. */
  readonly method: string;
  readonly make: (client: WebClient) => Promise<Answer>;
  readonly timeoutMs?: DurationMs;
}

export type SlackCaller = <Answer>(call: SlackCall<Answer>) => ChatResult<Answer>;

/** What the client would log holds messages and addresses; its failures come back to the caller. */
const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};

/** Credentials that Slack knows no more: somebody may have rotated them a moment ago. */
const outdated = new Set(['invalid_auth', 'token_revoked', 'token_expired', 'account_inactive']);

/**
 * Calls the Web API with the tenant's token: one request, or two when the token was refused and
 * the secret holds another one by now. A client is kept for each token and deadline, as it holds
 * nothing but them.
 */
export function createSlackCaller({ apiUrl, secrets }: SlackDeps): SlackCaller {
  const clients = new Map<string, WebClient>();
  const clientOf = (token: string, timeoutMs: DurationMs): WebClient => {
    const name = `${timeoutMs} ${token}`;
    const client = clients.get(name) ?? newClient(apiUrl, token, timeoutMs);
    clients.set(name, client);
    return client;
  };
  return async (call) => {
    const token = await tokenOf(secrets, call.tenant, 'cached');
    if (!token.ok) return token;
    const timeoutMs = call.timeoutMs ?? callTimeoutMs;
    const answer = await attempt(call, clientOf(token.value, timeoutMs));
    if (answer.ok || !outdated.has(answer.error.reason)) return answer;
    const fresh = await tokenOf(secrets, call.tenant, 'fresh');
    if (!fresh.ok || fresh.value === token.value) return answer;
    return attempt(call, clientOf(fresh.value, timeoutMs));
  };
}

/**
 * The client's own defaults would repeat a post for half an hour, hold the whole queue for one
 * method's limit, and wait without end.
 */
const newClient = (apiUrl: string, token: string, timeout: DurationMs): WebClient =>
  new WebClient(token, {
    slackApiUrl: apiUrl,
    timeout,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: silent,
  });

async function tokenOf(
  secrets: SlackDeps['secrets'],
  tenant: string,
  freshness: Freshness,
): Promise<Result<string, ChatFailure>> {
  const secret = await secrets.slack(freshness);
  if (!secret.ok) return err(secretFailure(secret.error));
  const { workspaces } = secret.value;
  const workspace = Object.hasOwn(workspaces, tenant) ? workspaces[tenant] : undefined;
  return workspace === undefined ? err(noWorkspace(tenant)) : ok(workspace.botToken);
}

async function attempt<Answer>(
  { method, make }: SlackCall<Answer>,
  client: WebClient,
): Promise<Result<Answer, ChatFailure>> {
  try {
    return ok(await make(client));
  } catch (cause) {
    // A mistake of our own is no answer of Slack's.
    if (cause instanceof InvariantError) throw cause;
    return err(failureOf(method, cause));
  }
}
