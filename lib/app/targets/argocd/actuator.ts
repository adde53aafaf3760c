import {
  readApplication,
  markAnnotation,
  type Application,
} from '../../../domain/argocd/application.ts';
import { convergenceOf, factsOf } from '../../../domain/argocd/observe.ts';
import type { OnApplication } from '../../../domain/argocd/draft.ts';
import { planPause, planResume } from '../../../domain/argocd/plan-auto-sync.ts';
import { refuse } from '../../../domain/argocd/refusals.ts';
import type { Observation } from '../../../domain/action/observation.ts';
import type { Plan, PlanStep } from '../../../domain/action/plan.ts';
import type { TargetPolicy } from '../../../domain/policy/action-policy.ts';
import { err, ok, type Result } from '../../../domain/shared/result.ts';
import type { ApplicationRef, ArgoCd } from '../../../ports/argocd.ts';
import type { PortFailure } from '../../../ports/failure.ts';
import type { Actuator, Planning, SendFailure } from '../actuator.ts';
import type { ArgoCdActuatorDeps } from './deps.ts';
import { rehearsedRollback } from './rehearsed-rollback.ts';
import { read, type Planned } from './read.ts';

/**
 * Argo CD's Applications: `rollback` to an entry of the history, `pause` and `resume` of auto-sync.
 * Everything goes through Argo CD's API; the cluster below it is not touched.
 */
export function createArgoCdActuator(deps: ArgoCdActuatorDeps): Actuator {
  return {
    plan: (planning) => plan(deps, planning),
    send: (of, step) => send(deps.argocds.open(of.tenant), refOfPlan(of), step),
    look: (of, step) => look(deps, of, step),
  };
}

type ArgoCdPlace = Extract<TargetPolicy['on'], { readonly kind: 'argocd' }>;

async function plan(deps: ArgoCdActuatorDeps, planning: Planning): Planned {
  const { target, tenant, request, actionId } = planning;
  const { on: place } = target;
  if (place.kind !== 'argocd') return refuse('verb_not_for_target', notArgoCd(target));
  const argocd = deps.argocds.open(tenant.id);
  const ref = refOfPlace(place);
  const found = await read(argocd, ref);
  if (!found.ok) return found;
  const { server, project } = place;
  const on: OnApplication = {
    application: found.value,
    target: { id: target.id, service: target.service, team: target.team, server, project },
    actionId,
    digest: deps.hashing.digest,
  };
  switch (request.verb) {
    case 'rollback':
      return rehearsedRollback(deps, { planning, argocd, ref, on });
    case 'pause':
      return planPause(on);
    case 'resume':
      return planResume(on);
    case 'scale':
    case 'restart':
    case 'abort':
    case 'retry':
    case 'promote':
    case 'switch':
    case 'shift':
    case 'revert':
      return refuse(
        'verb_not_for_target',
        `An Application of Argo CD can be rolled back, paused or resumed; "${request.verb}" is ` +
          'for what it deploys. Ask for it on the workload, or for a rollback here.',
      );
  }
}

const notArgoCd = ({ id, on }: TargetPolicy): string =>
  `Target ${id} is a ${on.kind} and no Application of Argo CD. Check its "on" in the policy.`;

const refOfPlace = ({
  server,
  project,
  application,
  appNamespace,
}: ArgoCdPlace): ApplicationRef => ({
  server,
  project,
  name: application,
  appNamespace,
});

/** The namespace was read from the object itself as the plan was made. */
function refOfPlan({ target, before }: Plan): ApplicationRef {
  const isRecord = typeof before === 'object' && before !== null && !Array.isArray(before);
  // An array was ruled out, which `isArray` does not tell of a readonly one.
  const saved = isRecord ? (before as Readonly<Record<string, unknown>>)['appNamespace'] : null;
  const appNamespace = typeof saved === 'string' && saved !== '' ? saved : null;
  return { server: target.place, project: target.namespace, name: target.name, appNamespace };
}

async function send(
  argocd: ArgoCd,
  ref: ApplicationRef,
  { call }: PlanStep,
): Promise<Result<void, SendFailure>> {
  switch (call.kind) {
    case 'argocd-patch':
      return sent(await argocd.patch(ref, call.patch));
    case 'argocd-rollback':
      return sent(await argocd.rollback(ref, { historyId: call.historyId, isDryRun: false }));
    case 'argocd-sync':
      return sent(await argocd.sync(ref, { revision: call.revision, isDryRun: false }));
    case 'kube-patch':
    case 'kube-delete-pod':
    case 'git-revert':
      return err({
        kind: 'rejected',
        message: `A step of kind "${call.kind}" is not for Argo CD; nothing was sent.`,
        isLost: false,
      });
  }
}

const sent = (answer: Result<unknown, PortFailure>): Result<void, SendFailure> =>
  answer.ok ? ok(undefined) : err({ ...answer.error, isLost: mayHaveHappened(answer.error) });

/** Argo CD answers what it refused; without an answer, or with half of one, nobody knows. */
function mayHaveHappened({ kind }: PortFailure): boolean {
  switch (kind) {
    case 'timeout':
    case 'unavailable':
    case 'too_large':
      return true;
    case 'conflict':
    case 'not_found':
    case 'throttled':
    case 'rejected':
      return false;
  }
}

async function look(
  { argocds, clock, hashing }: ArgoCdActuatorDeps,
  plan: Plan,
  step: PlanStep,
): Promise<Result<Observation, PortFailure>> {
  const raw = await argocds.open(plan.tenant).application(refOfPlan(plan));
  if (!raw.ok) return raw;
  const application = readApplication(raw.value);
  if (application === null) {
    const message = `Argo CD's answer about ${plan.target.name} is no Application.`;
    return err({ kind: 'unavailable', message });
  }
  return ok({
    atMs: clock.now(),
    facts: factsOf(application, hashing.digest),
    mark: markOn(application),
    convergence: convergenceOf(application, { verb: plan.verb, step }),
  });
}

const markOn = ({ annotations }: Application): string | null =>
  Object.hasOwn(annotations, markAnnotation) ? (annotations[markAnnotation] ?? null) : null;
