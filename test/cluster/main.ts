import { resolve } from 'node:path';
import { startVitest } from 'vitest/node';

const USAGE = `Runs the cluster tests against a real cluster: npm run test:cluster -- --kubeconfig FILE
They make a namespace of their own, act only in it, and remove it at the end.`;

const [option, file, ...more] = process.argv.slice(2);
if (option !== '--kubeconfig' || file === undefined || more.length > 0) {
  console.error(USAGE);
  process.exit(2);
}
process.env['TOCSIN_TEST_KUBECONFIG'] = resolve(file);
const vitest = await startVitest('test', [], { config: 'vitest.cluster.config.ts', watch: false });
await vitest.close();
