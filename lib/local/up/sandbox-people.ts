import type { Policy } from '../../domain/policy/policy.ts';
import { DEFAULT_PEOPLE, type SandboxPerson } from '../sandbox/pagerduty/settings.ts';

/**
 * The users of the sandbox: the people whom the policy knows in PagerDuty, the first one on call,
 * so that who acts there has the same name here. Two made-up ones when there are none.
 */
export function sandboxPeople({ tenants }: Policy): readonly [SandboxPerson, ...SandboxPerson[]] {
  const known = new Map(
    tenants.flatMap(({ people }) =>
      people.flatMap(({ name, email, pagerdutyUserId: id }) =>
        email === null || id === null ? [] : [[email.toLowerCase(), { name, email, id }] as const],
      ),
    ),
  );
  const [first, ...others] = known.values();
  return first === undefined ? DEFAULT_PEOPLE : [first, ...others];
}
