import type { ChangeSourceKind } from '../../domain/policy/action-policy.ts';
import { decodeArgoCdChanges } from './argocd.ts';
import { decodeGitHubChanges } from './github.ts';
import { decodeGitLabChanges } from './gitlab.ts';
import { decodeOwnChanges } from './own.ts';
import type { ReadChanges } from './reading.ts';

/** Reads one message of a feed in its own format. Prove who sent it before calling this. */
export function decodeChanges(kind: ChangeSourceKind, body: Uint8Array | string): ReadChanges {
  switch (kind) {
    case 'tocsin':
      return decodeOwnChanges(body);
    case 'github':
      return decodeGitHubChanges(body);
    case 'gitlab':
      return decodeGitLabChanges(body);
    case 'argocd':
      return decodeArgoCdChanges(body);
  }
}

const kinds: Readonly<Record<string, ChangeSourceKind>> = {
  '/v1/changes': 'tocsin',
  '/v1/changes/github': 'github',
  '/v1/changes/gitlab': 'gitlab',
  '/v1/changes/argocd': 'argocd',
};

/** Whose format a path takes; null for a path that is none of the feed's. */
export const changeKindOf = (path: string): ChangeSourceKind | null =>
  Object.hasOwn(kinds, path) ? (kinds[path] ?? null) : null;
