import type { ChatRow } from '../../../lib/domain/announce/row.ts';
import type { Chat } from '../../../lib/ports/chat.ts';
import type { Agenda } from '../engine/scheduler.ts';
import type { SlackWeather } from '../slack-weather.ts';
import type { Verdict } from './verdict.ts';

interface Setting {
  readonly weather: SlackWeather;
  readonly agenda: Agenda;
  readonly verdict: Verdict;
  readonly count: (situation: string) => void;
}

/** Watches every message that Slack shows, and every change of what we know of that. */
export class ChatOracle {
  readonly setting: Setting;
  /** Every post so far, by its key. */
  readonly posts = new Map<string, number>();
  /** When each summary of an outage was posted. */
  readonly summaries: number[] = [];
  /** Calls that came while Slack was out of reach. */
  readonly refusedAtMs: number[] = [];
  readonly #rows = new Map<string, ChatRow>();

  constructor(setting: Setting) {
    this.setting = setting;
  }

  /** Slack shows a message. */
  onPosted({ key }: Parameters<Chat['post']>[1]): void {
    const { verdict, agenda, count } = this.setting;
    verdict.check(!this.posts.has(key), 'one card', () => `${key} is posted a second time`);
    this.posts.set(key, agenda.nowMs);
    const [subject = '', purpose = ''] = key.split('/');
    if (subject === 'outage') {
      this.summaries.push(agenda.nowMs);
      count('summary after an outage of Slack');
      this.#checkSummaries();
    }
    if (!purpose.endsWith('-card')) return;
    const twins = [...this.posts.keys()].filter((one) => one.startsWith(`${subject}/${purpose}/`));
    verdict.check(
      twins.length === 1,
      'one card',
      () => `${subject} has ${twins.length} cards: ${twins.join(', ')}`,
    );
  }

  /** Each time that Slack was away is told of once; chance failures may look like such a time. */
  #checkSummaries(): void {
    const { weather, verdict } = this.setting;
    const { outage } = weather;
    if (outage === null) return;
    const after = this.summaries.filter(
      (atMs) => atMs >= outage.toMs && !weather.wasStormyIn(outage.toMs, atMs),
    );
    verdict.check(
      after.length <= 1,
      'one summary',
      () => `the time without Slack is told of ${after.length} times, at ${after.join()}`,
    );
  }

  onRefused(): void {
    this.refusedAtMs.push(this.setting.agenda.nowMs);
    this.setting.count('slack is out of reach');
  }

  /** A row of ours is stored: a version after the one before, and nothing told is untold. */
  onRow(row: ChatRow): void {
    const { verdict } = this.setting;
    const name = `${row.tenant}/${row.incidentId}`;
    const before = this.#rows.get(name);
    verdict.check(
      row.version === (before?.version ?? 0) + 1,
      'I35',
      () => `the chat row of ${name} goes from ${before?.version ?? 0} to ${row.version}`,
    );
    verdict.check(
      row.toldSeq >= (before?.toldSeq ?? 0),
      'I35',
      () => `${name} was told up to ${before?.toldSeq ?? 0}, and now up to ${row.toldSeq}`,
    );
    this.#rows.set(name, row);
  }
}
