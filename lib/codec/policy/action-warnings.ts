import { verbsFor } from '../../domain/policy/target-verbs.ts';
import type { Finding, Path } from './problem.ts';
import type { PolicyFile } from './schema.ts';
import { toActions } from './to-actions.ts';

type TenantFile = PolicyFile['tenants'][string];

/** What a tenant with targets or runbooks probably means otherwise. */
export const findActionWarnings = (tenant: TenantFile, path: Path): readonly Finding[] => [
  ...unproven(tenant, [...path, 'targets']),
  ...mayNotApprove(tenant, [...path, 'targets']),
  ...nobodyMayApprove(tenant, [...path, 'targets']),
  ...unusedChecks(tenant, [...path, 'checks']),
  ...silentRunbooks(tenant, [...path, 'runbooks']),
  ...impossibleRunbooks(tenant, [...path, 'runbooks']),
];

function unproven({ targets }: TenantFile, list: Path): readonly Finding[] {
  return targets.flatMap(({ id, checks }, index) => {
    if (checks.length > 0) return [];
    return [
      {
        path: [...list, index, 'id'],
        of: 'value',
        problem: `${id} has no checks, so that no action on it can ever be verified`,
        found: null,
        allowed: 'ids of checks that tell whether it works',
        fix: 'add checks: with one at least',
      } as const,
    ];
  });
}

const mayApprove = ({ roles }: TenantFile['people'][number]): boolean => roles.includes('approver');

function mayNotApprove({ targets, people }: TenantFile, list: Path): readonly Finding[] {
  return targets.flatMap(({ approvers }, index) =>
    approvers.flatMap((id, place) => {
      const person = people.find((each) => each.id === id);
      if (person === undefined || mayApprove(person)) return [];
      return [
        {
          path: [...list, index, 'approvers', place],
          of: 'value',
          problem: `${id} may not approve anything`,
          found: id,
          allowed: 'people with the role approver',
          fix: `add approver to the roles of ${id} in people`,
        } as const,
      ];
    }),
  );
}

/** A second one is needed where the first asked for the action, or made the change. */
function nobodyMayApprove({ targets, people }: TenantFile, list: Path): readonly Finding[] {
  const count = people.filter(mayApprove).length;
  if (targets.length === 0 || count > 1) return [];
  return [
    {
      path: list,
      of: 'key',
      problem: count === 0 ? 'nobody may approve an action' : 'one person alone may approve',
      found: null,
      allowed: 'at least two people with the role approver: nobody approves what they asked for',
      fix: 'add roles: [approver] to those people',
    },
  ];
}

function unusedChecks({ checks, targets }: TenantFile, list: Path): readonly Finding[] {
  return checks.flatMap(({ id }, index) => {
    if (targets.some((target) => target.checks.includes(id))) return [];
    return [
      {
        path: [...list, index, 'id'],
        of: 'value',
        problem: `no target names the check ${id}, and it is never made`,
        found: id,
        allowed: 'checks that a target names',
        fix: 'add it to the checks of a target, or remove it',
      } as const,
    ];
  });
}

function silentRunbooks({ runbooks }: TenantFile, list: Path): readonly Finding[] {
  return runbooks.flatMap(({ id, willNot }, index) => {
    if (willNot !== undefined) return [];
    return [
      {
        path: [...list, index, 'id'],
        of: 'value',
        problem: `${id} does not say what it will not do`,
        found: null,
        allowed: 'a sentence in which people can trust',
        fix: 'add willNot: with that sentence',
      } as const,
    ];
  });
}

/** Without a target of its own, a runbook needs one that can what it proposes. */
function impossibleRunbooks(tenant: TenantFile, list: Path): readonly Finding[] {
  const { runbooks, targets } = toActions(tenant);
  return runbooks.flatMap(({ id, action, when }, index) => {
    if (action === null || action.target !== null) return [];
    const { verb } = action;
    const canBe = targets.some(
      (target) =>
        target.service !== null &&
        (when.services.length === 0 || when.services.includes(target.service)) &&
        verbsFor(target).includes(verb) &&
        (verb !== 'scale' || target.replicas !== null),
    );
    if (canBe) return [];
    return [
      {
        path: [...list, index, 'action', 'verb'],
        of: 'value',
        problem: `${id} never proposes anything: no target of its services can ${verb}`,
        found: verb,
        allowed: 'a verb that fits a target of the service; scale needs its replicas',
        fix: 'add such a target, or name one with target:',
      } as const,
    ];
  });
}
