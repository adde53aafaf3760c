import { defineConfig } from 'vitest/config';

/** What `npm test` runs: everything that needs no other program and no network but loopback. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**'],
    // Two cores run many files at once, so a test's own work can wait for seconds.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
