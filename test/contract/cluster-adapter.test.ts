import { describe, expect, it } from 'vitest';
import { durationMs } from '../../lib/domain/shared/time.ts';
import type { KubePatch } from '../../lib/ports/cluster.ts';
import {
  base64,
  clusterSubject,
  kubeconfig,
  rotatingTargets,
  secretFor,
  status,
  web,
  webObject,
} from './cluster-subject.ts';
import { testIdentity, tlsServer, type SeenByTls, type TlsBehaviour } from './tls-server.ts';

/** A server that behaves as told, one behaviour after the other, and the adapter that calls it. */
async function start(...behaviours: readonly TlsBehaviour[]) {
  let at = 0;
  return startWith(() => behaviours[Math.min(at++, behaviours.length - 1)] ?? 'silent');
}

async function startWith(answer: (seen: SeenByTls) => TlsBehaviour) {
  const server = await tlsServer(answer);
  const secret = secretFor({ server: server.url, caData: base64(server.ca), token: 'token-1' });
  const secrets = rotatingTargets(secret);
  const subject = clusterSubject({ access: kubeconfig, secrets });
  return { server, secret, secrets, subject, cluster: await subject.opened() };
}

const fine: TlsBehaviour = { status: 200, body: webObject };
const scaleUp: KubePatch = {
  ref: web,
  subresource: null,
  type: 'json',
  body: [{ op: 'replace', path: '/spec/replicas', value: 3 }],
};
const really = { isDryRun: false };

describe('reading', () => {
  it('gives the object as it is, over one kept connection, with the token', async () => {
    const { cluster, server } = await start(fine);
    expect(await cluster.get(web)).toEqual({ ok: true, value: webObject });
    await cluster.get(web);
    expect(server.seen.map(({ connection }) => connection)).toEqual([1, 1]);
    expect(server.seen[0]).toMatchObject({
      method: 'GET',
      path: '/apis/apps/v1/namespaces/shop/deployments/web',
      headers: { authorization: 'Bearer token-1', accept: 'application/json' },
    });
  });

  it.each<[string, TlsBehaviour, number]>([
    ['a cut connection', 'cut', 200],
    ['an answer that is cut', 'half', 200],
    [
      '429 that asks for a second',
      { ...status(429, 'TooManyRequests'), headers: { 'retry-after': '1' } },
      1000,
    ],
    ['503', status(503, 'ServiceUnavailable'), 200],
  ])('tries once more after %s', async (_what, trouble, pauseMs) => {
    const { cluster, server, subject } = await start(trouble, fine);
    expect(await cluster.get(web)).toMatchObject({ ok: true });
    expect(server.seen).toHaveLength(2);
    expect(subject.paused).toEqual([pauseMs]);
  });

  it('gives up after the second time', async () => {
    const { cluster, server } = await start('cut');
    expect(await cluster.get(web)).toMatchObject({ error: { kind: 'unavailable', status: null } });
    expect(server.seen).toHaveLength(2);
  });

  it('leaves a long wish for patience to the caller', async () => {
    const { cluster, server } = await start(
      status(429, 'TooManyRequests', { details: { retryAfterSeconds: 30 } }),
    );
    expect(await cluster.get(web)).toMatchObject({
      error: { kind: 'throttled', status: 429, retryAfterMs: 30_000 },
    });
    expect(server.seen).toHaveLength(1);
  });

  it('survives a connection that died while nobody used it', async () => {
    const { cluster, server } = await start(fine);
    await cluster.get(web);
    server.forgetConnections();
    expect(await cluster.get(web)).toMatchObject({ ok: true });
  });

  it.each<[string, TlsBehaviour, string]>([
    ['is gone', status(404, 'NotFound'), 'not_found'],
    ['is forbidden', status(403, 'Forbidden'), 'rejected'],
    ['broke the server', status(500, 'InternalError'), 'unavailable'],
    ['timed out there', status(504, 'Timeout'), 'timeout'],
    ['is no JSON', { status: 200, body: '<html>' }, 'unavailable'],
    ['is a list', { status: 200, body: [] }, 'unavailable'],
    ['is another object', { status: 200, body: { ...webObject, kind: 'Pod' } }, 'unavailable'],
    [
      'has another name',
      { status: 200, body: { ...webObject, metadata: { name: 'x' } } },
      'unavailable',
    ],
    [
      'is elsewhere',
      { status: 302, headers: { location: 'https://169.254.169.254/' } },
      'rejected',
    ],
    ['is huge', { status: 200, body: `"${'x'.repeat(4 * 1024 * 1024)}"` }, 'too_large'],
  ])('fails when the object %s', async (_what, answer, kind) => {
    const { cluster } = await start(answer);
    expect(await cluster.get(web)).toMatchObject({ ok: false, error: { kind } });
  });

  it.each([
    ['a name that climbs', { ...web, name: '../secrets/x' }],
    ['a namespace of dots', { ...web, namespace: '..' }],
    ['an empty name', { ...web, name: '' }],
    ['a kind that is none of ours', { ...web, kind: 'Secret' }],
    ['a version that climbs', { ...web, apiVersion: '../v1' }],
  ])('never asks for %s', async (_what, ref) => {
    const { cluster, server } = await start(fine);
    expect(await cluster.get(ref)).toMatchObject({ error: { kind: 'rejected', status: null } });
    expect(server.seen).toEqual([]);
  });
});

