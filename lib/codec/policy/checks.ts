import { severities } from '../../domain/policy/policy.ts';
import { checkActions } from './checks-actions.ts';
import { idsOf, itemsOf, repeatedNames, repeats, unknownNames, type Content } from './content.ts';
import { defaultTargets, type DefaultTarget } from './defaults.ts';
import { parseDuration } from './duration.ts';
import { excerpt, type Finding, type Path } from './problem.ts';
import { nearest } from './suggest.ts';
import { valueAt } from './value-at.ts';

/**
 * The rules that look at more than one place. They read the raw content, so that they speak up
 * even while the schema has complaints about other places.
 */
export function checkContent(value: unknown): readonly Finding[] {
  const tenants = valueAt(value, ['tenants']);
  if (typeof tenants !== 'object' || tenants === null || Array.isArray(tenants)) return [];
  const names = Object.keys(tenants);
  if (names.length === 0) return [noTenant];
  if (names.length > maxTenants) return [tooManyTenants(names.length)];
  const content = { value };
  return [
    ...repeats(
      content,
      names.flatMap((name) => [
        ['tenants', name, 'sources'],
        ['tenants', name, 'changeSources'],
      ]),
      'id',
    ),
    ...names.flatMap((name) => checkTenant(content, ['tenants', name])),
  ];
}

const maxTenants = 50;

const noTenant: Finding = {
  path: ['tenants'],
  of: 'key',
  problem: 'there is no tenant',
  found: 'an empty mapping',
  allowed: `1 to ${maxTenants} tenants`,
  fix: 'add default: with the sources of your team',
};

const tooManyTenants = (count: number): Finding => ({
  ...noTenant,
  problem: `there are ${count} tenants`,
  found: `a mapping of ${count}`,
  fix: 'use a second installation, or make teams of one tenant services',
});

function checkTenant(content: Content, tenant: Path): readonly Finding[] {
  const at = (...path: Path): Path => [...tenant, ...path];
  return [
    ...repeats(content, [at('services')], 'id'),
    ...repeats(content, [at('severity', 'rules'), at('severity', 'blast')], 'id'),
    ...repeats(content, [at('grouping')], 'id'),
    ...repeats(content, [at('people')], 'id'),
    ...repeats(content, [at('people')], 'email'),
    ...repeats(content, [at('people')], 'pagerdutyUserId'),
    ...repeats(content, [at('people')], 'slackUserId'),
    ...reserved(content, [at('severity', 'rules'), at('severity', 'blast')], 'default'),
    ...reserved(content, [at('grouping')], 'source-group'),
    ...itemsOf(content, at('severity', 'blast')).flatMap((path) => blastBound(content, path)),
    ...itemsOf(content, at('grouping')).flatMap((path) => groupingKeys(content, path)),
    ...stageOrder(content, at('sla', 'stages')),
    ...severities.flatMap((name) => targetOrder(content, at('sla', 'targets', name))),
    ...labelNames(content, tenant),
    ...repeatedNames(content, at('people'), 'logins'),
    ...repeatedNames(content, at('people'), 'apiNames'),
    ...unknownNames(content, itemsOf(content, at('slack', 'ownChannel', 'invite')), {
      what: 'person',
      section: 'people',
      names: idsOf(content, at('people')),
    }),
    ...checkActions(content, tenant),
  ];
}

/** Ids that reasons in the timeline already use for what holds when no rule does. */
function reserved(content: Content, lists: readonly Path[], name: string): readonly Finding[] {
  return lists
    .flatMap((list) => itemsOf(content, list))
    .map((item) => [...item, 'id'])
    .filter((path) => valueAt(content.value, path) === name)
    .map((path) => ({
      path,
      of: 'value',
      problem: `${name} names what holds when no rule does`,
      found: excerpt(name),
      allowed: 'another id',
      fix: `write id: ${name}-rule`,
    }));
}

