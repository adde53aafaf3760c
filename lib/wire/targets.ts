import { createArgoCds } from '../adapters/argocd/argocd.ts';
import { createGitHosts } from '../adapters/git/git-hosts.ts';
import { createClusters } from '../adapters/kubernetes/clusters.ts';
import { createSignals } from '../adapters/signals/signals.ts';
import { createArgoCdActuator } from '../app/targets/argocd/actuator.ts';
import type { Actuators } from '../app/targets/actuator.ts';
import { createGitActuator } from '../app/targets/git/actuator.ts';
import { createKubernetesActuator } from '../app/targets/kubernetes/actuator.ts';
import type { ActionPolicy } from '../domain/policy/action-policy.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { Signals } from '../ports/signals.ts';
import { awsCredentials } from './aws-credentials.ts';
import type { Core } from './core.ts';
import type { Variables } from './environment.ts';

/** What reaches the targets, and what tells whether they work. */
export interface Targets {
  readonly actuators: Actuators;
  readonly signals: Signals;
}

/** For the one function that acts: nothing else is given the secret that this needs. */
export function wireTargets(
  variables: Variables,
  core: Pick<Core, 'policy' | 'clock' | 'hashing' | 'log'>,
  secrets: Pick<Secrets, 'targets'>,
): Targets {
  const { policy, clock, hashing, log } = core;
  const listOf =
    <Part extends 'argocd' | 'gitHosts'>(part: Part) =>
    (tenant: string): ActionPolicy[Part] | readonly [] =>
      policy.tenants.find(({ id }) => id === tenant)?.actions[part] ?? [];
  const aws = { credentials: () => awsCredentials(variables) };
  const clusters = createClusters({ policy, secrets, aws, clock, log });
  const argocds = createArgoCds({ secrets, servers: listOf('argocd') });
  const gitHosts = createGitHosts({ secrets, hosts: listOf('gitHosts') });
  return {
    actuators: {
      kubernetes: createKubernetesActuator({ clusters, hashing, clock }),
      argocd: createArgoCdActuator({ argocds, hashing, clock }),
      git: createGitActuator({ gitHosts, clock }),
    },
    signals: createSignals({ policy, secrets, clock }),
  };
}
