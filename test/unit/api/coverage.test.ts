import { expect, it } from 'vitest';
import type { CoverageDeps } from '../../../lib/app/coverage/prove-coverage.ts';
import { err, ok } from '../../../lib/domain/shared/result.ts';
import { ada, createWorld, t0 } from './world.ts';

const nothing = { services: [], routingKeys: [], orchestrated: [] };

const proofOf = (services: CoverageDeps['pagerRest']['services']): CoverageDeps => ({
  clock: { now: () => t0, sleep: () => Promise.resolve() },
  pagerRest: {
    isConfigured: () => Promise.resolve(ok(true)),
    services,
    onCalls: () => Promise.resolve(ok([])),
    user: () => Promise.resolve(err({ kind: 'not_found', message: 'nobody' })),
  },
  chat: {
    describeChannel: (_tenant, id) => Promise.resolve(ok({ id, name: 'x', isArchived: false })),
  },
});

it('gives the proof of the tenant', async () => {
  const proof = () => Promise.resolve(proofOf(() => Promise.resolve(ok(nothing))));
  const { ask } = createWorld({ proof });
  const { statusCode, body } = await ask({ url: '/v1/coverage', as: ada });
  expect(statusCode).toBe(200);
  expect(JSON.parse(body)).toMatchObject({
    tenant: 'default',
    from: '2026-05-12T03:04:05.000Z',
    until: '2026-05-19T03:04:05.000Z',
    isProved: false,
    routes: [{ routingKey: 'default', endsAt: null, people: [] }],
    gaps: [{ kind: 'missing-key', subject: 'default', from: null, until: null }],
    unproved: [],
  });
});

it('asks to come again when PagerDuty cannot be asked, and nobody unless IAM knows who asks', async () => {
  const failure = { kind: 'not_found', message: 'no such page' } as const;
  const proof = () => Promise.resolve(proofOf(() => Promise.resolve(err(failure))));
  const { ask } = createWorld({ proof });
  expect((await ask({ url: '/v1/coverage', as: ada })).statusCode).toBe(503);
  expect((await ask({ url: '/v1/coverage' })).statusCode).toBe(401);
  expect((await ask({ url: '/v1/coverage?tenant=nobody', as: ada })).statusCode).toBe(404);
});
