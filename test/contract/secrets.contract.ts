import { expect, it } from 'vitest';
import type { Secrets } from '../../lib/ports/secrets.ts';

/** Credentials as people make them: long and random. */
export const strong = {
  a: 'kP3vX9qLr2TzWm8YbN4cHs7D',
  b: 'Zf6GjQ1wEoRt5UyIuAhSd3Kx',
  c: 'mV8nBxC2zLq0PwOeIrUtYa4J',
} as const;

export const routingKey = 'e93facc04764012d7bfb002500d5d1a6';

/** What the secrets hold in the suite, in the words of the port. */
export const held = {
  intake: { sources: { 'am-eu': [strong.a, strong.b] } },
  pagerduty: {
    routingKeys: { platform: routingKey },
    apiToken: 'y_NbAkKc66ryYTWUXYEu',
    apiFrom: 'ada@example.com',
    webhookSecrets: { acme: [strong.c] },
  },
  console: { signingKeys: [strong.a], people: { ada: strong.b } },
  slack: { workspaces: { acme: { signingSecrets: [strong.a], botToken: 'xoxb-1' } } },
  targets: {
    tenants: {
      acme: {
        clusters: {
          main: {
            server: 'https://10.0.0.1:6443',
            caData: null,
            token: 'sa-token',
            clientCertData: null,
            clientKeyData: null,
            tlsServerName: null,
          },
        },
        argocd: { prod: 'argo-token' },
        gitHosts: {},
        signals: { 'prometheus.example.com': 'Bearer abc' },
      },
    },
  },
} as const;

/** The same as the operator writes it. */
export const written = {
  intake: held.intake,
  pagerduty: held.pagerduty,
  console: { signingKey: strong.a, people: held.console.people },
  slack: held.slack,
  targets: {
    tenants: {
      acme: {
        clusters: { main: { server: 'https://10.0.0.1:6443', token: 'sa-token' } },
        argocd: { prod: 'argo-token' },
        signals: { 'prometheus.example.com': 'Bearer abc' },
      },
    },
  },
} as const;

/** What every keeper of secrets does. */
export function secretsContract(make: () => Promise<Secrets>): void {
  it.each(['intake', 'pagerduty', 'console', 'slack', 'targets'] as const)(
    'gives the %s secret',
    async (name) => {
      const secrets = await make();
      expect(await secrets[name]()).toEqual({ ok: true, value: held[name] });
    },
  );

  it('gives it afresh as well', async () => {
    const secrets = await make();
    expect(await secrets.pagerduty('fresh')).toEqual({ ok: true, value: held.pagerduty });
  });
}
