import type { GitHostPolicy } from '../../domain/policy/action-policy.ts';
import { err } from '../../domain/shared/result.ts';
import type { GitHost, GitHostFailure, GitHosts, GitResult } from '../../ports/git-host.ts';
import type { Secrets } from '../../ports/secrets.ts';
import { createCaller, type Timeouts } from './caller.ts';
import { onGitHub } from './github.ts';
import { onGitLab } from './gitlab.ts';
import type { OnHost } from './on-host.ts';

export interface GitHostsDeps {
  readonly secrets: Pick<Secrets, 'targets'>;
  /** The hosts that the policy has for a tenant: no other is ever called. */
  readonly hosts: (tenant: string) => readonly GitHostPolicy[];
  /** Those of `limits.ts` when left out. */
  readonly timeouts?: Timeouts;
}

/** GitHub's and GitLab's REST APIs behind one port, each repository at the host it names. */
export function createGitHosts(deps: GitHostsDeps): GitHosts {
  return { open: (tenant) => open(deps, tenant) };
}

function open({ secrets, hosts, timeouts }: GitHostsDeps, tenant: string): GitHost {
  const at = <Value>(id: string, run: (host: OnHost) => GitResult<Value>): GitResult<Value> => {
    const host = hosts(tenant).find((one) => one.id === id);
    if (host === undefined) return Promise.resolve(err(noHost(id)));
    const caller = createCaller({ secrets, tenant, host, timeouts });
    return run(host.kind === 'github' ? onGitHub(caller) : onGitLab(caller));
  };
  return {
    headOf: ({ host, repository }, branch) => at(host, (on) => on.headOf(repository, branch)),
    commits: ({ host, repository }, of) => at(host, (on) => on.commits(repository, of)),
    wouldRevert: ({ host, repository }, revert) =>
      at(host, (on) => on.wouldRevert(repository, revert)),
    proposeRevert: ({ host, repository }, revert) =>
      at(host, (on) => on.proposeRevert(repository, revert)),
    findProposal: ({ host, repository }, branch) =>
      at(host, (on) => on.findProposal(repository, branch)),
  };
}

const noHost = (id: string): GitHostFailure => ({
  kind: 'rejected',
  status: null,
  message: `The policy has no Git host "${id}"; add it to "gitHosts", or mend the target's "git".`,
});
