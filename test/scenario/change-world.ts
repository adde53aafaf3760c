import { createHmac } from 'node:crypto';
import { createMemoryChanges } from '../../lib/adapters/memory/action-rows.ts';
import type { ReceiveChangesDeps } from '../../lib/app/changes/deps.ts';
import { receiveChanges, type ChangesReceived } from '../../lib/app/changes/receive-changes.ts';
import { signChange, verifyChangeCredential } from '../../lib/codec/changes/credentials.ts';
import { decodeChanges } from '../../lib/codec/changes/decode.ts';
import type { ChangeRecord } from '../../lib/domain/action/rows.ts';
import { noActions } from '../../lib/domain/policy/no-actions.ts';
import type {
  ChangeSourceKind,
  ChangeSourcePolicy,
} from '../../lib/domain/policy/action-policy.ts';
import type { TenantPolicy } from '../../lib/domain/policy/policy.ts';
import { ok } from '../../lib/domain/shared/result.ts';
import { epochMs, type EpochMs } from '../../lib/domain/shared/time.ts';
import { faultable, type PlannedFault } from './faults.ts';
import { createWorld, type World } from './harness.ts';

const kinds: readonly ChangeSourceKind[] = ['tocsin', 'github', 'gitlab', 'argocd'];

/** Each tenant has a feed of every kind, named after both. */
const withFeeds = (tenant: TenantPolicy): TenantPolicy => ({
  ...tenant,
  actions: {
    ...noActions,
    changeSources: kinds.map((kind): ChangeSourcePolicy => ({
      id: `${tenant.id}-${kind}`,
      kind,
      services: { 'example/shop': 'checkout', 'shop-checkout': 'checkout' },
    })),
  },
});

const secretOf = (sourceId: string): string => `secret-of-${sourceId}`;

const sources = Object.fromEntries(
  ['acme', 'globex'].flatMap((tenant) =>
    kinds.map((kind) => [`${tenant}-${kind}`, [secretOf(`${tenant}-${kind}`)]]),
  ),
);

/** Tocsin with its change feed. */
export interface ChangeWorld {
  readonly world: World;
  readonly changeFaults: PlannedFault[];
  readonly send: (
    kind: ChangeSourceKind,
    body: string,
    headers?: Headers,
  ) => Promise<ChangesReceived>;
  /** A change in our own format, signed as `acme` signs. */
  readonly tell: (change: object, headers?: Headers) => Promise<ChangesReceived>;
  readonly kept: (tenant?: string) => Promise<readonly ChangeRecord[]>;
  readonly signed: (body: string, at?: EpochMs, sourceId?: string) => Headers;
}

type Headers = Readonly<Record<string, string>>;

export function createChangeWorld(): ChangeWorld {
  const world = createWorld();
  const policy = { ...world.deps.policy, tenants: world.deps.policy.tenants.map(withFeeds) };
  const changeFaults: PlannedFault[] = [];
  const changes = createMemoryChanges(world.store.tables);
  const deps: ReceiveChangesDeps = {
    ...world.deps,
    policy,
    changes: faultable(changes, changeFaults),
    secrets: { intake: () => Promise.resolve(ok({ sources })) },
    verifyChange: verifyChangeCredential,
    decodeChanges,
  };
  const signed: ChangeWorld['signed'] = (
    body,
    at = world.clock.now(),
    sourceId = 'acme-tocsin',
  ) => ({ 'x-tocsin-signature': signChange(secretOf(sourceId), Buffer.from(body), at) });
  const send: ChangeWorld['send'] = async (kind, body, headers = {}) => {
    const received = await world.drive(
      receiveChanges(deps, {
        kind,
        header: (name) => headers[name],
        body: Buffer.from(body),
        requestId: 'request',
      }),
    );
    await world.settle();
    return received;
  };
  return {
    world,
    changeFaults,
    signed,
    send,
    tell: (change, headers) => {
      const body = JSON.stringify(change);
      return send('tocsin', body, headers ?? signed(body));
    },
    async kept(tenant = 'acme') {
      const untilMs = world.clock.now();
      const query = { tenant, service: 'checkout', fromMs: epochMs(0), untilMs };
      const near = await changes.near(query);
      return near.ok ? near.value : [];
    },
  };
}

/** As each of them proves who it is. */
export const proofs: Readonly<
  Record<'github' | 'gitlab' | 'argocd', (body: string, tenant?: string) => Headers>
> = {
  github: (body, tenant = 'acme') => ({
    'x-hub-signature-256': `sha256=${createHmac('sha256', secretOf(`${tenant}-github`))
      .update(body)
      .digest('hex')}`,
  }),
  gitlab: (_body, tenant = 'acme') => ({ 'x-gitlab-token': secretOf(`${tenant}-gitlab`) }),
  argocd: (_body, tenant = 'acme') => ({
    authorization: `Bearer ${secretOf(`${tenant}-argocd`)}`,
  }),
};
