import type { Channel, StoredMessage } from '../facts.ts';
import { POSTS_PER_WORKSPACE, TIERS } from '../rate-limits.ts';
import { readContent, type Content } from './content.ts';
import { inChannel, inOpenChannel, namedChannel, type Method, type MethodCall } from './method.ts';
import { done, refused, type Outcome } from './outcome.ts';
import { shownMessage } from './shown.ts';

/** Messages. The rate of `chat.postMessage` by channel is counted where calls are let in. */
export const CHAT: readonly Method[] = [
  {
    name: 'chat.postMessage',
    rate: POSTS_PER_WORKSPACE,
    scopes: ['chat:write'],
    required: ['channel'],
    run: (call) => withContent(call, (channel, content) => post(call, channel, content)),
  },
  {
    name: 'chat.update',
    rate: TIERS.tier3,
    scopes: ['chat:write'],
    required: ['channel', 'ts'],
    run: (call) => inOpenChannel(call, () => update(call)),
  },
  {
    name: 'chat.postEphemeral',
    rate: TIERS.tier4,
    scopes: ['chat:write'],
    required: ['channel', 'user'],
    run: (call) => withContent(call, (channel, content) => whisper(call, channel, content)),
  },
  {
    name: 'chat.getPermalink',
    rate: null,
    scopes: [],
    required: ['channel', 'message_ts'],
    run: getPermalink,
  },
];

function withContent(
  call: MethodCall,
  run: (channel: Channel, content: Content) => Outcome,
): Outcome {
  return inOpenChannel(call, (channel) => {
    const content = readContent(call.args, call.office.ids);
    return content.ok ? run(channel, content.value) : content.error;
  });
}

function post({ office, args }: MethodCall, { id: channel }: Channel, content: Content): Outcome {
  const { workspace } = office;
  const threadTs = args.has('thread_ts') ? args.text('thread_ts') : null;
  const parent = threadTs === null ? undefined : workspace.message(channel, threadTs);
  if (threadTs !== null && parent === undefined) return refused('thread_not_found');
  // A reply's own `ts` is no parent: Slack shows such a message nowhere that anybody would look.
  if (parent !== undefined && parent.threadTs !== null) return refused('cannot_reply_to_message');
  const message: StoredMessage = {
    ...content,
    ts: workspace.nextTs(),
    channel,
    user: workspace.bot.id,
    subtype: null,
    threadTs,
    isBroadcast: args.flag('reply_broadcast'),
    editedTs: null,
  };
  workspace.record({ kind: 'posted', message });
  return done({ channel, ts: message.ts, message: shownMessage(workspace, message) });
}

function update({ office, args }: MethodCall): Outcome {
  const { workspace } = office;
  const message = workspace.message(args.text('channel'), args.text('ts'));
  if (message === undefined) return refused('message_not_found');
  if (message.user !== workspace.bot.id) return refused('cant_update_message');
  const content = readContent(args, office.ids);
  if (!content.ok) return content.error;
  const { channel, ts } = message;
  const kept = args.has('blocks') ? {} : { blocks: message.blocks };
  const metadata = content.value.metadata ?? message.metadata;
  workspace.record({
    kind: 'updated',
    channel,
    ts,
    ...content.value,
    ...kept,
    metadata,
    editedTs: workspace.nextTs(),
  });
  const updated = workspace.message(channel, ts) ?? message;
  return done({ channel, ts, text: updated.text, message: shownMessage(workspace, updated) });
}

/** Only for who is there: Slack keeps it nowhere. */
function whisper({ office, args }: MethodCall, channel: Channel, content: Content): Outcome {
  const { workspace, ephemerals } = office;
  const to = args.text('user');
  if (workspace.user(to) === undefined) return refused('user_not_found');
  if (!channel.members.includes(to)) return refused('user_not_in_channel');
  const ts = workspace.nextTs();
  const { text, blocks } = content;
  const threadTs = args.has('thread_ts') ? args.text('thread_ts') : null;
  ephemerals.put({ ts, channel: channel.id, to, from: 'app', text, blocks, threadTs });
  workspace.touch();
  return done({ message_ts: ts });
}

function getPermalink(call: MethodCall): Outcome {
  const channel = namedChannel(call);
  if (channel === undefined) return refused('channel_not_found');
  return inChannel(call, ({ id }) => {
    const { office, args } = call;
    const message = office.workspace.message(id, args.text('message_ts'));
    if (message === undefined) return refused('message_not_found');
    const query = new URLSearchParams({
      workspace: office.workspace.settings.teamId,
      channel: id,
      ...(message.threadTs !== null && { thread: message.threadTs }),
    });
    return done({
      channel: id,
      permalink: `${office.baseUrl()}?${query.toString()}#m-${message.ts}`,
    });
  });
}
