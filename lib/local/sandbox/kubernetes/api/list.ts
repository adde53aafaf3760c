import type { JsonObject } from '../../../../domain/shared/json.ts';
import { labelsOf, nameOf, namespaceOf, type KubeObject } from '../fields.ts';
import { apiVersionOf } from '../store/kinds.ts';
import { fieldTest, labelTest } from '../store/selectors.ts';
import type { Store } from '../store/store.ts';
import type { ObjectAddress } from './address.ts';

export interface Page {
  readonly items: readonly KubeObject[];
  readonly metadata: JsonObject;
}

/** Which of the collection the query asks for. */
export function selection(
  address: ObjectAddress,
  query: URLSearchParams,
): (object: KubeObject) => boolean {
  const label = labelTest(query.get('labelSelector') ?? '');
  const field = fieldTest(query.get('fieldSelector') ?? '');
  const isHere = (object: KubeObject): boolean =>
    (address.namespace === '' || namespaceOf(object) === address.namespace) &&
    (address.name === '' || nameOf(object) === address.name);
  return (object) => isHere(object) && label(labelsOf(object)) && field(object);
}

/** One page: `limit` objects from where `continue` says on. */
export function listPage(store: Store, address: ObjectAddress, query: URLSearchParams): Page {
  const all = store.list(address.resource).filter(selection(address, query));
  const after = query.get('continue') ?? '';
  const start = after === '' ? 0 : all.findIndex((one) => keyOf(one) > decode(after));
  const rest = start < 0 ? [] : all.slice(start);
  const limit = Number(query.get('limit') ?? '0');
  const items = limit > 0 ? rest.slice(0, limit) : rest;
  const last = items.at(-1);
  const left = rest.length - items.length;
  const more =
    left > 0 && last !== undefined
      ? { continue: encode(keyOf(last)), remainingItemCount: left }
      : {};
  return { items, metadata: { resourceVersion: String(store.version()), ...more } };
}

const keyOf = (object: KubeObject): string => `${namespaceOf(object)}/${nameOf(object)}`;
const encode = (key: string): string => Buffer.from(key, 'utf8').toString('base64url');
const decode = (token: string): string => Buffer.from(token, 'base64url').toString('utf8');

export const plainList = ({ resource }: ObjectAddress, { items, metadata }: Page): JsonObject => ({
  kind: `${resource.kind}List`,
  apiVersion: apiVersionOf(resource),
  metadata,
  items,
});
