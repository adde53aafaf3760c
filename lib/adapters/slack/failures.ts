import {
  SlackError,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import type { ChatFailure, ChatTrouble } from '../../ports/chat.ts';
import type { PortFailure } from '../../ports/failure.ts';
import { defaultRetryAfterMs, maxRetryAfterMs } from './limits.ts';

type Meaning = Pick<ChatFailure, 'kind' | 'about'>;

const meaning = (
  kind: PortFailure['kind'],
  about: ChatTrouble,
  reasons: readonly string[],
): readonly (readonly [string, Meaning])[] => reasons.map((reason) => [reason, { kind, about }]);

/** Slack's error codes of the methods that we call; any other is about the message. */
const meanings: ReadonlyMap<string, Meaning> = new Map([
  ...meaning('not_found', 'channel', [
    'channel_not_found',
    'not_in_channel',
    'is_archived',
    'channel_is_archived',
    'channel_type_not_supported',
    'method_not_supported_for_channel_type',
  ]),
  ...meaning('rejected', 'channel', [
    'restricted_action',
    'restricted_action_read_only_channel',
    'restricted_action_thread_only_channel',
    'restricted_action_non_threadable_channel',
    'user_is_restricted',
    'too_many_convos_for_team',
  ]),
  ...meaning('rejected', 'access', [
    'not_authed',
    'invalid_auth',
    'account_inactive',
    'token_revoked',
    'token_expired',
    'no_permission',
    'missing_scope',
    'not_allowed_token_type',
    'access_denied',
    'org_login_required',
    'ekm_access_denied',
    'team_access_not_granted',
    'two_factor_setup_required',
    'deprecated_endpoint',
    'method_deprecated',
  ]),
  ...meaning('not_found', 'message', ['message_not_found', 'thread_not_found']),
  ...meaning('too_large', 'message', ['msg_too_long', 'msg_blocks_too_long', 'view_too_large']),
  ...meaning('conflict', 'name', ['name_taken']),
  ...meaning('rejected', 'name', [
    'invalid_name',
    'invalid_name_maxlength',
    'invalid_name_punctuation',
    'invalid_name_required',
    'invalid_name_specials',
  ]),
  ...meaning('throttled', 'service', ['ratelimited', 'rate_limited', 'message_limit_exceeded']),
  ...meaning('unavailable', 'service', [
    'fatal_error',
    'internal_error',
    'service_unavailable',
    'request_timeout',
    'team_added_to_org',
    'accesslimited',
  ]),
]);

/** Why a call of `method` ended badly. No message holds a token or what was sent. */
export function failureOf(method: string, cause: unknown): ChatFailure {
  if (cause instanceof WebAPIRateLimitedError) {
    return throttled(method, cause.retryAfter * 1000);
  }
  if (cause instanceof WebAPIPlatformError) return platformFailure(method, cause.data.error);
  if (cause instanceof WebAPIHTTPError) return httpFailure(method, cause.statusCode);
  const original = cause instanceof WebAPIRequestError ? cause.original : cause;
  if (isTimeout(original)) {
    return {
      ...serviceFailure('timeout', 'timeout'),
      message: `Slack did not answer ${method} in time; it may have been carried out.`,
    };
  }
  // The client has no class for a 429 that does not say how long to wait.
  if (!(cause instanceof SlackError) && /retry header/i.test(wordsOf(original))) {
    return throttled(method, defaultRetryAfterMs);
  }
  return {
    ...serviceFailure('unavailable', 'unreachable'),
    message: `Slack is out of reach for ${method}: ${wordsOf(original).slice(0, 200)}`,
    cause,
  };
}

/** For an answer that is no JSON the client gives the whole text as the code. */
const code = /^[a-z][a-z0-9_]{1,79}$/;

function platformFailure(method: string, reason: string): ChatFailure {
  if (!code.test(reason)) {
    const message = `Slack's answer to ${method} cannot be read`;
    return { ...serviceFailure('unavailable', 'unreadable_answer'), message };
  }
  const { kind, about } = meanings.get(reason) ?? { kind: 'rejected', about: 'message' };
  if (kind === 'throttled') return throttled(method, defaultRetryAfterMs);
  return { kind, about, reason, message: `Slack refused ${method}: ${reason}` };
}

function httpFailure(method: string, status: number): ChatFailure {
  const kind = status >= 500 ? 'unavailable' : 'rejected';
  return {
    ...serviceFailure(kind, `http_${status}`),
    message: `Slack answered ${method} with status ${status}`,
  };
}

const throttled = (method: string, retryAfterMs: number): ChatFailure => ({
  ...serviceFailure('throttled', 'ratelimited'),
  retryAfterMs: Math.min(Math.max(retryAfterMs, 0), maxRetryAfterMs),
  message: `Slack wants ${method} to be called less often`,
});

const serviceFailure = (
  kind: PortFailure['kind'],
  reason: string,
): Pick<ChatFailure, 'kind' | 'reason' | 'about'> => ({ kind, reason, about: 'service' });

const isTimeout = (cause: unknown): boolean =>
  cause instanceof Error && (cause.name === 'TimeoutError' || cause.name === 'AbortError');

/** An error of fetch says what went wrong in its cause only. */
function wordsOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause instanceof Error ? cause.cause.message : cause.message;
}

/** There is no token for the tenant. */
export const noWorkspace = (tenant: string): ChatFailure => ({
  kind: 'rejected',
  about: 'access',
  reason: 'no_workspace',
  message:
    `The Slack secret has no workspace for tenant ${JSON.stringify(tenant)}. Add it under ` +
    '"workspaces", or take the slack section out of the tenant’s policy.',
});

/** A failure of the secrets, which is no failure of Slack. */
export const secretFailure = (failure: PortFailure): ChatFailure => ({
  ...failure,
  about: failure.kind === 'rejected' || failure.kind === 'not_found' ? 'access' : 'service',
  reason: 'secret_unreadable',
});