describe('listing', () => {
  const page = (items: unknown, next?: string): TlsBehaviour => ({
    status: 200,
    body: { kind: 'ReplicaSetList', metadata: { continue: next ?? '' }, items },
  });
  const sets = { apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace: 'shop' } as const;

  it('reads all pages', async () => {
    const { cluster, server } = await start(page([{ a: 1 }], 'more'), page([{ a: 2 }]));
    expect(await cluster.list(sets, 'app=web')).toEqual({ ok: true, value: [{ a: 1 }, { a: 2 }] });
    expect(server.seen.map(({ query }) => query.toString())).toEqual([
      'limit=500&labelSelector=app%3Dweb',
      'limit=500&labelSelector=app%3Dweb&continue=more',
    ]);
  });

  it('begins again, once, when the server forgot where we were', async () => {
    const { cluster } = await start(
      page([{ a: 1 }], 'old'),
      status(410, 'Expired'),
      page([{ a: 2 }]),
    );
    expect(await cluster.list(sets, '')).toEqual({ ok: true, value: [{ a: 2 }] });
  });

  it.each<[string, TlsBehaviour, string]>([
    ['is no list', fine, 'unavailable'],
    ['holds texts', page(['x']), 'unavailable'],
    ['has no items', { status: 200, body: { kind: 'ReplicaSetList' } }, 'unavailable'],
    ['never ends', page([], 'more'), 'too_large'],
  ])('fails when the answer %s', async (_what, answer, kind) => {
    const { cluster } = await start(answer);
    expect(await cluster.list(sets, '')).toMatchObject({ ok: false, error: { kind } });
  });

  it('takes the null that Go writes for an empty list', async () => {
    const { cluster } = await start(page(null));
    expect(await cluster.list(sets, '')).toEqual({ ok: true, value: [] });
  });
});

