import type { FollowUp, PlanDraft, PlanRefusal, PlanStep } from '../action/plan.ts';
import { ok, type Result } from '../shared/result.ts';
import type { Application } from './application.ts';
import { chooseEntry, runningVersion, type Choice, type Wish } from './choose-entry.ts';
import { begun, commonDraft, rearm, stepOff, type OnApplication } from './draft.ts';
import { versionName } from './observe.ts';
import { refusalOfAny, refuseHealed } from './refusals.ts';

/** What Argo CD was asked before there is a plan. */
export interface Rehearsal {
  readonly dryRun: PlanDraft['dryRun'];
  /** Whether a sync window would hold the operation now. */
  readonly isHeld: boolean;
}

/** To an entry of the history: auto-sync off first where it is on, then the operation. */
export function planRollback(
  on: OnApplication,
  { wish, ...rehearsal }: Rehearsal & { readonly wish: Wish },
): Result<PlanDraft, PlanRefusal> {
  const { application } = on;
  const refused = refusalOfAny(application);
  if (refused !== null) return refused;
  const choice = chooseEntry(application, wish);
  if (!choice.ok) return choice;
  if (application.isAutoSyncOn && application.owner !== '') return refuseHealed(application, 'off');
  return ok(rollbackDraft(on, choice.value, rehearsal));
}

function rollbackDraft(
  on: OnApplication,
  { entry, basis, isKnownHealthy }: Choice,
  { dryRun, isHeld }: Rehearsal,
): PlanDraft {
  const { application, digest } = on;
  const { name, isAutoSyncOn } = application;
  const running = runningVersion(application);
  const before = running === null ? 'unknown' : versionName(running, digest);
  const after = versionName(entry.version, digest);
  return {
    ...commonDraft(on, 'rollback'),
    title: `Roll back Application ${name} to entry ${entry.id} (${entry.version.revision.slice(0, 12)})`,
    basis,
    changes: [
      { what: `version of ${name}`, from: before, to: after },
      ...(isAutoSyncOn ? [{ what: 'auto-sync', from: 'on', to: 'off' }] : []),
    ],
    steps: rollbackSteps(on, { id: entry.id, revision: entry.version.revision, after }),
    undo: `Sync ${name} to ${before} in Argo CD, or resume auto-sync once Git is right.`,
    risks: [
      ...(isHeld ? [heldRisk(application)] : []),
      ...rollbackRisks(application, isKnownHealthy),
    ],
    risk: 'wide',
    dryRun,
    followUps: isAutoSyncOn ? [fixGit(name), rearm(name)] : [fixGit(name)],
    versions: {
      from: [running?.revision ?? '', ...application.images].filter((one) => one !== ''),
      to: [entry.version.revision],
    },
  };
}

function rollbackSteps(
  on: OnApplication,
  to: { readonly id: number; readonly revision: string; readonly after: string },
): readonly PlanStep[] {
  const { application } = on;
  const { uid, name } = application;
  const off = application.isAutoSyncOn ? [stepOff(on, 's1')] : [];
  const rollback: PlanStep = {
    id: `s${off.length + 1}`,
    says: `Roll back ${name} to entry ${to.id} of its history (${to.revision})`,
    call: { kind: 'argocd-rollback', historyId: to.id, revision: to.revision },
    from: { ...begun(on), 'auto-sync': 'off' },
    to: { uid, 'auto-sync': 'off', 'the operation goes to': to.after },
  };
  return [...off, rollback];
}

function rollbackRisks(
  { name, isAutoSyncOn }: Application,
  isKnownHealthy: boolean,
): readonly string[] {
  return [
    ...(isKnownHealthy ? [] : ['Nobody recorded whether this version was healthy.']),
    ...(isAutoSyncOn ? [`New commits do not reach ${name} until auto-sync is resumed.`] : []),
    'Resources that newer commits added are not removed (prune is off), and hooks run again.',
    'Databases and other state outside of the manifests stay as they are.',
  ];
}

const heldRisk = ({ project }: Application): string =>
  `A sync window of project ${project} is closed: Argo CD will take the operation and hold it ` +
  'until the window opens. Allow manual syncs in it before you approve.';

const fixGit = (name: string): FollowUp => ({
  says: `Revert the bad commit in Git: ${name} is OutOfSync until then, and any sync brings it back.`,
  afterMs: null,
});
