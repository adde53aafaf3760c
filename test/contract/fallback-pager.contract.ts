import { expect, it } from 'vitest';
import { durationMs } from '../../lib/domain/shared/time.ts';
import type { FallbackPager } from '../../lib/ports/pager.ts';

export interface FallbackSubject {
  readonly fallback: FallbackPager;
  /** The texts of what arrived, in order. */
  readonly texts: () => Promise<readonly string[]>;
}

/** Long enough for a busy machine. */
export const patience = durationMs(10_000);

/** What every second channel does. */
export function fallbackContract(make: () => Promise<FallbackSubject>): void {
  const message = {
    subject: '[P0] The shop is down',
    text: 'P0 The shop is down\nIncident INC-1.',
  };

  it('delivers the text', async () => {
    const { fallback, texts } = await make();
    expect(await fallback.send(message, patience)).toEqual({ ok: true, value: undefined });
    expect(await texts()).toEqual([message.text]);
  });

  it('has no key: a repeat is a second message', async () => {
    const { fallback, texts } = await make();
    await fallback.send(message, patience);
    await fallback.send(message, patience);
    expect(await texts()).toHaveLength(2);
  });
}
