import type { PlanDraft, PlanRefusal } from '../../../domain/action/plan.ts';
import { isBusy, type Application } from '../../../domain/argocd/application.ts';
import type { OnApplication } from '../../../domain/argocd/draft.ts';
import { planRollback, type Rehearsal } from '../../../domain/argocd/plan-rollback.ts';
import { refuse } from '../../../domain/argocd/refusals.ts';
import { invariant } from '../../../domain/shared/invariant.ts';
import { plainText } from '../../../domain/shared/plain-text.ts';
import { ok, type Result } from '../../../domain/shared/result.ts';
import { seconds } from '../../../domain/shared/time.ts';
import type { ApplicationRef, ArgoCd } from '../../../ports/argocd.ts';
import type { PortFailure } from '../../../ports/failure.ts';
import type { Planning } from '../actuator.ts';
import type { ArgoCdActuatorDeps } from './deps.ts';
import { read, refusalOf, type Planned } from './read.ts';

interface Rollback {
  readonly planning: Planning;
  readonly argocd: ArgoCd;
  readonly ref: ApplicationRef;
  readonly on: OnApplication;
}

/** A dry run takes Argo CD a few seconds: it renders the manifests and asks the cluster. */
const pollEveryMs = seconds(1);
const maxPolls = 10;

/**
 * The plan of a rollback, after Argo CD has tried it without effect where it can: its dry run is
 * an operation of its own, which auto-sync forbids and which a closed sync window would hold.
 */
export async function rehearsedRollback(deps: ArgoCdActuatorDeps, of: Rollback): Planned {
  const { argocd, ref, on } = of;
  const first = planOf(of, on, unrehearsed);
  if (!first.ok) return first;
  const canSync = await argocd.canSync(ref);
  if (!canSync.ok) return refusalOf(ref, canSync.error);
  const isHeld = !canSync.value;
  if (isHeld) return planOf(of, on, { isHeld, dryRun: unavailable(heldSays) });
  if (on.application.isAutoSyncOn) {
    return planOf(of, on, { isHeld, dryRun: unavailable(autoSyncSays) });
  }
  const tried = await tryOut(deps, of, first.value);
  if (!tried.ok) return tried;
  return planOf(
    of,
    { ...on, application: tried.value.application },
    { isHeld, dryRun: tried.value.dryRun },
  );
}

function planOf(
  { planning }: Rollback,
  on: OnApplication,
  rehearsal: Rehearsal,
): Result<PlanDraft, PlanRefusal> {
  const { parameters } = planning.request;
  const to = Object.hasOwn(parameters, 'to') ? (parameters['to'] ?? null) : null;
  const wish = { to, healthyVersions: planning.healthyVersions };
  return planRollback(on, { wish, ...rehearsal });
}

type Tried = Promise<
  Result<Pick<OnApplication, 'application'> & Pick<Rehearsal, 'dryRun'>, PlanRefusal | PortFailure>
>;

async function tryOut(deps: ArgoCdActuatorDeps, of: Rollback, draft: PlanDraft): Tried {
  const { argocd, ref } = of;
  const call = draft.steps.at(-1)?.call;
  invariant(call?.kind === 'argocd-rollback', 'the last step of a rollback is one');
  const begun = await argocd.rollback(ref, { historyId: call.historyId, isDryRun: true });
  if (begun.ok) return outcomeOf(deps, of);
  const { status, message } = begun.error;
  return status === 400 ? failed(message) : refusalOf(ref, begun.error);
}

async function outcomeOf({ clock }: ArgoCdActuatorDeps, { argocd, ref, on }: Rollback): Tried {
  for (let poll = 0; poll < maxPolls; poll += 1) {
    await clock.sleep(pollEveryMs);
    const seen = await read(argocd, ref);
    if (!seen.ok) return seen;
    const application = seen.value;
    const { operation } = application;
    if (operation === null || !hasEndedSince(on.application, application)) continue;
    if (operation.phase !== 'Succeeded') return failed(operation.message);
    const says = 'Argo CD tried the rollback without effect, and would apply it.';
    return ok({ application, dryRun: { kind: 'passed', says } });
  }
  return refuse(
    'not_ready',
    `The dry run of the rollback of ${ref.name} did not end within ${maxPolls} s. Look at its ` +
      'operation in Argo CD (its controller may be down or overloaded), end it, and ask again.',
  );
}

const hasEndedSince = (before: Application, now: Application): boolean =>
  !isBusy(now) && now.operation?.startedAt !== before.operation?.startedAt;

const failed = (message: string): Result<never, PlanRefusal> =>
  refuse(
    'dry_run_failed',
    `Argo CD would refuse the rollback: ${plainText(message, 400)}. Mend that, or choose another ` +
      'entry with to=<id>.',
  );

const unavailable = (says: string): Rehearsal['dryRun'] => ({ kind: 'unavailable', says });

const heldSays = 'A closed sync window would hold the dry run as well, so that none was made.';
const autoSyncSays = 'Argo CD refuses a dry run of a rollback while auto-sync is on.';

const unrehearsed: Rehearsal = { isHeld: false, dryRun: unavailable(autoSyncSays) };
