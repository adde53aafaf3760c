import { createMemoryActionRows } from '../../lib/adapters/memory/action-rows.ts';
import { createMemorySecrets } from '../../lib/adapters/memory/secrets.ts';
import type { SlackDeps } from '../../lib/app/slack/deps.ts';
import { createReplyRenderer } from '../../lib/codec/slack/reply.ts';
import { decodeSlackCommand, decodeSlackInteraction } from '../../lib/codec/slack/request.ts';
import { verifySlackRequest } from '../../lib/codec/slack/signature.ts';
import type { Log } from '../../lib/ports/system.ts';
import { chatPort } from './chat-port.ts';
import {
  onlyClicks,
  requestOf,
  type Sender,
  type SignedRequest,
  type Wish,
} from './actors/slack-requests.ts';
import type { Invocation } from './engine/invocation.ts';
import { workspaces } from './engine/slack-policy.ts';
import type { Random } from './engine/random.ts';
import type { LogLine } from './oracle/slack-oracle.ts';
import type { Platform } from './platform.ts';
import type { SlackSide } from './slack-side.ts';
import type { World } from './world.ts';

const render = createReplyRenderer(['console.example']);

const secrets = createMemorySecrets({
  intake: { sources: {} },
  pagerduty: { routingKeys: {}, apiToken: null, apiFrom: null, webhookSecrets: {} },
  console: { signingKeys: [], people: {} },
  slack: {
    workspaces: Object.fromEntries(
      Object.entries(workspaces).map(([tenant, { signingSecret, botToken }]) => [
        tenant,
        { signingSecrets: [signingSecret], botToken },
      ]),
    ),
  },
});

/** How far from its sending a request is signed: mostly not at all. */
const skewsMs = [0, 0, 0, 0, 0, 0, 0, -290_000, -400_000, 400_000] as const;

const senders: readonly [Sender, ...Sender[]] = [
  ...(['ada', 'ada', 'ada', 'ada', 'ada', 'ada', 'ada', 'ada'] as const),
  ...(['observer', 'guest', 'bot', 'stranger', 'neighbour', 'forger', 'unsigned'] as const),
];

type Typed = readonly [verb: string, args: string];

/** What people type, by verb; clicks and forms know no other words. */
const typed: readonly [Typed, ...Typed[]] = [
  ['ack', 'on it'],
  ['resolve', 'done'],
  ['reopen', 'not over'],
  ['severity', 'P0 it spreads'],
  ['severity', 'P2 it does not'],
  ['status', 'identified the cause'],
  ['assign', 'commander me'],
  ['assign', 'scribe me'],
  ['note', 'saw <!channel> and <https://evil.example|this>'],
  ['link', 'https://console.example/graph graph'],
  ['show', ''],
  ['timeline', ''],
];

const clicked = ['ack', 'resolve', 'reopen', 'ack', 'resolve'] as const;

/** Slack's side of people: those who may steer and those who may not, old buttons, repeats. */
export class SlackPeople {
  readonly #world: World;
  readonly #platform: Platform;
  readonly #side: SlackSide;
  readonly #random: Random;
  #attempts = 0;

  constructor(world: World, platform: Platform, side: SlackSide) {
    this.#world = world;
    this.#platform = platform;
    this.#side = side;
    this.#random = world.random('slack people');
  }

  start(): void {
    const { scheduler, profile } = this.#world;
    for (let index = 1; index <= this.#side.rates.requests; index += 1) {
      scheduler.in(this.#random.int(0, profile.chaosMs), () => this.#ask(`q${index}`));
    }
  }

  #ask(name: string): void {
    const random = this.#random;
    const { scheduler } = this.#world;
    const drawn = random.pick(senders);
    const wish = this.#wish(random.chance(0.4) || onlyClicks.has(drawn));
    const sender = onlyClicks.has(drawn) && wish.stamp === null ? 'stranger' : drawn;
    if (sender === 'neighbour' && wish.incidentId === null) return;
    const atMs = scheduler.nowMs + random.pick(skewsMs);
    const request = requestOf(name, { sender, wish, atMs });
    this.#side.steers.onAsked(request);
    void this.#serve(request);
    while (random.chance(this.#side.rates.replayed * 0.7)) {
      const laterMs = random.pick([0, 50, 1_000, 60_000, 280_000, 600_000]);
      scheduler.in(laterMs, () => void this.#serve(request));
      this.#world.count('a request of Slack comes again');
    }
  }

  #wish(isDrawn: boolean): Wish {
    const random = this.#random;
    const ids = [...this.#world.oracle.notebooks.keys()];
    const incidentId = ids[Math.floor(random.next() * ids.length)] ?? null;
    if (incidentId === null || (!isDrawn && random.chance(0.1))) {
      const args = 'P1 service=checkout cards are declined';
      return { verb: 'declare', args, incidentId: null, stamp: null, form: null };
    }
    if (!isDrawn) {
      const [verb, args] = random.pick(typed);
      return { verb, args, incidentId, stamp: null, form: null };
    }
    const stamp = this.#side.steers.stampOf(incidentId, random.chance(0.3) ? random : null);
    if (random.chance(0.2)) {
      const form = { severity: random.pick(['P0', 'P1', 'P2']), reason: 'by form' };
      return { verb: 'severity', args: '', incidentId, stamp, form };
    }
    return { verb: random.pick(clicked), args: '', incidentId, stamp, form: null };
  }

  /** What the handler of the function does. */
  async #serve(request: SignedRequest): Promise<void> {
    const { steers } = this.#side;
    this.#attempts += 1;
    const requestId = `s${this.#attempts}`;
    const lines: LogLine[] = [];
    const attempt = steers.onAttempt(requestId, request, this.#world.scheduler.nowMs);
    const ended = await this.#platform.run('slack', {
      deps: (invocation) => this.#deps(invocation, lines),
      work: (deps) =>
        this.#platform.app.receiveSlack(deps, {
          entry: request.entry,
          rawBody: new TextEncoder().encode(request.body),
          timestamp: request.timestamp,
          signature: request.signature,
          requestId,
        }),
    });
    const received = ended.kind === 'answered' ? ended.value : null;
    // When Slack gets its answer depends on Slack, where a window is opened first.
    this.#side.note('slack people', `${request.name} as ${requestId}: ${received?.kind ?? '502'}`);
    if (received !== null) steers.onAnswered(attempt, received, lines);
  }

  #deps(invocation: Invocation, lines: LogLine[]): SlackDeps {
    const line = (message: string, fields: Readonly<Record<string, unknown>> = {}): void =>
      void lines.push({ message, fields });
    const log: Log = { info: line, warn: line, error: line };
    const { workspace, asides, rows } = this.#side;
    return {
      ...this.#platform.deps('slack', invocation),
      log,
      secrets: invocation.port('secrets', secrets),
      verify: verifySlackRequest,
      decoders: { commands: decodeSlackCommand, interactions: decodeSlackInteraction },
      render,
      chat: chatPort(invocation, workspace.chat, asides),
      chatRows: rows,
      actionRows: createMemoryActionRows(this.#world.store.tables),
      inTurn: (work) => work(),
    };
  }
}
