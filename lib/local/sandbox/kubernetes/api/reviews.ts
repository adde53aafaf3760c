import type { JsonObject } from '../../../../domain/shared/json.ts';
import { objectAt, textAt } from '../fields.ts';
import type { Store } from '../store/store.ts';
import { mayDo, rulesFor, type Attributes } from './authorize.ts';
import type { User } from './people.ts';
import { noSuchPath, refuse } from './refusal.ts';
import { answer, type Reply } from './reply.ts';

/** What everybody may ask of themselves. */
export function review(
  store: Store,
  user: User,
  { name, body }: { readonly name: string; readonly body: JsonObject },
): Reply {
  switch (name) {
    case 'selfsubjectaccessreviews':
      return answer(201, { ...body, status: accessStatus(store, user, body) });
    case 'selfsubjectrulesreviews':
      return answer(201, { ...body, status: rulesStatus(store, user, body) });
    case 'selfsubjectreviews':
      return answer(201, {
        ...body,
        status: { userInfo: { username: user.name, groups: user.groups } },
      });
    default:
      return refuse(noSuchPath);
  }
}

function accessStatus(store: Store, user: User, body: JsonObject): JsonObject {
  const asked = objectAt(body, 'spec', 'resourceAttributes');
  const subresource = textAt(asked, 'subresource');
  const attributes: Attributes = {
    verb: textAt(asked, 'verb'),
    group: textAt(asked, 'group'),
    resource: textAt(asked, 'resource') + (subresource === '' ? '' : `/${subresource}`),
    namespace: textAt(asked, 'namespace'),
    name: textAt(asked, 'name'),
  };
  return { allowed: mayDo(store, user, attributes) };
}

function rulesStatus(store: Store, user: User, body: JsonObject): JsonObject {
  const all = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };
  const rules = rulesFor(store, user, textAt(body, 'spec', 'namespace'));
  const isMaster = user.groups.includes('system:masters');
  return { resourceRules: isMaster ? [all] : rules, nonResourceRules: [], incomplete: false };
}
