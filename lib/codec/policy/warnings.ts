import { formatMatcher, type Matcher } from '../../domain/alert/matcher.ts';
import { severities, type Severity } from '../../domain/policy/policy.ts';
import { findActionWarnings } from './action-warnings.ts';
import { formatDuration } from './duration.ts';
import { excerpt, type Finding, type Path } from './problem.ts';
import type { PolicyFile } from './schema.ts';
import { findSlackWarnings } from './slack-warnings.ts';

type TenantFile = PolicyFile['tenants'][string];

/** What a valid policy says that its author probably did not mean. */
export function findWarnings(file: PolicyFile): readonly Finding[] {
  return Object.entries(file.tenants).flatMap(([name, tenant]) => {
    const at = (...path: Path): Path => ['tenants', name, ...path];
    const { rules, blast } = tenant.severity;
    return [
      ...unreached(tenant.services, at('services')),
      ...unreached(rules, at('severity', 'rules')),
      ...unreached(tenant.grouping, at('grouping')),
      ...impossible(tenant.services, at('services')),
      ...impossible(rules, at('severity', 'rules')),
      ...impossible(blast, at('severity', 'blast')),
      ...impossible(tenant.grouping, at('grouping')),
      ...ownerless(tenant, at('services')),
      ...idleBlastRules(tenant, at('severity', 'blast')),
      ...slowerTargets(tenant, at('sla', 'targets')),
      ...missingFallback(tenant, at('paging', 'fallback', 'severities')),
      ...reopenAfterMaxAge(tenant, at('lifecycle', 'reopenWindow')),
      ...findSlackWarnings(tenant, ['tenants', name]),
      ...findActionWarnings(tenant, ['tenants', name]),
      ...impossible(
        tenant.runbooks.map(({ id, when }) => ({ id, match: when.match })),
        at('runbooks'),
        ['when', 'match'],
      ),
    ];
  });
}

/** The conditions of a rule; what is absent or empty holds for everything. */
interface Conditions {
  readonly id: string;
  readonly match: readonly Matcher[];
  readonly tiers?: readonly number[];
  readonly environments?: readonly string[];
}

function unreached(rules: readonly Conditions[], list: Path): readonly Finding[] {
  return rules.flatMap((rule, index) => {
    const earlier = rules.slice(0, index).find((candidate) => covers(candidate, rule));
    if (earlier === undefined) return [];
    return [
      {
        path: [...list, index, 'id'],
        of: 'value',
        problem: `${rule.id} is never reached: all that it matches goes to ${earlier.id} before it`,
        found: excerpt(rule.id),
        allowed: 'the special before the general: the first that matches decides',
        fix: `move ${rule.id} above ${earlier.id}, or remove it`,
      } as const,
    ];
  });
}

/** Whether the first rule surely takes everything that the second would. */
const covers = (first: Conditions, second: Conditions): boolean =>
  includesAll(second.match.map(formatMatcher), first.match.map(formatMatcher)) &&
  isWider(first.tiers, second.tiers) &&
  isWider(first.environments, second.environments);

const isWider = (first: readonly unknown[] = [], second: readonly unknown[] = []): boolean =>
  first.length === 0 || (second.length > 0 && includesAll(first, second));

const includesAll = (all: readonly unknown[], some: readonly unknown[]): boolean =>
  some.every((each) => all.includes(each));

/** Two values demanded of one label: an easy slip for who means "one of them". */
function impossible(
  rules: readonly Conditions[],
  list: Path,
  match: Path = ['match'],
): readonly Finding[] {
  return rules.flatMap((rule, index) => {
    const equal = rule.match.filter(({ operator }) => operator === '=');
    const second = equal.find((one) =>
      equal.some(({ label, value }) => label === one.label && value !== one.value),
    );
    if (second === undefined) return [];
    const values = equal.filter(({ label }) => label === second.label).map(({ value }) => value);
    const either = { ...second, operator: '=~', value: values.join('|') } as const;
    return [
      {
        path: [...list, index, ...match],
        of: 'key',
        problem: `${rule.id} never matches: ${second.label} cannot have two values at once`,
        found: excerpt(values.join(' and ')),
        allowed: 'matchers that can all hold for one alert',
        fix: `write ${formatMatcher(either)} for either of them`,
      } as const,
    ];
  });
}

function ownerless({ services }: TenantFile, list: Path): readonly Finding[] {
  return services.flatMap(({ id, team }, index) => {
    if (team !== undefined) return [];
    return [
      {
        path: [...list, index, 'id'],
        of: 'value',
        problem: `the service ${id} has no team, and pages will name no owner`,
        found: null,
        allowed: 'the team that owns it',
        fix: 'add team: with its name',
      } as const,
    ];
  });
}

function idleBlastRules({ severity }: TenantFile, list: Path): readonly Finding[] {
  return severity.blast.flatMap((rule, index) => {
    if (rule.severity !== 'P2') return [];
    return [
      {
        path: [...list, index, 'severity'],
        of: 'value',
        problem: `${rule.id} never raises anything, since no incident is below P2`,
        found: rule.severity,
        allowed: 'P0 or P1',
        fix: 'write severity: P1, or remove the rule',
      } as const,
    ];
  });
}

function slowerTargets({ sla }: TenantFile, targets: Path): readonly Finding[] {
  return severities.slice(0, -1).flatMap((graver, index) =>
    (['respond', 'resolve'] as const).flatMap((clock) => {
      const lesser: Severity = severities[index + 1] ?? 'P2';
      const [slow, quick] = [sla.targets[graver][clock], sla.targets[lesser][clock]];
      if (slow <= quick) return [];
      return [
        {
          path: [...targets, graver, clock],
          of: 'value',
          problem: `${graver} gives more time to ${clock} than ${lesser} does`,
          found: formatDuration(slow),
          allowed: `at most the ${formatDuration(quick)} of ${lesser}`,
          fix: `write ${clock}: ${formatDuration(quick)} or less`,
        } as const,
      ];
    }),
  );
}

function missingFallback({ paging }: TenantFile, path: Path): readonly Finding[] {
  if (paging.fallback.severities.includes('P0')) return [];
  return [
    {
      path,
      of: 'key',
      problem: 'P0 has no second channel: while PagerDuty is down, nobody is paged',
      found: excerpt(paging.fallback.severities.join(', ')),
      allowed: 'P0 among them',
      fix: 'write severities: [P0, P1]',
    },
  ];
}

function reopenAfterMaxAge({ lifecycle }: TenantFile, path: Path): readonly Finding[] {
  if (lifecycle.reopenWindow <= lifecycle.maxAge) return [];
  return [
    {
      path,
      of: 'value',
      problem: 'an incident that is old enough to be closed would still be reopened',
      found: formatDuration(lifecycle.reopenWindow),
      allowed: `at most maxAge, ${formatDuration(lifecycle.maxAge)}`,
      fix: `write reopenWindow: ${formatDuration(lifecycle.maxAge)} or less`,
    },
  ];
}
