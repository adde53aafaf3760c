import type { PlanDraft, PlanRefusal } from '../../../domain/action/plan.ts';
import { chooseCommits, type RevertChoice } from '../../../domain/git/choose-commits.ts';
import { planRevert, type RevertOn } from '../../../domain/git/plan-revert.ts';
import { err, ok, type Result } from '../../../domain/shared/result.ts';
import type { PortFailure } from '../../../ports/failure.ts';
import type { GitCommit, GitHost, GitHostFailure, RepositoryRef } from '../../../ports/git-host.ts';
import type { Planning } from '../actuator.ts';

/** How far back a good commit is looked for. */
const maxCommits = 100;

type Planned<Value> = Promise<Result<Value, PlanRefusal | PortFailure>>;

const refuse = (reason: PlanRefusal['reason'], message: string): Result<never, PlanRefusal> =>
  err({ kind: 'plan-refused', reason, message });

/** Reads the branch and plans the proposal. Changes nothing. */
export async function planProposal(host: GitHost, planning: Planning): Planned<PlanDraft> {
  const { request } = planning;
  const target = targetOf(planning);
  if (!target.ok) return target;
  const { branch, path, repository } = target.value;
  const ref: RepositoryRef = { host: target.value.host, repository };
  const seen = await readBranch(host, ref, { branch, path });
  if (!seen.ok) return seen;
  const choice = chooseCommits({
    all: seen.value.all,
    onPath: seen.value.onPath,
    to: Object.hasOwn(request.parameters, 'to') ? (request.parameters['to'] ?? null) : null,
    healthyVersions: planning.healthyVersions,
    where: `${repository} (branch ${branch}, path "${path}")`,
  });
  if (!choice.ok) return choice;
  const draft = planRevert(onOf(planning, target.value, seen.value), choice.value);
  const dryRun = await tryOut(host, ref, { draft, choice: choice.value });
  return dryRun.ok ? ok({ ...draft, dryRun: dryRun.value }) : dryRun;
}

const onOf = (
  { incidentId, actionId, request }: Planning,
  target: RevertOn['target'],
  { headSha, onPath }: Branch,
): RevertOn => ({
  target,
  incidentId,
  actionId,
  reason: request.reason,
  baseSha: headSha,
  pathSha: onPath[0]?.sha ?? '',
  dryRun: { kind: 'none', says: '' },
});

function targetOf({ request, target, tenant }: Planning): Result<RevertOn['target'], PlanRefusal> {
  if (request.verb !== 'revert') {
    return refuse(
      'verb_not_for_target',
      `A repository can only have commits reverted; "${request.verb}" is for what it deploys.`,
    );
  }
  const { git } = target;
  const host = tenant.actions.gitHosts.find(({ id }) => id === git?.host);
  if (git === null || host === undefined) {
    return refuse(
      'verb_not_for_target',
      `Target ${target.id} names no repository on a known Git host. Add "git" with host, ` +
        'repository, branch and path to it in the policy.',
    );
  }
  const { id, service, team } = target;
  return ok({ id, service, team, hostKind: host.kind, ...git });
}

interface Branch {
  readonly headSha: string;
  readonly all: readonly GitCommit[];
  readonly onPath: readonly GitCommit[];
}

async function readBranch(
  host: GitHost,
  ref: RepositoryRef,
  { branch, path }: { readonly branch: string; readonly path: string },
): Planned<Branch> {
  const head = await host.headOf(ref, branch);
  if (!head.ok) return refusalOf(ref, head.error);
  const onPath = await host.commits(ref, { branch, path, limit: maxCommits });
  if (!onPath.ok) return refusalOf(ref, onPath.error);
  if (path === '') return ok({ headSha: head.value, all: onPath.value, onPath: onPath.value });
  const all = await host.commits(ref, { branch, path: '', limit: maxCommits });
  if (!all.ok) return refusalOf(ref, all.error);
  return ok({ headSha: head.value, all: all.value, onPath: onPath.value });
}

/** Whether the host would do it: GitLab tries, GitHub compares. */
async function tryOut(
  host: GitHost,
  ref: RepositoryRef,
  { draft, choice }: { readonly draft: PlanDraft; readonly choice: RevertChoice },
): Planned<PlanDraft['dryRun']> {
  const call = draft.steps[0]?.call;
  if (call?.kind !== 'git-revert') return ok(draft.dryRun);
  const would = await host.wouldRevert(ref, call);
  if (!would.ok) return refusalOf(ref, would.error);
  if (would.value === null) {
    return ok({ kind: 'unavailable', says: 'The host cannot try several commits without effect.' });
  }
  if (would.value) return ok({ kind: 'passed', says: 'The host would apply it without conflict.' });
  const commits = choice.commits.map(({ sha }) => sha.slice(0, 12)).join(', ');
  return refuse(
    'not_revertible',
    `${ref.repository} cannot go back to ${choice.goodSha.slice(0, 12)} by itself: undoing ` +
      `${commits} conflicts with what is there, or changes nothing. Revert it by hand.`,
  );
}

/** A failure that will not pass by itself, in a sentence; all others as they are. */
function refusalOf(
  { host, repository }: RepositoryRef,
  failure: GitHostFailure,
): Result<never, PlanRefusal | PortFailure> {
  if (failure.kind === 'not_found') {
    return refuse(
      'no_such_target',
      `Git host ${host} has no such branch or repository as ${repository}, or hides it from our ` +
        'token. Check "git" of the target in the policy, and what the token may read.',
    );
  }
  if (failure.status === 401 || failure.status === 403) {
    return refuse(
      'forbidden',
      `Git host ${host} refuses our token at ${repository}: ${failure.message} It needs to read ` +
        'and write contents and to make pull or merge requests there.',
    );
  }
  return err(failure);
}
