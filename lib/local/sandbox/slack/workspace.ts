import { join } from 'node:path';
import type { Timekeeper } from '../../shared/timekeeper.ts';
import type { Channel, Fact, StoredMessage } from './facts.ts';
import { microsOf, stableId, timestampOf } from './ids.ts';
import { openLedger, type Ledger } from './ledger.ts';
import type { SlackSandboxUser, SlackSandboxWorkspace } from './settings.ts';

export interface WorkspaceDeps {
  readonly timekeeper: Timekeeper;
  readonly settings: SlackSandboxWorkspace;
  readonly appName: string;
  readonly ledgerDirectory: string | undefined;
}

/** The app's own user. */
export interface BotUser {
  readonly id: string;
  readonly botId: string;
  readonly handle: string;
  readonly name: string;
}

/** What is shown of a channel; the file has all of it. */
const MAX_MESSAGES_PER_CHANNEL = 5_000;

/** One workspace: channels, their members and messages, as a fold over the facts of its ledger. */
export class Workspace {
  readonly settings: SlackSandboxWorkspace;
  readonly bot: BotUser;
  /** Tells two runs apart. */
  readonly startedAtMs: number;
  readonly #timekeeper: Timekeeper;
  readonly #channels = new Map<string, Channel>();
  /** By channel, then by `ts`, oldest first. */
  readonly #messages = new Map<string, Map<string, StoredMessage>>();
  readonly #ledger: Ledger;
  #lastMicros = 0;
  #version = 0;

  /** Replays the ledger, and adds the configured channels and users that it does not know. */
  constructor({ timekeeper, settings, appName, ledgerDirectory }: WorkspaceDeps) {
    this.#timekeeper = timekeeper;
    this.startedAtMs = timekeeper.nowMs();
    this.settings = settings;
    this.bot = {
      id: stableId('U', `bot of ${settings.teamId}`),
      botId: stableId('B', `bot of ${settings.teamId}`),
      handle: appName.toLowerCase(),
      name: appName,
    };
    const path = ledgerDirectory && join(ledgerDirectory, `${settings.teamId}.jsonl`);
    this.#ledger = openLedger(path, (fact) => this.#apply(fact));
    this.#seed();
  }

  /** Changes with everything that a reader can see. */
  get version(): number {
    return this.#version;
  }

  /** Something changed that is kept elsewhere and not in the ledger. */
  touch(): void {
    this.#version += 1;
  }

  /** Keeps a fact: it is in the ledger when this returns. */
  record(fact: Fact): void {
    this.#ledger.append(fact);
    this.#apply(fact);
  }

  /** A message's id and instant, later than every one before. */
  nextTs(): string {
    this.#lastMicros = Math.max(this.#timekeeper.nowMs() * 1000, this.#lastMicros + 1);
    return timestampOf(this.#lastMicros);
  }

  channels(): readonly Channel[] {
    return [...this.#channels.values()];
  }

  channel(id: string): Channel | undefined {
    return this.#channels.get(id);
  }

  /** Oldest first, replies among them. */
  messages(channel: string): readonly StoredMessage[] {
    return [...(this.#messages.get(channel)?.values() ?? [])];
  }

  message(channel: string, ts: string): StoredMessage | undefined {
    return this.#messages.get(channel)?.get(ts);
  }

  /** The replies of a thread, oldest first. */
  replies(channel: string, threadTs: string): readonly StoredMessage[] {
    return this.messages(channel).filter((message) => message.threadTs === threadTs);
  }

  user(id: string): SlackSandboxUser | undefined {
    return this.settings.users.find((user) => user.id === id);
  }

  isKnownUser(id: string): boolean {
    return id === this.bot.id || this.user(id) !== undefined;
  }

  /** What others call a user or the app. */
  nameOf(id: string): string {
    return id === this.bot.id ? this.bot.name : (this.user(id)?.name ?? id);
  }

  /** Forgets everything, the ledger included, and begins anew. */
  reset(): void {
    this.#ledger.clear();
    this.#channels.clear();
    this.#messages.clear();
    this.#seed();
    this.touch();
  }

  #seed(): void {
    const { channels, users } = this.settings;
    for (const { id, name, hasApp } of channels) {
      const by = users[0]?.id ?? this.bot.id;
      const atMs = this.#timekeeper.nowMs();
      if (!this.#channels.has(id)) {
        this.record({ kind: 'channel_created', id, name, isPrivate: false, by, atMs });
      }
      const wanted = [...users.map((user) => user.id), ...(hasApp ? [this.bot.id] : [])];
      const missing = wanted.filter((user) => this.channel(id)?.members.includes(user) !== true);
      if (missing.length > 0) this.record({ kind: 'joined', channel: id, users: missing });
    }
  }

  #apply(fact: Fact): void {
    this.touch();
    switch (fact.kind) {
      case 'channel_created': {
        const { id, name, isPrivate, by, atMs } = fact;
        const start = { isArchived: false, topic: '', members: [by] };
        this.#channels.set(id, { id, name, isPrivate, creator: by, createdAtMs: atMs, ...start });
        return;
      }
      case 'joined':
        this.#change(fact.channel, ({ members }) => ({
          members: [...new Set([...members, ...fact.users])],
        }));
        return;
      case 'topic_set':
        this.#change(fact.channel, () => ({ topic: fact.topic }));
        return;
      case 'archived':
        this.#change(fact.channel, () => ({ isArchived: true }));
        return;
      case 'posted':
        this.#keep(fact.message);
        return;
      case 'updated': {
        const { kind, channel, ts, ...change } = fact;
        const message = this.message(channel, ts);
        if (message !== undefined) this.#keep({ ...message, ...change });
      }
    }
  }

  #change(id: string, change: (channel: Channel) => Partial<Channel>): void {
    const channel = this.#channels.get(id);
    if (channel !== undefined) this.#channels.set(id, { ...channel, ...change(channel) });
  }

  #keep(message: StoredMessage): void {
    this.#lastMicros = Math.max(this.#lastMicros, microsOf(message.ts));
    const messages = this.#messages.get(message.channel) ?? new Map<string, StoredMessage>();
    this.#messages.set(message.channel, messages.set(message.ts, message));
    const [oldest] = messages.keys();
    if (messages.size > MAX_MESSAGES_PER_CHANNEL && oldest !== undefined) messages.delete(oldest);
  }
}
