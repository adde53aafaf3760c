import { checkGuardrails } from './checks-guardrails.ts';
import { checkRunbook } from './checks-runbooks.ts';
import { idsOf, itemsOf, repeats, textAt, unknownNames, type Content } from './content.ts';
import { excerpt, type Finding, type Path } from './problem.ts';
import { oneOf } from './schema-walk.ts';
import { nearest } from './suggest.ts';
import { valueAt } from './value-at.ts';

/** The rules about clusters, targets, checks and runbooks that look at more than one place. */
export function checkActions(content: Content, tenant: Path): readonly Finding[] {
  const at = (...path: Path): Path => [...tenant, ...path];
  const lists = ['clusters', 'argocd', 'gitHosts', 'targets', 'checks', 'runbooks'];
  return [
    ...lists.flatMap((list) => repeats(content, [at(list)], 'id')),
    ...namesIn(content, tenant),
    ...itemsOf(content, at('sources')).flatMap((path) => sourceApi(content, path)),
    ...itemsOf(content, at('targets')).flatMap((path) => [
      ...foreignNamespace(content, tenant, path),
      ...equalSides(content, [...path, 'on', 'sides']),
      ...upsideDown(content, [...path, 'replicas'], ['min', 'max']),
    ]),
    ...itemsOf(content, at('checks')).flatMap((path) => [
      ...checkBounds(content, path),
      ...upsideDown(content, path, ['atLeast', 'atMost']),
    ]),
    ...itemsOf(content, at('runbooks')).flatMap((path) => checkRunbook(content, tenant, path)),
    ...checkGuardrails(content, at('guardrails')),
  ];
}

function namesIn(content: Content, tenant: Path): readonly Finding[] {
  const at = (...path: Path): Path => [...tenant, ...path];
  const each = (list: string, ...key: Path): readonly Path[] =>
    itemsOf(content, at(list)).map((item) => [...item, ...key]);
  const named = (what: string, section: string) => ({
    what,
    section,
    names: idsOf(content, at(section)),
  });
  const listed = (places: readonly Path[]) => places.flatMap((place) => itemsOf(content, place));
  const services = [
    ...each('targets', 'service'),
    ...listed(each('runbooks', 'when', 'services')),
    ...each('changeSources', 'services').flatMap((path) =>
      Object.keys(valueAt(content.value, path) ?? {}).map((key) => [...path, key]),
    ),
  ];
  return [
    ...unknownNames(content, services, named('service', 'services')),
    ...unknownNames(content, each('targets', 'on', 'cluster'), named('cluster', 'clusters')),
    ...unknownNames(content, each('targets', 'on', 'server'), named('Argo CD', 'argocd')),
    ...unknownNames(content, each('targets', 'git', 'host'), named('Git host', 'gitHosts')),
    ...unknownNames(content, listed(each('targets', 'checks')), named('check', 'checks')),
    ...unknownNames(content, listed(each('targets', 'approvers')), named('person', 'people')),
    ...unknownNames(content, each('runbooks', 'action', 'target'), named('target', 'targets')),
  ];
}

function sourceApi(content: Content, source: Path): readonly Finding[] {
  const path = [...source, 'apiUrl'];
  const found = textAt(content, path);
  if (found === null || textAt(content, [...source, 'kind']) !== 'cloud-monitoring') return [];
  return [
    {
      path,
      of: 'key',
      problem: 'Cloud Monitoring tells nobody whether an alert still fires',
      found: 'apiUrl',
      allowed: 'apiUrl for sources of kind alertmanager',
      fix: 'remove it: the alert is taken for resolved when the source says so',
    },
  ];
}

/** What a cluster does not list is never changed, so that the target could never be acted on. */
function foreignNamespace(content: Content, tenant: Path, target: Path): readonly Finding[] {
  const path = [...target, 'on', 'namespace'];
  const namespace = textAt(content, path);
  const name = textAt(content, [...target, 'on', 'cluster']);
  const cluster = itemsOf(content, [...tenant, 'clusters']).find(
    (item) => name !== null && textAt(content, [...item, 'id']) === name,
  );
  if (namespace === null || cluster === undefined) return [];
  const listed = itemsOf(content, [...cluster, 'namespaces'])
    .map((item) => textAt(content, item))
    .filter((item) => item !== null);
  if (listed.length === 0 || listed.includes(namespace)) return [];
  const meant = nearest(namespace, listed);
  return [
    {
      path,
      of: 'value',
      problem: `the cluster ${String(name)} does not list the namespace ${excerpt(namespace)}`,
      found: excerpt(namespace),
      allowed: oneOf(listed),
      fix: meant === null ? `add it to the namespaces of ${String(name)}` : `write ${meant}`,
    },
  ];
}

function equalSides({ value }: Content, path: Path): readonly Finding[] {
  const sides = valueAt(value, path);
  if (!Array.isArray(sides) || sides.length !== 2 || sides[0] !== sides[1]) return [];
  return [
    {
      path: [...path, 1],
      of: 'value',
      problem: 'both sides are the same',
      found: excerpt(sides[1]),
      allowed: 'two different values of the selector',
      fix: 'write the other side, such as green',
    },
  ];
}

function upsideDown(
  { value }: Content,
  path: Path,
  [low, high]: readonly [string, string],
): readonly Finding[] {
  const [least, most] = [valueAt(value, [...path, low]), valueAt(value, [...path, high])];
  if (typeof least !== 'number' || typeof most !== 'number' || least <= most) return [];
  return [
    {
      path: [...path, low],
      of: 'value',
      problem: `${low} is above ${high}, so that nothing lies between`,
      found: String(least),
      allowed: `at most ${high}, ${most}`,
      fix: `write ${low}: ${most}, or raise ${high}`,
    },
  ];
}

function checkBounds(content: Content, check: Path): readonly Finding[] {
  const kind = textAt(content, [...check, 'measure', 'kind']);
  const bounds = ['atLeast', 'atMost'].filter(
    (key) => valueAt(content.value, [...check, key]) !== undefined,
  );
  if (kind === 'http') {
    return bounds.map((key) => ({
      path: [...check, key],
      of: 'key',
      problem: 'an http check is good or not, and has no bounds',
      found: key,
      allowed: 'only id, name and measure',
      fix: 'remove it',
    }));
  }
  if (kind === null || bounds.length > 0) return [];
  return [
    {
      path: check,
      of: 'value',
      problem: 'this check has no bound, so that every value would be good',
      found: null,
      allowed: 'atLeast, atMost or both',
      fix: 'add atMost: 0.05',
    },
  ];
}
