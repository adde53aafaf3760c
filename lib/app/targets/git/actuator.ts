import type { Convergence, Observation } from '../../../domain/action/observation.ts';
import type { Facts, Plan, PlanStep } from '../../../domain/action/plan.ts';
import { invariant } from '../../../domain/shared/invariant.ts';
import { err, ok, type Result } from '../../../domain/shared/result.ts';
import type { PortFailure } from '../../../ports/failure.ts';
import type {
  GitHosts,
  GitHost,
  Proposal,
  RepositoryRef,
  Revert,
} from '../../../ports/git-host.ts';
import type { Clock } from '../../../ports/system.ts';
import type { Actuator, SendFailure } from '../actuator.ts';
import { planProposal } from './plan-proposal.ts';

export interface GitActuatorDeps {
  readonly gitHosts: GitHosts;
  readonly clock: Clock;
}

/**
 * `revert` as a proposal on the Git host: what makes a rollback last. It never merges; a repeat
 * finds its own branch.
 */
export function createGitActuator(deps: GitActuatorDeps): Actuator {
  return {
    plan: (planning) => planProposal(deps.gitHosts.open(planning.tenant.id), planning),
    send: (plan, step) => send(deps.gitHosts.open(plan.tenant), plan, step),
    look: (plan, step) => look(deps, plan, step),
  };
}

type GitRevert = Extract<PlanStep['call'], { readonly kind: 'git-revert' }>;

/** Our plans have no other steps. */
function callOf({ call }: PlanStep): GitRevert {
  invariant(call.kind === 'git-revert', 'a step of a Git plan is a revert');
  return call;
}

const repositoryOf = ({ target }: Plan, { repository }: GitRevert): RepositoryRef => ({
  host: target.place,
  repository,
});

async function send(host: GitHost, plan: Plan, step: PlanStep): Promise<Result<void, SendFailure>> {
  const { kind: _kind, repository: _repository, ...revert } = callOf(step);
  const made = await host.proposeRevert(repositoryOf(plan, callOf(step)), revert satisfies Revert);
  if (made.ok) return ok(undefined);
  return err({ ...made.error, isLost: mayHaveHappened(made.error) });
}

/** Making a proposal is several calls: whatever has no clear answer may have got through. */
function mayHaveHappened({ kind }: PortFailure): boolean {
  switch (kind) {
    case 'timeout':
    case 'unavailable':
    case 'too_large':
    case 'throttled':
      return true;
    case 'conflict':
    case 'not_found':
    case 'rejected':
      return false;
  }
}

async function look(
  { gitHosts, clock }: GitActuatorDeps,
  plan: Plan,
  step: PlanStep,
): Promise<Result<Observation, PortFailure>> {
  const host = gitHosts.open(plan.tenant);
  const call = callOf(step);
  const repository = repositoryOf(plan, call);
  const proposal = await host.findProposal(repository, call.branch);
  if (!proposal.ok) return proposal;
  const newest = await host.commits(repository, { branch: call.base, path: call.path, limit: 1 });
  if (!newest.ok) return newest;
  return ok({
    atMs: clock.now(),
    facts: factsOf(proposal.value, newest.value[0]?.sha ?? ''),
    mark: proposal.value === null ? null : `${plan.actionId}.${step.id}`,
    convergence: convergenceOf(proposal.value),
  });
}

const stateOf = (proposal: Proposal | null): 'none' | 'open' | 'merged' | 'closed' =>
  proposal === null ? 'none' : proposal.isMerged ? 'merged' : proposal.isOpen ? 'open' : 'closed';

const factsOf = (proposal: Proposal | null, pathSha: string): Facts => ({
  proposal: stateOf(proposal),
  'is proposed': proposal !== null && (proposal.isOpen || proposal.isMerged),
  'newest commit on the path': pathSha,
  address: proposal?.url ?? '',
});

function convergenceOf(proposal: Proposal | null): Convergence {
  if (proposal === null) return { kind: 'waiting', says: 'There is no proposal yet.' };
  const { number, url, isMerged, isOpen } = proposal;
  if (isMerged) return { kind: 'converged', says: `Proposal ${number} is merged: ${url}` };
  if (isOpen) {
    return { kind: 'converged', says: `Proposal ${number} is open and waits for people: ${url}` };
  }
  return { kind: 'broken', says: `Somebody closed proposal ${number} without merging it: ${url}` };
}
