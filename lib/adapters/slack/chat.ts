import type { ChatMessage, ChatPlace } from '../../domain/announce/message.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { Chat, ChatFailure, ChatResult, PostedMessage } from '../../ports/chat.ts';
import { createSlackCaller, type SlackCaller, type SlackDeps } from './call.ts';
import { findPosted, postKey } from './find-posted.ts';
import { maxInvited, maxTopicLength, viewTimeoutMs } from './limits.ts';

/**
 * The chat on Slack's Web API. See the port for what may be repeated. `SLACK_API_URL` leads it to
 * whatever speaks the same methods, such as the sandbox.
 */
export function createSlackChat(deps: SlackDeps): Chat {
  const call = createSlackCaller(deps);
  return {
    ...messages(call),
    ...channels(call),
    openView: (tenant, { triggerId, view }) =>
      done(
        call({
          tenant,
          method: 'views.open',
          timeoutMs: viewTimeoutMs,
          // A view of the port is what `codec/slack` rendered; the client's type lists its parts.
          make: (client) => client.views.open({ trigger_id: triggerId, view: view as never }),
        }),
      ),
    async whoAmI(tenant) {
      const answer = await call({
        tenant,
        method: 'auth.test',
        make: (client) => client.auth.test(),
      });
      if (!answer.ok) return answer;
      const { team_id: teamId, enterprise_id: enterpriseId, user_id: botUserId } = answer.value;
      if (teamId === undefined || botUserId === undefined) return err(incomplete('auth.test'));
      return ok({ teamId, botUserId, enterpriseId: enterpriseId ?? null });
    },
  };
}

function messages(call: SlackCaller): Pick<Chat, 'post' | 'update' | 'findPosted'> {
  return {
    async post(tenant, { place, message, key }) {
      const answer = await inJoined(call, { tenant, channel: place.channel }, () =>
        call({
          tenant,
          method: 'chat.postMessage',
          make: (client) =>
            client.chat.postMessage({
              channel: place.channel,
              ...threadOf(place),
              ...contentOf(message),
              metadata: postKey(key),
              unfurl_links: false,
              unfurl_media: false,
            }),
        }),
      );
      return answer.ok ? postedOf(answer.value) : answer;
    },
    update: (tenant, { channel, ts, message }) =>
      done(
        call({
          tenant,
          method: 'chat.update',
          make: (client) => client.chat.update({ channel, ts, ...contentOf(message) }),
        }),
      ),
    findPosted: (tenant, wanted) =>
      inJoined(call, { tenant, channel: wanted.place.channel }, () =>
        findPosted(call, { tenant, ...wanted }),
      ),
  };
}

type ChannelCalls = Pick<
  Chat,
  'createChannel' | 'setTopic' | 'invite' | 'archive' | 'describeChannel'
>;

function channels(call: SlackCaller): ChannelCalls {
  return {
    async createChannel(tenant, { name, isPrivate }) {
      const method = 'conversations.create';
      const answer = await call({
        tenant,
        method,
        make: (client) => client.conversations.create({ name, is_private: isPrivate }),
      });
      if (!answer.ok) return answer;
      const { id, name: given = name } = answer.value.channel ?? {};
      return id === undefined ? err(incomplete(method)) : ok({ id, name: given });
    },
    setTopic: (tenant, { channel, topic }) =>
      done(
        call({
          tenant,
          method: 'conversations.setTopic',
          make: (client) =>
            client.conversations.setTopic({ channel, topic: topic.slice(0, maxTopicLength) }),
        }),
      ),
    invite: (tenant, wanted) => invite(call, { tenant, ...wanted }),
    async archive(tenant, channel) {
      const method = 'conversations.archive';
      const make: Parameters<typeof call>[0]['make'] = (client) =>
        client.conversations.archive({ channel });
      return unless(['already_archived', 'is_archived'], done(call({ tenant, method, make })));
    },
    async describeChannel(tenant, channel) {
      const method = 'conversations.info';
      const answer = await call({
        tenant,
        method,
        make: (client) => client.conversations.info({ channel }),
      });
      if (!answer.ok) return answer;
      const { id, name = '', is_archived: isArchived = false } = answer.value.channel ?? {};
      return id === undefined ? err(incomplete(method)) : ok({ id, name, isArchived });
    },
  };
}

const threadOf = ({ threadTs }: ChatPlace): { readonly thread_ts?: string } =>
  threadTs === null ? {} : { thread_ts: threadTs };

/** No blocks must be said as an empty list: an update without any keeps the old ones. */
const contentOf = ({ text, blocks }: ChatMessage) => ({ text, blocks: [...blocks] });

function postedOf(answer: {
  readonly channel?: string;
  readonly ts?: string;
}): Awaited<ChatResult<PostedMessage>> {
  const { channel, ts } = answer;
  return channel === undefined || ts === undefined
    ? err(incomplete('chat.postMessage'))
    : ok({ channel, ts });
}

/** A public channel that we were never invited to can be joined; then the same again. */
async function inJoined<Value>(
  call: SlackCaller,
  { tenant, channel }: { readonly tenant: string; readonly channel: string },
  work: () => ChatResult<Value>,
): ChatResult<Value> {
  const first = await work();
  if (first.ok || first.error.reason !== 'not_in_channel') return first;
  const joined = await call({
    tenant,
    method: 'conversations.join',
    make: (client) => client.conversations.join({ channel }),
  });
  return joined.ok ? work() : first;
}

/** Of several people Slack refuses all when it refuses one, unless it is told to go on. */
async function invite(
  call: SlackCaller,
  of: { readonly tenant: string; readonly channel: string; readonly userIds: readonly string[] },
): ChatResult<void> {
  const { tenant, channel, userIds } = of;
  if (userIds.length === 0) return ok(undefined);
  const users = userIds.slice(0, maxInvited).join(',');
  const invited = call({
    tenant,
    method: 'conversations.invite',
    make: (client) => client.conversations.invite({ channel, users, force: true }),
  });
  return unless(
    ['already_in_channel', 'cant_invite_self', 'cant_invite', 'user_not_found', 'users_not_found'],
    done(invited),
  );
}

/** What is as it was to be is no failure. */
async function unless(reasons: readonly string[], result: ChatResult<void>): ChatResult<void> {
  const answer = await result;
  return !answer.ok && reasons.includes(answer.error.reason) ? ok(undefined) : answer;
}

async function done(result: ChatResult<unknown>): ChatResult<void> {
  const answer = await result;
  return answer.ok ? ok(undefined) : answer;
}

const incomplete = (method: string): ChatFailure => ({
  kind: 'unavailable',
  about: 'service',
  reason: 'incomplete_answer',
  message: `Slack said yes to ${method} and did not say what came of it`,
});