describe('changing', () => {
  it.each([
    ['json', 'application/json-patch+json'],
    ['merge', 'application/merge-patch+json'],
  ] as const)('sends a %s patch as what it is, in our name', async (type, contentType) => {
    const { cluster, server } = await start(fine);
    expect(await cluster.patch({ ...scaleUp, type }, really)).toMatchObject({ ok: true });
    expect(server.seen[0]).toMatchObject({
      method: 'PATCH',
      path: '/apis/apps/v1/namespaces/shop/deployments/web',
      headers: { 'content-type': contentType },
      body: JSON.stringify(scaleUp.body),
    });
    expect(server.seen[0]?.query.toString()).toBe('fieldManager=tocsin&fieldValidation=Strict');
  });

  it('tries without doing', async () => {
    const { cluster, server } = await start(fine);
    await cluster.patch(scaleUp, { isDryRun: true });
    expect(server.seen[0]?.query.get('dryRun')).toBe('All');
  });

  it('patches a subresource', async () => {
    const { cluster, server } = await start({ status: 200, body: { ...webObject, kind: 'Scale' } });
    expect(await cluster.patch({ ...scaleUp, subresource: 'scale' }, really)).toMatchObject({
      ok: true,
    });
    expect(server.seen[0]?.path).toBe('/apis/apps/v1/namespaces/shop/deployments/web/scale');
  });

  it.each<[string, TlsBehaviour, object]>([
    ['409', status(409, 'Conflict'), { kind: 'conflict', reason: 'Conflict' }],
    ['422 for a failed test', status(422, 'Invalid'), { kind: 'conflict', status: 422 }],
    [
      '422 for a wrong field',
      status(422, 'Invalid', { details: { causes: [{ field: 'spec' }] } }),
      { kind: 'rejected', status: 422 },
    ],
    ['403', status(403, 'Forbidden'), { kind: 'rejected', reason: 'Forbidden' }],
    ['429', status(429, 'TooManyRequests'), { kind: 'throttled' }],
    ['500', status(500, 'InternalError'), { kind: 'unavailable', status: 500 }],
    ['503', status(503, 'ServiceUnavailable'), { kind: 'unavailable', status: 503 }],
    ['504', status(504, 'Timeout'), { kind: 'timeout', status: 504 }],
    ['a reset before the answer', 'cut', { kind: 'unavailable', status: null }],
    ['a reset within the answer', 'half', { kind: 'unavailable', status: null }],
    ['an answer that nobody can read', { status: 200, body: 'OK' }, { kind: 'unavailable' }],
    [
      'an answer without end, the outcome of which is as unknown',
      { status: 200, body: `"${'x'.repeat(4 * 1024 * 1024)}"` },
      { kind: 'unavailable' },
    ],
  ])('is sent once, whatever happens: %s', async (_what, answer, error) => {
    const { cluster, server } = await start(answer);
    expect(await cluster.patch(scaleUp, really)).toMatchObject({ ok: false, error });
    expect(server.seen).toHaveLength(1);
  });

  it('never goes over a connection that may be dead', async () => {
    const { cluster, server } = await start(fine);
    await cluster.get(web);
    server.forgetConnections();
    expect(await cluster.patch(scaleUp, really)).toMatchObject({ ok: true });
    expect(server.seen.map(({ connection }) => connection)).toEqual([1, 2]);
  });

  it.each([
    ['a namespace that the policy does not name', { ...web, namespace: 'bank' }],
    ['the cluster itself, even if it does', { ...web, namespace: 'kube-system' }],
  ])('leaves alone %s', async (_what, ref) => {
    const { cluster, server } = await start(fine);
    expect(await cluster.patch({ ...scaleUp, ref }, really)).toMatchObject({
      error: { kind: 'rejected', message: expect.stringContaining('namespaces') as string },
    });
    expect(server.seen).toEqual([]);
  });

  it('deletes the very pod', async () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web-0' } as const;
    const { cluster, server } = await start({ status: 200, body: { kind: 'Status' } });
    expect(await cluster.deletePod(pod, 'u9')).toEqual({ ok: true, value: undefined });
    expect(server.seen[0]).toMatchObject({
      method: 'DELETE',
      path: '/api/v1/namespaces/shop/pods/web-0',
    });
    expect(JSON.parse(server.seen[0]?.body ?? '')).toMatchObject({ preconditions: { uid: 'u9' } });
    expect(await cluster.deletePod(web, 'u1')).toMatchObject({ error: { kind: 'rejected' } });
    expect(await cluster.deletePod(pod, '')).toMatchObject({ error: { kind: 'rejected' } });
    expect(server.seen).toHaveLength(1);
  });
});

describe('a server that does not answer', () => {
  it('is waited for once, and leaves the outcome of a write open', async () => {
    const server = await tlsServer(() => 'silent');
    const secret = secretFor({ server: server.url, caData: base64(server.ca), token: 'token-1' });
    const cluster = await clusterSubject({
      access: kubeconfig,
      secrets: rotatingTargets(secret),
      timeouts: { readMs: durationMs(60), writeMs: durationMs(90) },
    }).opened();
    const timedOut = { kind: 'timeout', status: null };
    expect(await cluster.get(web)).toMatchObject({ error: timedOut });
    expect(await cluster.patch(scaleUp, really)).toMatchObject({
      error: {
        ...timedOut,
        message:
          'The cluster Main could not change Deployment shop/web: no whole answer came within 0.09 s.',
      },
    });
    expect(server.seen).toHaveLength(2);
  });
});

