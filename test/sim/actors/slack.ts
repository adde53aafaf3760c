import { createMemoryChat, type MemoryChat } from '../../../lib/adapters/memory/chat.ts';
import { err, type Result } from '../../../lib/domain/shared/result.ts';
import type { PortFailure } from '../../../lib/ports/failure.ts';
import type { Chat, ChatFailure } from '../../../lib/ports/chat.ts';
import type { Agenda } from '../engine/scheduler.ts';
import { home } from '../engine/slack-policy.ts';

type Post = Parameters<Chat['post']>[1];

interface Setting {
  readonly agenda: Agenda;
  readonly isOut: () => boolean;
  readonly postsInThreeSeconds: number;
  readonly onPosted: (post: Post) => void;
  readonly onRefused: () => void;
  readonly onThrottled: () => void;
}

const windowMs = 3_000;
const retryAfterMs = 5_000;

/** Slack's Web API: one workspace, a limit for each channel, and times in which nothing answers. */
export class SlackWorld {
  readonly shown: MemoryChat;
  readonly chat: Chat;
  readonly #setting: Setting;
  readonly #posts = new Map<string, readonly number[]>();

  constructor(setting: Setting) {
    this.#setting = setting;
    const { agenda } = setting;
    this.shown = createMemoryChat({ clock: { now: () => agenda.nowMs }, channels: [home] });
    this.chat = this.#whileReachable({
      ...this.shown,
      post: async (tenant, post) => {
        const limit = this.#take(post.place.channel);
        if (limit !== null) return err(limit);
        const posted = await this.shown.post(tenant, post);
        if (posted.ok) setting.onPosted(post);
        return posted;
      },
    });
  }

  #take(channel: string): ChatFailure | null {
    const { agenda, postsInThreeSeconds, onThrottled } = this.#setting;
    const since = agenda.nowMs - windowMs;
    const before = (this.#posts.get(channel) ?? []).filter((atMs) => atMs > since);
    if (before.length >= postsInThreeSeconds) {
      onThrottled();
      return asChatFailure({ kind: 'throttled', message: 'HTTP 429', retryAfterMs });
    }
    this.#posts.set(channel, [...before, agenda.nowMs]);
    return null;
  }

  #whileReachable(chat: Chat): Chat {
    return eachCall(chat, (_name, call) => {
      if (!this.#setting.isOut()) return call();
      this.#setting.onRefused();
      return Promise.resolve(err(asChatFailure({ kind: 'unavailable', message: 'HTTP 503' })));
    });
  }
}

type Call = () => Promise<Result<unknown, PortFailure>>;

/** The same port, each of whose calls goes a way round. */
export function eachCall(chat: Chat, around: (name: string, call: Call) => ReturnType<Call>): Chat {
  const calls = Object.entries(chat) as [string, (...args: never[]) => ReturnType<Call>][];
  const wrapped = calls.map(([name, call]) => [
    name,
    (...args: never[]) => around(name, () => call(...args)),
  ]);
  // The same methods under the same names, each with the same arguments and answer.
  return Object.fromEntries(wrapped) as Chat;
}

/** A failure of the network, as the adapter tells it: it is about the service as a whole. */
export const asChatFailure = (failure: PortFailure | ChatFailure): ChatFailure =>
  'about' in failure ? failure : { ...failure, about: 'service', reason: failure.kind };
