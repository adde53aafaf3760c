import type { Json, JsonObject } from '../../../../domain/shared/json.ts';
import { isObject } from '../fields.ts';
import { readAddress, type ObjectAddress } from './address.ts';
import { forbidden, mayDo } from './authorize.ts';
import type { ApiDeps, Call } from './call.ts';
import { about } from './discovery.ts';
import { serveObjects } from './objects.ts';
import { taken, type User } from './people.ts';
import { noSuchPath, notAllowedMethod, refuse, unauthorized } from './refusal.ts';
import { answer, type Reply } from './reply.ts';
import { review } from './reviews.ts';
import { verbOf } from './verbs.ts';

/** The API server: who it is, whether they may, then the thing itself. */
export async function serveApi(deps: ApiDeps, call: Call): Promise<Reply> {
  if (['/healthz', '/livez', '/readyz'].includes(call.path)) return answer(200, { status: 'ok' });
  const bearer = deps.tokens.userOf(call.authorization);
  if (bearer === undefined) return refuse(unauthorized);
  const user = taken(bearer, call.impersonated);
  if (user === undefined) return refuse(noImpersonation(bearer, call.impersonated.name));
  const address = readAddress(call.path);
  if (address === undefined) return refuse(noSuchPath);
  switch (address.kind) {
    case 'about': {
      const told = about(call.path, deps.serverUrl());
      return told === undefined ? refuse(noSuchPath) : answer(200, told);
    }
    case 'review': {
      const asked = { user, verb: 'create', resource: address.review };
      const reviewed = { name: address.review, body: objectOf(call.body) };
      return await deps.strike(asked, () => review(deps.store, user, reviewed));
    }
    case 'objects':
      return await objects(deps, { call, user, address: address.of });
  }
}

const noImpersonation = (user: User, name: string) =>
  forbidden(user, { verb: 'impersonate', group: '', resource: 'users', namespace: '', name });

const objectOf = (body: Json | undefined): JsonObject => (isObject(body) ? body : {});

async function objects(
  deps: ApiDeps,
  asked: { readonly call: Call; readonly user: User; readonly address: ObjectAddress },
): Promise<Reply> {
  const { call, user, address } = asked;
  const verb = verbOf(call, address);
  if (verb === undefined) return refuse(notAllowedMethod);
  const { resource, subresource, namespace, name } = address;
  const below = subresource === '' ? '' : `/${subresource}`;
  const attributes = {
    verb,
    group: resource.group,
    resource: resource.plural + below,
    namespace,
    name,
  };
  return await deps.strike({ user, verb, resource: attributes.resource }, () =>
    mayDo(deps.store, user, attributes)
      ? serveObjects(deps, { call, address, verb })
      : refuse(forbidden(user, attributes)),
  );
}
