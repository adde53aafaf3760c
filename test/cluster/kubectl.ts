import { execFile } from 'node:child_process';
import { programPath } from '../e2e/programs/programs.ts';

/** kubectl with the kubeconfig under test, in the namespace that the tests made. */
export interface Kubectl {
  /** What it prints; throws when it fails. `input` is what it reads. */
  readonly run: (words: readonly string[], input?: string) => Promise<string>;
  /** The object as JSON. */
  readonly json: (words: readonly string[]) => Promise<unknown>;
}

const TIMEOUT_MS = 200_000;

export function createKubectl(namespace: string): Kubectl {
  const kubeconfig = process.env['TOCSIN_TEST_KUBECONFIG'];
  if (kubeconfig === undefined) throw new Error('Run it by `npm run test:cluster`.');
  const run: Kubectl['run'] = async (words, input = '') => {
    const all = ['--kubeconfig', kubeconfig, '--namespace', namespace, ...words];
    return await new Promise((resolve, reject) => {
      const child = execFile(
        programPath('kubectl'),
        all,
        { timeout: TIMEOUT_MS },
        (error, stdout, stderr) => {
          if (error === null) resolve(stdout);
          else reject(new Error(`kubectl ${words.join(' ')}: ${stderr}`, { cause: error }));
        },
      );
      child.stdin?.end(input);
    });
  };
  return {
    run,
    json: async (words) => JSON.parse(await run([...words, '-o', 'json'])) as unknown,
  };
}
