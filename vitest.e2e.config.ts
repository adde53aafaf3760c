import { defineConfig } from 'vitest/config';

/** What `npm run test:e2e` runs: real programs, one file after another, so that they do not compete. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 120_000,
  },
});
