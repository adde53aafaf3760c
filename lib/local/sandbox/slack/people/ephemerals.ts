import type { JsonObject } from '../../../shared/json.ts';

/** A message that one person sees, until the page is closed. */
export interface Ephemeral {
  readonly ts: string;
  readonly channel: string;
  /** Who sees it. */
  readonly to: string;
  /** `slack`: a word of Slack itself about something that failed. */
  readonly from: 'app' | 'slack';
  readonly text: string;
  readonly blocks: readonly JsonObject[];
  readonly threadTs: string | null;
}

/** What of it a person is shown at most. */
const MAX_KEPT = 200;

export class Ephemerals {
  #kept: readonly Ephemeral[] = [];

  /** Takes one in; one with the same `ts` is replaced. */
  put(ephemeral: Ephemeral): void {
    this.#kept = [...this.#kept.filter(({ ts }) => ts !== ephemeral.ts), ephemeral].slice(
      -MAX_KEPT,
    );
  }

  find(to: string, ts: string): Ephemeral | undefined {
    return this.#kept.find((one) => one.to === to && one.ts === ts);
  }

  /** What a person sees in a channel, oldest first. */
  of(to: string, channel: string): readonly Ephemeral[] {
    return this.#kept.filter((one) => one.to === to && one.channel === channel);
  }

  remove(ts: string): void {
    this.#kept = this.#kept.filter((one) => one.ts !== ts);
  }

  clear(): void {
    this.#kept = [];
  }
}
