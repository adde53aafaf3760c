import type { PlanDraft, PlanStep, StepCall } from '../action/plan.ts';
import { plainText } from '../shared/plain-text.ts';
import type { ListedCommit, RevertChoice } from './choose-commits.ts';

/** What a proposal to revert is made from. */
export interface RevertOn {
  readonly target: {
    readonly id: string;
    readonly service: string | null;
    readonly team: string;
    readonly host: string;
    readonly hostKind: 'github' | 'gitlab';
    readonly repository: string;
    readonly branch: string;
    readonly path: string;
  };
  readonly incidentId: string;
  readonly actionId: string;
  readonly reason: string;
  /** Head of the branch as it was read. */
  readonly baseSha: string;
  /** Newest commit on the path. */
  readonly pathSha: string;
  readonly dryRun: PlanDraft['dryRun'];
}

/** The branch's name is the action's, so that a repeat finds what was made: it is our mark. */
export const branchOf = (actionId: string): string => `tocsin/revert-${actionId}`;

/** A proposal to put the state of the path back. People merge it; Tocsin never does. */
export function planRevert(on: RevertOn, choice: RevertChoice): PlanDraft {
  const { target } = on;
  const { repository, branch } = target;
  const where = placeOf(target.path);
  const noun = proposalNoun(target.hostKind);
  return {
    verb: 'revert',
    target: refOf(target),
    locks: [`git/${target.host}/${repository}/${branch}/${target.path}`],
    title: `Propose to put ${where} of ${repository} back to ${choice.goodSha.slice(0, 12)}`,
    basis: choice.basis,
    changes: [
      { what: `${where} on ${branch}, once merged`, from: on.pathSha, to: choice.goodSha },
      ...choice.commits.map(({ sha, title }) => ({
        what: `commit ${sha.slice(0, 12)}`,
        from: plainText(title, 120),
        to: 'undone',
      })),
    ],
    steps: [stepOf(on, choice)],
    undo: `Close the ${noun} and delete its branch ${branchOf(on.actionId)}; nothing else changed.`,
    risks: risksOf(on, choice),
    risk: 'narrow',
    owner: { kind: 'nobody', name: '', says: 'Nothing puts a proposal back.' },
    dryRun: on.dryRun,
    followUps: [
      {
        says: `Review and merge the ${noun}; Tocsin does not. The state lasts only from then on.`,
        afterMs: null,
      },
    ],
    before: { branch, baseSha: on.baseSha, path: target.path, pathSha: on.pathSha },
    convergeWithinMs: null,
    versions: { from: choice.commits.map(({ sha }) => sha), to: [choice.goodSha] },
  };
}

function stepOf(on: RevertOn, { goodSha, commits }: RevertChoice): PlanStep {
  const { target, baseSha, pathSha, actionId } = on;
  const call: StepCall = {
    kind: 'git-revert',
    repository: target.repository,
    commits: commits.map(({ sha }) => sha),
    base: target.branch,
    baseSha,
    branch: branchOf(actionId),
    path: target.path,
    goodSha,
    title: titleOf(target.path, goodSha),
    body: bodyOf(on, commits),
  };
  return {
    id: 's1',
    says: `Open a ${proposalNoun(target.hostKind)} that undoes ${commits.length} commit(s)`,
    call,
    from: { proposal: 'none', 'newest commit on the path': pathSha },
    to: { 'is proposed': true },
  };
}

const titleOf = (path: string, goodSha: string): string =>
  `Revert ${path === '' ? 'the repository' : path} to ${goodSha.slice(0, 12)}`;

function bodyOf(on: RevertOn, commits: readonly ListedCommit[]): string {
  const lines = commits.map(({ sha, title }) => `- ${sha} ${plainText(title, 120)}`);
  return [
    `Undoes, for incident ${on.incidentId}:`,
    '',
    ...lines,
    '',
    `Reason: ${plainText(on.reason, 500)}`,
    '',
    `Tocsin-Action: ${on.actionId}`,
  ].join('\n');
}

function risksOf({ target }: RevertOn, { isKnownHealthy }: RevertChoice): readonly string[] {
  return [
    'The proposal changes nothing that runs until somebody merges it.',
    ...(isKnownHealthy ? [] : ['Nobody recorded whether the state that comes back was healthy.']),
    target.hostKind === 'gitlab' && target.path !== ''
      ? 'GitLab reverts whole commits: what they changed beside the path is undone as well.'
      : `Everything below ${placeOf(target.path)} that was committed since is undone, all of it.`,
    'Migrations and data that these commits brought stay as they are.',
  ];
}

const placeOf = (path: string): string => (path === '' ? 'everything' : path);

const proposalNoun = (kind: RevertOn['target']['hostKind']): string =>
  kind === 'github' ? 'pull request' : 'merge request';

function refOf({ id, host, repository, service, team }: RevertOn['target']): PlanDraft['target'] {
  const cut = repository.lastIndexOf('/');
  return {
    id,
    platform: 'git',
    place: host,
    namespace: repository.slice(0, Math.max(cut, 0)),
    kind: 'Repository',
    name: repository.slice(cut + 1),
    uid: '',
    service,
    team,
  };
}
