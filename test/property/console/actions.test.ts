import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actingPage } from '../../unit/console/action-scene.ts';
import { hostile, skeleton } from './hostile.ts';

describe('the pages with actions', () => {
  it('have the same tags whatever clusters, change feeds and people say', async () => {
    const benign = await actingPage('plain');
    await fc.assert(
      fc.asyncProperty(
        hostile.filter((text) => /\p{L}/u.test(text)),
        async (text) => {
          const pages = await actingPage(text);
          pages.forEach((page, index) => {
            expect(skeleton(page)).toEqual(skeleton(benign[index] ?? ''));
          });
        },
      ),
      { numRuns: 40 },
    );
  });
});
