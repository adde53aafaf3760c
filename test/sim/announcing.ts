import { systemHashing } from '../../lib/adapters/system/hashing.ts';
import type { Announcer } from '../../lib/app/announce/announce.ts';
import type { AnnounceDeps } from '../../lib/app/announce/deps.ts';
import { createSlackRenderer } from '../../lib/codec/slack/renderer.ts';
import type { ChatMessage } from '../../lib/domain/announce/message.ts';
import type { ChatRenderer } from '../../lib/domain/announce/renderer.ts';
import type { Commit } from '../../lib/domain/incident/event.ts';
import type { ChatRows } from '../../lib/ports/chat-rows.ts';
import { StreamMapping } from './actors/stream.ts';
import type { Ended, Invocation } from './engine/invocation.ts';
import { slackIds } from './engine/slack-policy.ts';
import { chatPort } from './chat-port.ts';
import type { AllDeps, Platform } from './platform.ts';
import type { SlackSide } from './slack-side.ts';
import type { World } from './world.ts';

const minuteMs = 60_000;
export const renderer = createSlackRenderer(['console.example']);

/** Cards are functions of what they show: the same is rendered once in a run. */
function renderedOnce(): ChatRenderer {
  const cards = new Map<string, ChatMessage>();
  return {
    ...renderer,
    card: (input) => {
      const { incident, consoleUrl, ownChannel } = input;
      const name = `${incident.id} ${incident.version} ${consoleUrl} ${ownChannel ?? ''}`;
      const card = cards.get(name) ?? renderer.card(input);
      cards.set(name, card);
      return card;
    },
  };
}

/** The announcer as a function: read from the stream, started each minute, warm or cold. */
export class Announcing {
  readonly stream: StreamMapping<Commit>;
  /** Incidents of commits that the stream gave up on: somebody has to send these again. */
  readonly givenUp = new Set<string>();
  readonly #world: World;
  readonly #platform: Platform;
  readonly #side: SlackSide;
  readonly #idle: Instance[] = [];
  readonly #renderer = renderedOnce();

  constructor(world: World, platform: Platform, side: SlackSide) {
    this.#world = world;
    this.#platform = platform;
    this.#side = side;
    const { weather, profile } = world;
    this.stream = new StreamMapping<Commit>({
      scheduler: side.agenda,
      random: world.random('announce stream'),
      rates: () => (weather.isHealed ? null : profile.stream),
      isStalled: () => weather.isStreamStalled,
      invoke: (batch) => this.#invoke((announcer) => announcer.fromStream(batch)),
      onDropped: ({ incidentId }) => {
        this.givenUp.add(incidentId);
        world.count('stream gave a commit for Slack up');
      },
    });
  }

  start(): void {
    this.#tick(1);
  }

  #tick(minute: number): void {
    const { agenda } = this.#side;
    const { profile, weather } = this.#world;
    const random = this.#world.random(`announce tick ${minute}`);
    agenda.in(minuteMs, () => this.#tick(minute + 1));
    const { missing, repeated } = profile.ticks;
    if (!weather.isHealed && random.chance(missing)) return;
    void this.#invoke((announcer) => announcer.owed());
    if (!random.chance(repeated)) return;
    const laterMs = random.pick([0, 100, 2_000]);
    agenda.in(laterMs, () => void this.#invoke((announcer) => announcer.owed()));
  }

  async #invoke<Value>(work: (announcer: Announcer) => Promise<Value>): Promise<Ended<Value>> {
    const used: Instance[] = [];
    const ended = await this.#platform.run('announce', {
      deps: (invocation) => this.#deps(invocation),
      work: (deps) => {
        const instance = this.#idle.pop() ?? new Instance(this.#platform, deps);
        used.push(instance);
        return work(instance.serve(deps));
      },
    });
    // A killed instance never comes back.
    if (ended.kind === 'answered') this.#idle.push(...used);
    return ended;
  }

  #deps(invocation: Invocation): AnnounceDeps {
    const { workspace, chances, rows, shows } = this.#side;
    const observed: ChatRows = {
      ...rows,
      save: async (row, places) => {
        const saved = await rows.save(row, places);
        if (saved.ok) shows.onRow(row);
        return saved;
      },
    };
    const base: AllDeps = this.#platform.deps('announce', invocation);
    return {
      ...base,
      hashing: systemHashing,
      rng: () => chances.latency.next(),
      chat: chatPort(invocation, workspace.chat, chances),
      rows: invocation.port('rows', observed),
      renderer: this.#renderer,
      onCall: () => Promise.resolve([slackIds.ada]),
    };
  }
}

/** One instance of the function, whose memory outlives an invocation. */
class Instance {
  readonly #announcer: Announcer;
  #deps: AnnounceDeps;

  constructor({ app }: Platform, deps: AnnounceDeps) {
    this.#deps = deps;
    this.#announcer = app.createAnnouncer({
      ...deps,
      clock: this.#current('clock'),
      store: this.#current('store'),
      blobs: this.#current('blobs'),
      rows: this.#current('rows'),
      chat: this.#current('chat'),
    });
  }

  serve(deps: AnnounceDeps): Announcer {
    this.#deps = deps;
    return this.#announcer;
  }

  /** A port as the invocation that is under way has it. */
  #current<Name extends 'clock' | 'store' | 'blobs' | 'rows' | 'chat'>(
    name: Name,
  ): AnnounceDeps[Name] {
    const port = (): Methods => this.#deps[name] as unknown as Methods;
    const methods = Object.keys(port()).map((method) => [
      method,
      (...args: never[]) => port()[method]?.(...args),
    ]);
    // The same methods under the same names, each with the same arguments and answer.
    return Object.fromEntries(methods) as AnnounceDeps[Name];
  }
}

type Methods = Readonly<Record<string, (...args: never[]) => unknown>>;
