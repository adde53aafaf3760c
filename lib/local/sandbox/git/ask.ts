import type { JsonObject } from '../../shared/json.ts';
import { bodyFields, headerOf, type Call } from '../slack/call.ts';
import type { Repository } from './repository.ts';
import type { Store } from './store.ts';

export interface HostDeps {
  readonly store: Store;
  readonly tokens: readonly string[];
  /** Where the sandbox is, for links. */
  readonly url: string;
}

/** A call that may be made, about a repository that is there. */
export interface Asked extends HostDeps {
  readonly call: Call;
  readonly repository: Repository;
  readonly fields: JsonObject;
  readonly parameters: Readonly<Record<string, string>>;
}

/** What is wrong with a call before anything was looked at. */
export type Unasked = 'unauthorized' | 'no_repository' | 'no_json';

/** Either host takes a bearer token; `repository` finds what the call is about. */
export function ask(
  deps: HostDeps,
  of: Pick<Asked, 'call' | 'parameters'>,
  repository: Repository | undefined,
): Asked | Unasked {
  const given = /^Bearer (.+)$/.exec(headerOf(of.call, 'authorization') ?? '')?.[1];
  const token = headerOf(of.call, 'private-token') ?? given ?? '';
  if (!deps.tokens.includes(token)) return 'unauthorized';
  if (repository === undefined) return 'no_repository';
  const fields = bodyFields(of.call);
  return fields === undefined ? 'no_json' : { ...deps, ...of, repository, fields };
}
