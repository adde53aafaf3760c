import { expect } from 'vitest';
import { createVirtualClock, type VirtualClock } from '../../lib/adapters/memory/clock.ts';
import { createMemoryLog, type MemoryLog } from '../../lib/adapters/memory/log.ts';
import { createMemoryFallbackPager } from '../../lib/adapters/memory/pager.ts';
import { FakePagerDuty } from './fake-pagerduty.ts';
import { t0 } from './samples.ts';

/** What is around Tocsin, and what a scenario may expect to have reached it. */
export class Outside {
  readonly clock: VirtualClock = createVirtualClock(t0);
  readonly log: MemoryLog = createMemoryLog();
  readonly pagerDuty = new FakePagerDuty(this.clock);
  readonly secondChannel = createMemoryFallbackPager();
  protected readonly thrown: unknown[] = [];
  #pagesSeen = 0;
  #messagesSeen = 0;
  #errorsSeen = 0;

  /** Exactly these events were taken by PagerDuty since the last look. */
  expectPages(...expected: readonly string[]): void {
    const taken = this.pagerDuty.attempts.filter(({ failure }) => failure === null);
    const pages = taken.slice(this.#pagesSeen).map(({ page }) => `${page.action} ${page.summary}`);
    this.#pagesSeen = taken.length;
    expect(pages, 'events that PagerDuty took').toEqual(expected);
  }

  /** As `expectPages`, where the same event may come several times: PagerDuty folds them. */
  expectDistinctPages(...expected: readonly string[]): void {
    const taken = this.pagerDuty.attempts.filter(({ failure }) => failure === null);
    const pages = taken.slice(this.#pagesSeen).map(({ page }) => `${page.action} ${page.summary}`);
    this.#pagesSeen = taken.length;
    expect([...new Set(pages)], 'distinct events that PagerDuty took').toEqual(expected);
  }

  /** Leaves aside what PagerDuty took so far, for a scenario that judges it otherwise. */
  skipPages(): void {
    this.#pagesSeen = this.pagerDuty.attempts.filter(({ failure }) => failure === null).length;
  }

  /** Exactly these messages left by the second channel since the last look, by their subjects. */
  expectMessages(...expected: readonly string[]): void {
    const messages = this.secondChannel.messages();
    const subjects = messages.slice(this.#messagesSeen).map(({ subject }) => subject);
    this.#messagesSeen = messages.length;
    expect(subjects, 'messages of the second channel').toEqual(expected);
  }

  /** Leaves aside what left by the second channel so far, as `skipPages` does for PagerDuty. */
  skipMessages(): void {
    this.#messagesSeen = this.secondChannel.messages().length;
  }

  lastMessage(): string {
    return this.secondChannel.messages().at(-1)?.text ?? '';
  }

  /** Exactly these errors were logged since the last look. */
  expectErrors(...expected: readonly string[]): void {
    const errors = this.log.lines().filter(({ level }) => level === 'error');
    const fresh = errors.slice(this.#errorsSeen).map(({ message }) => message);
    this.#errorsSeen = errors.length;
    expect(fresh, 'errors in the log').toEqual(expected);
  }

  /** Nothing happened beyond what the scenario expected. */
  expectNothingElse(): void {
    expect(this.thrown, 'thrown in the background').toEqual([]);
    this.expectPages();
    this.expectMessages();
    this.expectErrors();
  }
}
