import { kindServed, type Kind } from '../store/kinds.ts';

/** What an address means. */
export type Address =
  | { readonly kind: 'objects'; readonly of: ObjectAddress }
  /** A review that the server answers without keeping it. */
  | { readonly kind: 'review'; readonly group: string; readonly review: string }
  | { readonly kind: 'about' };

export interface ObjectAddress {
  readonly resource: Kind;
  /** Empty for all, and for what has none. */
  readonly namespace: string;
  /** Empty for the collection. */
  readonly name: string;
  /** `status`, `scale`, `token`; empty for the object itself. */
  readonly subresource: string;
}

const REVIEW_GROUPS = ['authorization.k8s.io', 'authentication.k8s.io'];

/** Reads the path of a request; `undefined` when nothing is there. */
export function readAddress(path: string): Address | undefined {
  const parts = path.split('/').filter((part) => part !== '');
  const [root, ...rest] = parts;
  if (root === 'api') return below('', rest);
  if (root !== 'apis') return { kind: 'about' };
  const [group, ...inGroup] = rest;
  return group === undefined ? { kind: 'about' } : below(group, inGroup);
}

function below(group: string, [version, ...rest]: readonly string[]): Address | undefined {
  const [first] = rest;
  if (version === undefined || first === undefined) return { kind: 'about' };
  if (REVIEW_GROUPS.includes(group)) return { kind: 'review', group, review: first };
  const isInNamespace = first === 'namespaces' && rest.length > 2;
  const [namespace = '', ...inside] = isInNamespace ? rest.slice(1) : ['', ...rest];
  const of = objectAddress(namespace, { group, version, parts: inside });
  return of === undefined ? undefined : { kind: 'objects', of };
}

function objectAddress(
  namespace: string,
  {
    group,
    version,
    parts,
  }: {
    readonly group: string;
    readonly version: string;
    readonly parts: readonly string[];
  },
): ObjectAddress | undefined {
  if (parts.length > 3) return undefined;
  const [plural = '', name = '', subresource = ''] = parts;
  const resource = kindServed(group, version, plural);
  if (resource === undefined) return undefined;
  const of = { resource, namespace, name, subresource };
  return isInPlace(of) ? of : undefined;
}

/** What lives in a namespace is found there; the list of all is the exception. */
const isInPlace = ({ resource, namespace, name }: ObjectAddress): boolean =>
  resource.isNamespaced === (namespace !== '') || (resource.isNamespaced && name === '');
