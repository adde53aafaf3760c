import type { PlanDraft, PlanRefusal } from '../../../domain/action/plan.ts';
import { readApplication, type Application } from '../../../domain/argocd/application.ts';
import { refuse } from '../../../domain/argocd/refusals.ts';
import { err, ok, type Result } from '../../../domain/shared/result.ts';
import type { ApplicationRef, ArgoCd, ArgoCdFailure } from '../../../ports/argocd.ts';
import type { PortFailure } from '../../../ports/failure.ts';

export type Planned = Promise<Result<PlanDraft, PlanRefusal | PortFailure>>;

/** The Application for a plan: what people can mend comes out as a refusal. */
export async function read(
  argocd: ArgoCd,
  ref: ApplicationRef,
): Promise<Result<Application, PlanRefusal | PortFailure>> {
  const raw = await argocd.application(ref);
  if (!raw.ok) return refusalOf(ref, raw.error);
  const application = readApplication(raw.value);
  if (application !== null) return ok(application);
  const message = `Argo CD's answer about ${ref.name} is no Application.`;
  return err({ kind: 'unavailable', message });
}

/** A failure that will not pass by itself, in a sentence; all others as they are. */
export function refusalOf(
  { server, project, name }: ApplicationRef,
  failure: ArgoCdFailure,
): Result<never, PlanRefusal | PortFailure> {
  if (failure.kind === 'not_found') {
    return refuse(
      'no_such_target',
      `Argo CD ${server} has no Application ${name} in project ${project}. ` +
        'Check "project", "application" and "appNamespace" of the target in the policy.',
    );
  }
  if (failure.status === 401 || failure.status === 403) {
    return refuse(
      'forbidden',
      `Argo CD ${server} refuses our account at ${name} in project ${project}: ${failure.message} ` +
        'It needs get, sync and update on applications of that project, and a token that is valid.',
    );
  }
  return err(failure);
}
