import { createMemoryChatRows, type MemoryChatRows } from '../../lib/adapters/memory/chat-rows.ts';
import { SlackWorld } from './actors/slack.ts';
import type { Chances } from './engine/invocation.ts';
import type { Agenda } from './engine/scheduler.ts';
import type { SlackRates } from './engine/slack-profile.ts';
import { ChatOracle } from './oracle/chat-oracle.ts';
import { SlackOracle } from './oracle/slack-oracle.ts';
import { SlackWeather } from './slack-weather.ts';
import type { Stage } from './stage.ts';

/**
 * Slack and all that is ours beside it. Nothing here draws from a stream of chance that anybody
 * else draws from: with Slack off, everything else goes as it does with Slack on (I29).
 */
export class SlackSide {
  readonly rates: SlackRates;
  readonly weather: SlackWeather;
  readonly agenda: Agenda;
  /** How the calls of the announcer go. */
  readonly chances: Chances;
  /** How the calls go that other functions make to Slack. */
  readonly asides: Chances;
  readonly workspace: SlackWorld;
  readonly rows: MemoryChatRows = createMemoryChatRows();
  /** Judges what Slack shows. */
  readonly shows: ChatOracle;
  /** Judges what people do from there. */
  readonly steers: SlackOracle;
  readonly #world: Stage;

  constructor(world: Stage, rates: SlackRates) {
    const { scheduler, profile, verdict } = world;
    this.#world = world;
    this.rates = rates;
    this.agenda = scheduler.beside(world.random('slack order'));
    const startMs = scheduler.nowMs;
    const { chaosMs } = profile;
    this.weather = new SlackWeather(rates, {
      startMs,
      chaosMs,
      random: world.random('slack weather'),
    });
    this.chances = this.#chances('announcer');
    this.asides = this.#chances('slack aside');
    const count = (situation: string): void => world.count(situation);
    this.shows = new ChatOracle({ weather: this.weather, agenda: this.agenda, verdict, count });
    this.steers = new SlackOracle({ oracle: world.oracle, verdict, count });
    this.workspace = new SlackWorld({
      agenda: this.agenda,
      isOut: () => rates.isOff || this.weather.isOut(this.agenda.nowMs),
      postsInThreeSeconds: rates.postsInThreeSeconds,
      onPosted: (post) => {
        this.note('slack', `shows ${post.key}: ${post.message.text}`);
        this.shows.onPosted(post);
      },
      onRefused: () => this.shows.onRefused(),
      onThrottled: () => world.count('slack answers 429'),
    });
  }

  note(actor: string, text: string): void {
    const { trace } = this.#world;
    trace.addBeside({ atMs: this.agenda.nowMs, actor, text });
  }

  #chances(name: string): Chances {
    return {
      scheduler: this.agenda,
      latency: this.#world.random(`${name} latency`),
      faults: this.#world.random(`${name} faults`),
      latencyMs: this.#world.profile.latencyMs,
      rates: () => this.weather.callFaults(this.agenda.nowMs),
    };
  }
}