function blastBound({ value }: Content, path: Path): readonly Finding[] {
  const isBound = (key: string): boolean => valueAt(value, [...path, key]) !== undefined;
  if (isBound('minServices') || isBound('minAlerts')) return [];
  return [
    {
      path,
      of: 'value',
      problem: 'this rule has no bound, so that every incident would meet it',
      found: null,
      allowed: 'minServices, minAlerts or both',
      fix: 'add minServices: 3',
    },
  ];
}

const derived = ['@service', '@environment', '@source'];

function groupingKeys(content: Content, path: Path): readonly Finding[] {
  const seen = new Set<unknown>();
  return itemsOf(content, [...path, 'by']).flatMap((item): readonly Finding[] => {
    const name = valueAt(content.value, item);
    const isRepeat = seen.has(name);
    seen.add(name);
    const base = { path: item, of: 'value', found: excerpt(name) } as const;
    if (isRepeat) {
      const problem = `${excerpt(name)} is here twice`;
      return [{ ...base, problem, allowed: 'each name once', fix: 'remove one of the two' }];
    }
    if (typeof name !== 'string' || !name.startsWith('@') || derived.includes(name)) return [];
    const problem = `there is no ${excerpt(name)}`;
    const fix = `write - '${nearest(name, derived) ?? '@service'}'`;
    return [{ ...base, problem, allowed: `a label name, or ${derived.join(', ')}`, fix }];
  });
}

function stageOrder({ value }: Content, path: Path): readonly Finding[] {
  const stages = valueAt(value, path);
  if (!Array.isArray(stages) || !stages.every((each) => typeof each === 'number')) return [];
  const isAscending = stages.every((each, index) => index === 0 || each > (stages[index - 1] ?? 0));
  if (stages.length === 0 || (isAscending && stages.at(-1) === 100)) return [];
  const sorted = [...new Set([...stages.filter((each) => each >= 1 && each < 100), 100])];
  return [
    {
      path,
      of: 'key',
      problem: isAscending ? 'the last stage is not 100' : 'the stages do not ascend',
      found: JSON.stringify(stages).slice(0, 60),
      allowed: 'ascending whole numbers of which the last is 100, the breach',
      fix: `write stages: [${sorted.sort((a, b) => a - b).join(', ')}]`,
    },
  ];
}

function targetOrder({ value }: Content, target: Path): readonly Finding[] {
  const severity = severities.find((each) => each === target.at(-1)) ?? 'P2';
  const written = (key: keyof DefaultTarget): string => {
    const text = valueAt(value, [...target, key]) ?? defaultTargets[severity][key];
    return typeof text === 'string' ? text : '';
  };
  const respond = parseDuration(written('respond'));
  const resolve = parseDuration(written('resolve'));
  if (respond === null || resolve === null || respond <= resolve) return [];
  return [
    {
      path: [...target, 'respond'],
      of: 'value',
      problem: 'the time to respond is longer than the time to resolve',
      found: written('respond'),
      allowed: `at most the time to resolve, ${written('resolve')}`,
      fix: `write respond: ${written('resolve')}, or make resolve longer`,
    },
  ];
}

/** Prometheus keeps names with two underscores in front for itself and strips them. */
function labelNames(content: Content, tenant: Path): readonly Finding[] {
  return itemsOf(content, [...tenant, 'sources'])
    .map((source) => [...source, 'labels'])
    .flatMap((path) =>
      Object.keys(valueAt(content.value, path) ?? {}).map((name) => [...path, name]),
    )
    .filter((path) => path.at(-1)?.toString().startsWith('__'))
    .map((path) => ({
      path,
      of: 'key',
      problem: `labels that start with __ never leave Prometheus`,
      found: excerpt(path.at(-1)),
      allowed: 'a label name that does not start with two underscores',
      fix: `write ${String(path.at(-1)).replace(/^_+/, '') || 'cluster'}`,
    }));
}
