import type { ChatMessage, ChatPlace } from '../../domain/announce/message.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { EpochMs } from '../../domain/shared/time.ts';
import type { Chat, ChatFailure, ChatTrouble } from '../../ports/chat.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { Clock } from '../../ports/system.ts';

/** A message as everybody sees it. */
export interface ShownMessage extends ChatPlace, ChatMessage {
  readonly ts: string;
  readonly key: string;
  readonly postedAtMs: EpochMs;
  /** How often it was changed. */
  readonly updates: number;
}

export interface ShownChannel {
  readonly id: string;
  readonly name: string;
  readonly isPrivate: boolean;
  readonly isArchived: boolean;
  readonly topic: string;
  /** Those who were invited. */
  readonly members: readonly string[];
}

/** One workspace in memory, the same for every tenant, with what people see and may do in it. */
export interface MemoryChat extends Chat {
  readonly messages: () => readonly ShownMessage[];
  readonly channels: () => readonly ShownChannel[];
  /** Somebody archives a channel by hand. */
  readonly archiveByHand: (channel: string) => void;
  /** Somebody deletes a message. */
  readonly deleteByHand: (ts: string) => void;
}

export function createMemoryChat(of: {
  readonly clock: Pick<Clock, 'now'>;
  /** Ids of the channels that are there from the start. */
  readonly channels: readonly string[];
}): MemoryChat {
  const channels = new Map<string, ShownChannel>();
  const messages = new Map<string, ShownMessage>();
  const change = (id: string, more: Partial<ShownChannel>): void => {
    const channel = channels.get(id);
    if (channel !== undefined) channels.set(id, { ...channel, ...more });
  };
  const add = (id: string, name: string, isPrivate: boolean): void => {
    channels.set(id, { id, name, isPrivate, isArchived: false, topic: '', members: [] });
  };
  for (const id of of.channels) add(id, id.toLowerCase(), false);
  return {
    ...messageCalls({ channels, messages, clock: of.clock }),
    createChannel(_tenant, { name, isPrivate }) {
      if ([...channels.values()].some((channel) => channel.name === name)) {
        return refused('conflict', 'name', 'name_taken');
      }
      const id = `C${String(channels.size + 1).padStart(8, '0')}`;
      add(id, name, isPrivate);
      return Promise.resolve(ok({ id, name }));
    },
    setTopic: (_tenant, { channel, topic }) =>
      onOpen(channels, channel, () => change(channel, { topic })),
    invite: (_tenant, { channel, userIds }) =>
      onOpen(channels, channel, ({ members }) =>
        change(channel, { members: [...new Set([...members, ...userIds])] }),
      ),
    archive(_tenant, channel) {
      if (!channels.has(channel)) return refused('not_found', 'channel', 'channel_not_found');
      change(channel, { isArchived: true });
      return Promise.resolve(ok(undefined));
    },
    describeChannel(_tenant, id) {
      const channel = channels.get(id);
      if (channel === undefined) return refused('not_found', 'channel', 'channel_not_found');
      const { name, isArchived } = channel;
      return Promise.resolve(ok({ id, name, isArchived }));
    },
    openView: () => Promise.resolve(ok(undefined)),
    whoAmI: () => Promise.resolve(ok({ teamId: 'T1', enterpriseId: null, botUserId: 'UBOT' })),
    messages: () => [...messages.values()],
    channels: () => [...channels.values()],
    archiveByHand: (channel) => change(channel, { isArchived: true }),
    deleteByHand: (ts) => void messages.delete(ts),
  };
}

interface Held {
  readonly channels: Map<string, ShownChannel>;
  readonly messages: Map<string, ShownMessage>;
  readonly clock: Pick<Clock, 'now'>;
}

function messageCalls(held: Held): Pick<Chat, 'post' | 'update' | 'findPosted'> {
  const { channels, messages, clock } = held;
  let posts = 0;
  return {
    post: (_tenant, { place, message, key }) =>
      onOpen(channels, place.channel, () => {
        posts += 1;
        const postedAtMs = clock.now();
        const ts = `${Math.floor(postedAtMs / 1000)}.${String(posts).padStart(6, '0')}`;
        messages.set(ts, { ...place, ...message, ts, key, postedAtMs, updates: 0 });
        return { channel: place.channel, ts };
      }),
    update(_tenant, { channel, ts, message }) {
      const before = messages.get(ts);
      if (before?.channel !== channel) return refused('not_found', 'message', 'message_not_found');
      return onOpen(channels, channel, () => {
        messages.set(ts, { ...before, ...message, updates: before.updates + 1 });
      });
    },
    findPosted: (_tenant, { place: { channel, threadTs }, key, sinceMs }) =>
      onOpen(channels, channel, () => {
        const found = [...messages.values()].find(
          (one) =>
            one.channel === channel &&
            one.threadTs === threadTs &&
            one.key === key &&
            one.postedAtMs >= sinceMs,
        );
        return found === undefined ? null : { channel, ts: found.ts };
      }),
  };
}

/** Something that only a channel allows that is there and not archived. */
function onOpen<Value>(
  channels: Held['channels'],
  id: string,
  work: (channel: ShownChannel) => Value,
): Promise<ReturnType<typeof ok<Value>> | ReturnType<typeof err<ChatFailure>>> {
  const channel = channels.get(id);
  if (channel === undefined) return refused('not_found', 'channel', 'channel_not_found');
  if (channel.isArchived) return refused('not_found', 'channel', 'is_archived');
  return Promise.resolve(ok(work(channel)));
}

const refused = (
  kind: PortFailure['kind'],
  about: ChatTrouble,
  reason: string,
): Promise<ReturnType<typeof err<ChatFailure>>> =>
  Promise.resolve(err({ kind, about, reason, message: `The chat refused: ${reason}` }));
