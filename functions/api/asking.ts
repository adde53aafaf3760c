import { tenantOf } from '../../lib/app/deps.ts';
import type { IncidentRef } from '../../lib/app/read-incidents.ts';
import {
  notFound,
  problemResponse,
  unavailable,
  type ApiProblem,
} from '../../lib/codec/api-error.ts';
import { personOfArn, type VerifiedPerson } from '../../lib/codec/caller.ts';
import type { HttpRequest } from '../../lib/codec/http-event.ts';
import { unauthorizedResponse, type HttpResponse } from '../../lib/codec/http-response.ts';
import { err, ok, type Result } from '../../lib/domain/shared/result.ts';
import type { ApiDeps } from '../../lib/wire/api.ts';

/** One request with what its path names. */
export interface Call {
  readonly request: HttpRequest;
  /** Of the incident, the action or the target that the path names; empty where it names none. */
  readonly id: string;
}

/** Who asks, and about what. */
export interface Asked {
  readonly person: VerifiedPerson;
  readonly ref: IncidentRef;
}

/**
 * The person whom IAM verified and the incident of a tenant that exists; otherwise the answer that
 * says so. `tenant` is as the request names it: the first of the policy when it names none.
 */
export function whoAsks(
  app: ApiDeps,
  { request, id: incidentId }: Call,
  tenant: Result<string | null, ApiProblem>,
): Result<Asked, HttpResponse> {
  const { principal, path, requestId } = request;
  const person = personOfArn(principal);
  if (person === null) {
    app.log.warn('A request without a verified caller was refused.', { path, requestId });
    return err(unauthorizedResponse());
  }
  if (!tenant.ok) return err(problemResponse(tenant.error, requestId));
  const known = tenantNamed(app, tenant.value);
  if (known === null) return err(problemResponse(notFound, requestId));
  return ok({ person, ref: { tenant: known, incidentId } });
}

/** The id of the tenant that is meant, or null when the policy has no such tenant. */
export function tenantNamed({ policy }: ApiDeps, named: string | null): string | null {
  const id = named ?? policy.tenants[0]?.id;
  return id === undefined ? null : (tenantOf(policy, id)?.id ?? null);
}

/** Whether a failure below says that there is no such thing. */
export const isNowhere = ({ kind }: { readonly kind: string }): boolean =>
  kind === 'not_found' || kind === 'no_such_incident';

/** The answer to a failure below: what is not there is said, all else is worth another try. */
export function failureResponse(
  app: ApiDeps,
  { path, requestId }: HttpRequest,
  failure: { readonly kind: string; readonly message: string },
): HttpResponse {
  if (isNowhere(failure)) return problemResponse(notFound, requestId);
  app.log.error('A request was not answered.', { path, requestId, why: failure });
  return problemResponse(unavailable, requestId);
}
