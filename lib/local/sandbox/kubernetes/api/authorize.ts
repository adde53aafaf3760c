import type { Json } from '../../../../domain/shared/json.ts';
import { listAt, textAt, type KubeObject } from '../fields.ts';
import { kindNamed } from '../store/kinds.ts';
import type { Store } from '../store/store.ts';
import type { User } from './people.ts';
import type { Refusal } from './refusal.ts';

/** One request, as RBAC sees it. */
export interface Attributes {
  readonly verb: string;
  readonly group: string;
  /** Plural, with `/subresource` where there is one. */
  readonly resource: string;
  /** Empty: of the whole cluster. */
  readonly namespace: string;
  /** Empty for a collection. */
  readonly name: string;
}

/** Whether some binding gives the right. Rights only add up; nothing takes one away. */
export function mayDo(store: Store, user: User, attributes: Attributes): boolean {
  if (user.groups.includes('system:masters')) return true;
  return rulesFor(store, user, attributes.namespace).some((rule) => allows(rule, attributes));
}

/** All rules that hold for the user, in that namespace and in all of them. */
export function rulesFor(store: Store, user: User, namespace: string): readonly Json[] {
  const everywhere = store.list(kindNamed('ClusterRoleBinding'));
  const here = namespace === '' ? [] : store.list(kindNamed('RoleBinding'), namespace);
  return [...everywhere, ...here]
    .filter((binding) => listAt(binding, 'subjects').some((subject) => isUser(subject, user)))
    .flatMap((binding) => listAt(roleOf(store, binding, namespace), 'rules'));
}

function isUser(subject: Json, user: User): boolean {
  const name = textAt(subject, 'name');
  switch (textAt(subject, 'kind')) {
    case 'User':
      return user.name === name;
    case 'Group':
      return user.groups.includes(name);
    case 'ServiceAccount':
      return user.name === `system:serviceaccount:${textAt(subject, 'namespace')}:${name}`;
    default:
      return false;
  }
}

function roleOf(store: Store, binding: KubeObject, namespace: string): KubeObject | undefined {
  const kind = textAt(binding, 'roleRef', 'kind');
  const name = textAt(binding, 'roleRef', 'name');
  return kind === 'Role'
    ? store.get(kindNamed('Role'), namespace, name)
    : store.get(kindNamed('ClusterRole'), '', name);
}

function allows(rule: Json, { verb, group, resource, name }: Attributes): boolean {
  const has = (list: string, value: string): boolean => {
    const listed = listAt(rule, list);
    return listed.includes(value) || listed.includes('*');
  };
  const names = listAt(rule, 'resourceNames');
  return (
    has('verbs', verb) &&
    has('apiGroups', group) &&
    has('resources', resource) &&
    (names.length === 0 || (name !== '' && names.includes(name)))
  );
}

export function forbidden(user: User, attributes: Attributes): Refusal {
  const { verb, group, resource, namespace, name } = attributes;
  const [plural = ''] = resource.split('/');
  const what = group === '' ? plural : `${plural}.${group}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  return {
    code: 403,
    reason: 'Forbidden',
    message:
      `${what}${name === '' ? '' : ` "${name}"`} is forbidden: User "${user.name}" cannot ${verb} ` +
      `resource "${resource}" in API group "${group}" ${where}`,
    details: { ...(name === '' ? {} : { name }), ...(group === '' ? {} : { group }), kind: plural },
  };
}
