import type { Principal } from '../../domain/incident/principal.ts';
import type { PersonPolicy, TenantPolicy } from '../../domain/policy/policy.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';

/** Somebody whom the API has verified: `id` is the ARN, `name` the last part of it. */
type Caller = Extract<Principal, { readonly kind: 'person' }>;

/** A verified caller as the policy knows them. */
export interface ActingPerson {
  readonly person: PersonPolicy;
  /** The caller under the name that the policy gives. */
  readonly by: Caller;
}

/**
 * The person of the policy who a caller is, by `apiNames`. In AWS the whole ARN counts, since
 * whoever takes a role may choose the name of the session; on one machine the name of the token
 * counts too, which the machine has checked. Otherwise a sentence that says which line to add.
 */
export function actingPerson(
  { people, id: tenant }: Pick<TenantPolicy, 'people' | 'id'>,
  caller: Caller,
  { isOneMachine }: { readonly isOneMachine: boolean },
): Result<ActingPerson, string> {
  const names = isOneMachine ? [caller.name, caller.id] : [caller.id];
  const person = people.find(({ apiNames }) => apiNames.some((name) => names.includes(name)));
  if (person !== undefined) return ok({ person, by: { ...caller, name: person.name } });
  const line = `apiNames: ['${names[0] ?? caller.id}']`;
  const then = isOneMachine ? 'start Tocsin again' : 'deploy the policy';
  return err(
    `Nobody of tenant ${tenant} has this name in the API, so nothing may be asked for. Add the ` +
      `line ${line} to a person with the role responder or approver, and ${then}.`,
  );
}

/** Why a person may not ask for actions, tick steps, lock or halt; null when they may. */
export function whyMayNotRespond({ name, roles }: PersonPolicy): string | null {
  return roles.includes('responder') || roles.includes('approver')
    ? null
    : `${name} may only look: this needs the role responder or approver in the policy.`;
}

/** Why a person may not lift the halt; null when they may. Anybody who responds may call one. */
export function whyMayNotLift({ name, roles }: PersonPolicy): string | null {
  return roles.includes('approver')
    ? null
    : `${name} may call a halt, not lift it: that needs the role approver in the policy.`;
}
