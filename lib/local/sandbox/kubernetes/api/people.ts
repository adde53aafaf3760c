/** Who asks. */
export interface User {
  readonly name: string;
  readonly groups: readonly string[];
}

/** The person at the keyboard: may do everything. */
export const ADMIN: User = {
  name: 'sandbox-admin',
  groups: ['system:masters', 'system:authenticated'],
};

export const serviceAccount = (namespace: string, name: string): User => ({
  name: `system:serviceaccount:${namespace}:${name}`,
  groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
});

/**
 * Who a person who may do everything wants to be taken for (`kubectl --as`); `undefined` when
 * somebody else wants that.
 */
export function taken(user: User, as: User): User | undefined {
  if (as.name === '') return user;
  if (!user.groups.includes('system:masters')) return undefined;
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(as.name) ?? [];
  if (namespace !== undefined && name !== undefined) return serviceAccount(namespace, name);
  return { name: as.name, groups: [...as.groups, 'system:authenticated'] };
}

/** Bearer tokens and whose they are. */
export interface Tokens {
  /** Whose token it is; `undefined` for one that is unknown or over. */
  readonly userOf: (authorization: string | undefined) => User | undefined;
  readonly issue: (user: User, expiresAtMs: number) => string;
}

export interface TokensRequest {
  /** Those that hold for ever, by token. */
  readonly fixed: ReadonlyMap<string, User>;
  readonly nowMs: () => number;
  readonly newToken: () => string;
}

/** Issued tokens end with the run: whoever has one asks for another, as after an hour. */
export function createTokens({ fixed, nowMs, newToken }: TokensRequest): Tokens {
  const issued = new Map<string, { readonly user: User; readonly expiresAtMs: number }>();
  return {
    userOf: (authorization) => {
      const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
      const found = issued.get(token);
      if (found !== undefined && found.expiresAtMs > nowMs()) return found.user;
      return fixed.get(token);
    },
    issue: (user, expiresAtMs) => {
      const token = newToken();
      issued.set(token, { user, expiresAtMs });
      return token;
    },
  };
}
