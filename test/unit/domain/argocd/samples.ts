import { readApplication, type Application } from '../../../../lib/domain/argocd/application.ts';
import type { JsonObject } from '../../../../lib/domain/shared/json.ts';

export const A = 'a'.repeat(40);
export const B = 'b'.repeat(40);
export const C = 'c'.repeat(40);
export const SOURCE: JsonObject = { repoURL: 'https://git.example.com/deploy.git', path: 'shop' };

/** Hashes nothing: tests read what was hashed. */
export const digest = (text: string): string => `${text.length}`.padEnd(64, '0');

export interface Parts {
  readonly metadata?: JsonObject;
  readonly spec?: JsonObject;
  readonly status?: JsonObject;
  readonly operation?: JsonObject;
}

/** An Application as Argo CD sends it, with A and B in its history. */
export const rawApplication = ({ metadata, spec, status, operation }: Parts = {}): JsonObject => ({
  metadata: { name: 'checkout', namespace: 'argocd', uid: 'uid-1', ...metadata },
  spec: { project: 'shop', source: SOURCE, ...spec },
  status: {
    sync: { status: 'Synced', revision: B },
    health: { status: 'Degraded' },
    history: [
      { revision: A, source: SOURCE, deployedAt: '2026-11-20T10:00:00Z' },
      { id: 1, revision: B, source: SOURCE, deployedAt: '2026-11-21T10:00:00Z' },
    ],
    reconciledAt: '2026-11-21T10:05:00Z',
    ...status,
  },
  ...(operation === undefined ? {} : { operation }),
});

export function application(parts: Parts = {}): Application {
  const read = readApplication(rawApplication(parts));
  if (read === null) throw new Error('This is no Application.');
  return read;
}

export const operationState = (of: JsonObject, sync: JsonObject = {}): JsonObject => ({
  operationState: {
    phase: 'Succeeded',
    startedAt: '2026-11-21T10:00:00Z',
    finishedAt: '2026-11-21T10:00:10Z',
    operation: { sync: { revision: A, source: SOURCE, ...sync } },
    ...of,
  },
});
