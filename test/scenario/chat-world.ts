import { expect, onTestFinished } from 'vitest';
import { createMemoryChatRows, type MemoryChatRows } from '../../lib/adapters/memory/chat-rows.ts';
import {
  createMemoryChat,
  type MemoryChat,
  type ShownMessage,
} from '../../lib/adapters/memory/chat.ts';
import {
  createAnnouncer,
  type Announcer,
  type StreamedCommit,
} from '../../lib/app/announce/announce.ts';
import type { AnnounceDeps } from '../../lib/app/announce/deps.ts';
import { createSlackRenderer } from '../../lib/codec/slack/renderer.ts';
import type { Incident } from '../../lib/domain/incident/state.ts';
import type { SlackPolicy, TenantPolicy } from '../../lib/domain/policy/policy.ts';
import { hours, seconds } from '../../lib/domain/shared/time.ts';
import type { ChatFailure } from '../../lib/ports/chat.ts';
import { faultable, type PlannedFault } from './faults.ts';
import { World } from './harness.ts';

/** The default channel of every tenant. */
export const home = 'C00000HOME';

export const slackPolicy: SlackPolicy = {
  teamId: 'T00000001',
  enterpriseId: null,
  channel: home,
  ownChannel: {
    severities: ['P0'],
    prefix: 'inc',
    isPrivate: false,
    archiveAfterMs: hours(24),
    invite: ['grace'],
  },
  linkHosts: ['console.example'],
  warRoomUrl: null,
};

export const withSlack = (tenant: TenantPolicy): TenantPolicy => ({
  ...tenant,
  slack: slackPolicy,
  people: [
    ...tenant.people.map((person) => ({ ...person, slackUserId: 'U000000ADA' })),
    {
      id: 'grace',
      name: 'Grace Hopper',
      email: null,
      pagerdutyUserId: null,
      slackUserId: 'U00000GRACE',
      logins: [],
      apiNames: [],
      roles: ['responder'],
    },
  ],
});

/** Tocsin with a chat beside it: every commit is announced, and every minute what is owed. */
export class ChatWorld extends World {
  readonly chat: MemoryChat;
  readonly rows: MemoryChatRows = createMemoryChatRows();
  readonly chatFaults: PlannedFault[] = [];
  readonly rowFaults: PlannedFault[] = [];
  /** Every call of the chat fails so while this is set. */
  chatIsDown: ChatFailure | null = null;
  /** Calls that came while it was down. */
  refusals = 0;
  onCall: readonly string[] = [];
  /** Calls that were answered well, with the instant of each. */
  readonly calls: { readonly call: string; readonly atMs: number }[] = [];
  readonly announcing: AnnounceDeps;
  readonly announcer: Announcer;

  constructor(change: (tenant: TenantPolicy) => TenantPolicy = withSlack) {
    super(change);
    this.chat = createMemoryChat({ clock: this.clock, channels: [home] });
    const note = (call: string): void => void this.calls.push({ call, atMs: this.clock.now() });
    this.announcing = {
      ...this.deps,
      rows: faultable(this.rows, this.rowFaults),
      chat: this.#outages(faultable(this.chat, this.chatFaults, note)),
      renderer: createSlackRenderer(['console.example']),
      onCall: () => Promise.resolve(this.onCall),
    };
    this.announcer = createAnnouncer(this.announcing);
    this.besides.onCommits.push((commits) => this.#announce(commits));
    this.besides.everyMinute.push(async () => {
      await this.announcer.owed();
    });
  }

  /** Messages of a channel, or of a thread in it, as they read without layout. */
  texts(channel: string, threadTs: string | null = null): readonly string[] {
    return this.shown(channel, threadTs).map(({ text }) => text);
  }

  shown(channel: string, threadTs: string | null = null): readonly ShownMessage[] {
    return this.chat
      .messages()
      .filter((message) => message.channel === channel && message.threadTs === threadTs);
  }

  /** The incident's message in the default channel. */
  card({ id }: Incident): ShownMessage {
    const row = this.rows.rows().find(({ incidentId }) => incidentId === id);
    const card = this.chat.messages().find(({ ts }) => ts === row?.home?.ts);
    if (card === undefined) throw new Error(`The incident ${id} has no card.`);
    return card;
  }

  /** Everything that a message shows, as text. */
  wordsOf = (message: ShownMessage): string => JSON.stringify(message.blocks);

  /** As an event source mapping: from the first failure on, the commits come again. */
  async #announce(commits: readonly StreamedCommit[]): Promise<void> {
    const failedAt = await this.announcer.fromStream(commits);
    if (failedAt === null) return;
    await this.clock.sleep(seconds(1));
    const from = commits.findIndex(({ position }) => position === failedAt);
    await this.#announce(commits.slice(from));
  }

  #outages<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const error = this.chatIsDown;
        return error === null
          ? (Reflect.get(target, name) as unknown)
          : () => {
              this.refusals += 1;
              return Promise.resolve({ ok: false, error });
            };
      },
    });
  }
}

/** A world about the chat: what PagerDuty took is judged only where a scenario says so. */
export function createChatWorld(change?: (tenant: TenantPolicy) => TenantPolicy): ChatWorld {
  const world = new ChatWorld(change);
  onTestFinished(() => {
    world.skipPages();
    world.expectNothingElse();
    if (world.chatIsDown === null) {
      expect(world.rows.rows().filter(({ pending }) => pending !== null)).toEqual([]);
    }
  });
  return world;
}

/** A failure of Slack by its kind. */
export const slackFailing = (
  kind: ChatFailure['kind'],
  more: Partial<ChatFailure> = {},
): ChatFailure => ({ kind, about: 'service', reason: kind, message: `Slack is ${kind}.`, ...more });
