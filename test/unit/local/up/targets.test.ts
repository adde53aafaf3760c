import { describe, expect, it } from 'vitest';
import { withSandboxes, type Sandboxes } from '../../../../lib/local/up/targets.ts';
import { noActions } from '../../../../lib/domain/policy/no-actions.ts';
import { PROMETHEUS, withSources } from './policy-sample.ts';

const policy = {
  ...withSources(PROMETHEUS),
  tenants: withSources(PROMETHEUS).tenants.map((tenant) => ({
    ...tenant,
    actions: {
      ...noActions,
      clusters: [
        { id: 'here', name: 'Here', access: { kind: 'kubeconfig' as const }, namespaces: ['shop'] },
        { id: 'real', name: 'Real', access: { kind: 'kubeconfig' as const }, namespaces: ['shop'] },
      ],
      argocd: [{ id: 'argo', url: 'http://sandbox.localhost/sandbox/argocd' }],
    },
  })),
};
const sandboxes = (server: string): Sandboxes => ({
  policy,
  keys: { argocd: 'argocd-token', git: 'git-token' },
  cluster: {
    server,
    caData: 'UEVN',
    token: 'cluster-token',
    clientCertData: null,
    clientKeyData: null,
    tlsServerName: null,
  },
});
const entryOf = (secret: object, server: string): unknown =>
  withSandboxes(
    JSON.parse(JSON.stringify(secret)) as Parameters<typeof withSandboxes>[0],
    sandboxes(server),
  );

describe('the secret of the targets on one machine', () => {
  it('opens the sandboxes for every place of the policy, at the address of this start', () => {
    const first = entryOf({}, 'https://127.0.0.1:1');
    const { cluster } = sandboxes('https://127.0.0.1:2');

    expect(entryOf(first as object, 'https://127.0.0.1:2')).toEqual({
      tenants: {
        [policy.tenants[0]?.id ?? '']: {
          clusters: { here: cluster, real: cluster },
          argocd: { argo: 'argocd-token' },
          gitHosts: {},
          signals: {},
        },
      },
    });
  });

  it('keeps what somebody wrote by hand', () => {
    const byHand = { server: 'https://api.example.com', token: 'own' };
    const id = policy.tenants[0]?.id ?? '';
    const kept = { tenants: { [id]: { clusters: { real: byHand }, argocd: { argo: 'mine' } } } };

    expect(entryOf(kept, 'https://127.0.0.1:1')).toMatchObject({
      tenants: {
        [id]: {
          clusters: { here: { server: 'https://127.0.0.1:1' }, real: byHand },
          argocd: { argo: 'mine' },
        },
      },
    });
  });
});
