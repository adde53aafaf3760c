import { describe, expect, it } from 'vitest';
import { createGate } from '../../../lib/app/concurrency.ts';

describe('a gate', () => {
  it('lets so many work at once, the others in the order in which they came', async () => {
    const gate = createGate(2);
    const started: number[] = [];
    const works = [0, 1, 2, 3].map(() => Promise.withResolvers<string>());
    const results = works.map(({ promise }, index) =>
      gate(() => {
        started.push(index);
        return promise;
      }),
    );
    expect(started).toEqual([0, 1]);

    works[1]?.resolve('second');
    expect(await results[1]).toBe('second');
    await Promise.resolve();
    expect(started).toEqual([0, 1, 2]);

    works[0]?.reject(new Error('it broke'));
    await expect(results[0]).rejects.toThrow('it broke');
    await Promise.resolve();
    expect(started).toEqual([0, 1, 2, 3]);

    for (const { resolve } of works) resolve('done');
    expect(await Promise.all(results.slice(2))).toEqual(['done', 'done']);
  });

  it('is free again when everybody has left', async () => {
    const gate = createGate(1);
    for (const value of ['a', 'b']) expect(await gate(() => Promise.resolve(value))).toBe(value);
  });
});
