import { defineConfig } from 'vitest/config';

/** What `npm run test:cluster` runs: against a cluster that a kubeconfig names, one after another. */
export default defineConfig({
  test: {
    include: ['test/cluster/**/*.cluster.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
