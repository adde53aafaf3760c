import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { programPath } from '../programs/programs.ts';

/** The real kubectl with a kubeconfig; gives what it printed, throws when it failed. */
export type Kubectl = (...words: readonly string[]) => Promise<string>;

const TIMEOUT_MS = 60_000;

export function createKubectl(kubeconfig: string): Kubectl {
  // A cache of its own: kubectl remembers what a server serves by its address.
  const cache = join(dirname(kubeconfig), 'kubectl-cache');
  return async (...words) => {
    const all = ['--kubeconfig', kubeconfig, '--cache-dir', cache, ...words];
    const { stdout } = await promisify(execFile)(programPath('kubectl'), all, {
      timeout: TIMEOUT_MS,
    });
    return stdout;
  };
}

/** A Deployment as kubectl gives it; fields that tests look at. */
export interface SeenDeployment {
  readonly metadata: {
    readonly generation: number;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly spec: { readonly replicas: number; readonly template: unknown };
}

export async function readDeployment(kubectl: Kubectl, name: string): Promise<SeenDeployment> {
  // What kubectl shows of a Deployment has this shape.
  return JSON.parse(await kubectl('get', 'deployment', name, '-o', 'json')) as SeenDeployment;
}
