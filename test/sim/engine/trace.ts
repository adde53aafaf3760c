import { toIso, type EpochMs } from '../../../lib/domain/shared/time.ts';

/** One line of what happened, and who did it. */
export interface TraceLine {
  readonly atMs: EpochMs;
  readonly actor: string;
  readonly text: string;
}

/** What happened, as a hash always and as lines when somebody wants to read them. */
export class Trace {
  readonly lines: TraceLine[] = [];
  /** What happened beside Slack, where somebody compares it. */
  readonly core: string[] = [];
  readonly #isKept: boolean;
  #hash = 0x811c9dc5;

  readonly #isCompared: boolean;

  constructor(isKept: boolean, isCompared = false) {
    this.#isKept = isKept;
    this.#isCompared = isCompared;
  }

  add(line: TraceLine): void {
    const text = this.#take(line);
    if (this.#isCompared) this.core.push(text);
  }

  /** A line about Slack: of what happens there the rest of the world must know nothing. */
  addBeside(line: TraceLine): void {
    this.#take(line);
  }

  #take(line: TraceLine): string {
    const text = `${line.atMs} ${line.actor} ${line.text}\n`;
    this.#mix(text);
    if (this.#isKept) this.lines.push(line);
    return text;
  }

  /** FNV-1a over every line: equal for equal runs. */
  get hash(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, '0');
  }

  #mix(text: string): void {
    for (let index = 0; index < text.length; index += 1) {
      this.#hash = Math.imul(this.#hash ^ text.charCodeAt(index), 0x01000193);
    }
  }
}

/** The newest lines of a trace, for a person. */
export const showTrace = (lines: readonly TraceLine[], count: number): string =>
  lines
    .slice(-count)
    .map(({ atMs, actor, text }) => `${toIso(atMs).slice(11, 23)} ${actor.padEnd(14)} ${text}`)
    .join('\n');