describe('rights', () => {
  const route = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    ...{ kind: 'HTTPRoute', namespace: 'shop', name: 'web' },
  };

  it.each([true, false])('are asked of the cluster: %s', async (allowed) => {
    const { cluster, server } = await start({ status: 201, body: { status: { allowed } } });
    expect(await cluster.may({ verb: 'patch', ref: route, subresource: 'status' })).toEqual({
      ok: true,
      value: allowed,
    });
    expect(JSON.parse(server.seen[0]?.body ?? '')).toMatchObject({
      kind: 'SelfSubjectAccessReview',
      spec: {
        resourceAttributes: {
          group: 'gateway.networking.k8s.io',
          ...{ resource: 'httproutes', verb: 'patch', namespace: 'shop', name: 'web' },
          subresource: 'status',
        },
      },
    });
  });

  it('are not guessed from an answer without one', async () => {
    const { cluster } = await start({ status: 201, body: { status: {} } });
    expect(await cluster.may({ verb: 'get', ref: web, subresource: null })).toMatchObject({
      ok: false,
    });
  });
});

describe('who is who', () => {
  const byToken = (good: string) => (seen: SeenByTls) =>
    seen.headers['authorization'] === `Bearer ${good}` ? fine : status(401, 'Unauthorized');

  it.each(['a read', 'a write'])('replaces a token that is refused, for %s', async (what) => {
    const { cluster, server, secrets, secret } = await startWith(byToken('token-2'));
    secrets.rotate({ ...secret, token: 'token-2' });
    const call = () => (what === 'a read' ? cluster.get(web) : cluster.patch(scaleUp, really));
    expect(await call()).toMatchObject({ ok: true });
    expect(server.seen).toHaveLength(2);
  });

  it('does not insist when there is no other token', async () => {
    const { cluster, server, secrets } = await startWith(byToken('token-2'));
    expect(await cluster.get(web)).toMatchObject({ error: { kind: 'rejected', status: 401 } });
    expect(server.seen).toHaveLength(1);
    expect(secrets.asked.at(-1)).toBe('fresh');
  });

  it('shows its certificate, and knows the cluster under another name', async () => {
    const server = await tlsServer(() => fine);
    const client = testIdentity('tocsin');
    const secret = secretFor({
      server: `${server.url}/k8s/clusters/c1/`,
      caData: base64(server.ca),
      clientCertData: base64(client.cert),
      clientKeyData: base64(client.key),
      tlsServerName: 'cluster.test',
    });
    const subject = clusterSubject({ access: kubeconfig, secrets: rotatingTargets(secret) });
    expect(await (await subject.opened()).get(web)).toMatchObject({ ok: true });
    expect(server.seen[0]).toMatchObject({
      client: 'tocsin',
      path: '/k8s/clusters/c1/apis/apps/v1/namespaces/shop/deployments/web',
    });
    expect(server.seen[0]?.headers).not.toHaveProperty('authorization');
  });

  it.each([
    ['has another authority', { caData: base64(testIdentity().ca) }],
    ['has none and is no public one', { caData: null }],
    ['goes by another name', { tlsServerName: 'other.test' }],
  ])('tells nothing to a server that %s', async (_what, change) => {
    const server = await tlsServer(() => fine);
    const base = { server: server.url, caData: base64(server.ca), token: 'token-1' };
    const secrets = rotatingTargets(secretFor({ ...base, ...change }));
    const cluster = await clusterSubject({ access: kubeconfig, secrets }).opened();
    for (const call of [cluster.get(web), cluster.patch(scaleUp, really)]) {
      expect(await call).toMatchObject({
        error: { kind: 'rejected', message: expect.stringContaining('certificate') as string },
      });
    }
    expect(server.seen).toEqual([]);
  });

  it("repeats the server's words in one line, without our token", async () => {
    const message = `pods "x" is forbidden:\n token-1 ${'long '.repeat(500)}`;
    const { cluster } = await start({ status: 403, body: { kind: 'Status', message } });
    const said = await cluster.get(web);
    if (said.ok) throw new Error('It was to fail.');
    expect(said.error.message).toMatch(
      /^The cluster Main could not show Deployment shop\/web: it answered 403: pods "x" is forbidden: \[redacted\]/,
    );
    expect(said.error.message.length).toBeLessThan(650);
  });
});
