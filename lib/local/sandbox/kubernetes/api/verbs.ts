import type { ObjectAddress } from './address.ts';

const ON_COLLECTION: ReadonlyMap<string, string> = new Map([
  ['GET', 'list'],
  ['POST', 'create'],
  ['DELETE', 'deletecollection'],
]);
const ON_OBJECT: ReadonlyMap<string, string> = new Map([
  ['GET', 'get'],
  ['PUT', 'update'],
  ['PATCH', 'patch'],
  ['DELETE', 'delete'],
]);
const ON_SUBRESOURCE: ReadonlyMap<string, string> = new Map([
  ['GET', 'get'],
  ['PUT', 'update'],
  ['PATCH', 'patch'],
]);

/** What RBAC calls the request; `undefined` when the address does not take the method. */
export function verbOf(
  { method, query }: { readonly method: string; readonly query: URLSearchParams },
  { name, subresource }: ObjectAddress,
): string | undefined {
  if (subresource === 'token') return method === 'POST' ? 'create' : undefined;
  if (subresource !== '') return ON_SUBRESOURCE.get(method);
  const isWatch = ['1', 'true'].includes(query.get('watch') ?? '');
  if (isWatch && method === 'GET') return 'watch';
  return (name === '' ? ON_COLLECTION : ON_OBJECT).get(method);
}
