import type { Json } from '../../../../domain/shared/json.ts';
import type { Timekeeper } from '../../../shared/timekeeper.ts';
import type { Store } from '../store/store.ts';
import type { Tokens, User } from './people.ts';
import type { Reply } from './reply.ts';

/** A request whose body has been read. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly accept: string;
  readonly mediaType: string;
  readonly userAgent: string;
  readonly authorization: string | undefined;
  /** `Impersonate-User` and `Impersonate-Group`; the user is empty for nobody. */
  readonly impersonated: User;
  /** `undefined` when it is no JSON; an empty one is `{}`. */
  readonly body: Json | undefined;
}

/** What is struck by a fault, and by whom it was asked. */
export interface Asked {
  readonly user: User;
  readonly verb: string;
  readonly resource: string;
}

export interface ApiDeps {
  readonly store: Store;
  readonly tokens: Tokens;
  readonly timekeeper: Timekeeper;
  readonly suffix: () => string;
  readonly serverUrl: () => string;
  /** Lets the faults that are on come between. */
  readonly strike: (asked: Asked, run: () => Reply) => Promise<Reply>;
}
