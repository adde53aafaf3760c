import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '../../../lib/domain/shared/json.ts';
import {
  countAt,
  listAt,
  numberAt,
  textAt,
  valueAt,
} from '../../../lib/local/sandbox/kubernetes/fields.ts';
import { startApi, type Api } from './fixture.ts';

const CHECKOUT = '/apis/apps/v1/namespaces/shop/deployments/checkout';
const PODS = '/api/v1/namespaces/shop/pods';
const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(async () => {
  await api.close();
});

const patch = (path: string, type: string, body: Json) =>
  api.ask(path, { method: 'PATCH', type, body });

describe('JSON Patch', () => {
  it('changes the object when every test holds, and counts the generation up', async () => {
    const { body: before } = await api.ask(CHECKOUT);
    const generation = numberAt(before, 'metadata', 'generation') ?? 0;

    const { status, body } = await patch(CHECKOUT, JSON_PATCH, [
      { op: 'test', path: '/metadata/uid', value: textAt(before, 'metadata', 'uid') },
      { op: 'test', path: '/metadata/generation', value: generation },
      { op: 'replace', path: '/spec/replicas', value: 4 },
    ]);

    expect(status).toBe(200);
    expect(numberAt(body, 'metadata', 'generation')).toBe(generation + 1);
    expect(numberAt(body, 'spec', 'replicas')).toBe(4);
  });

  it('answers a failed test with 422 and no causes, and changes nothing', async () => {
    const { status, body } = await patch(CHECKOUT, JSON_PATCH, [
      { op: 'test', path: '/metadata/uid', value: 'another' },
      { op: 'replace', path: '/spec/replicas', value: 0 },
    ]);

    expect(status).toBe(422);
    expect(textAt(body, 'reason')).toBe('Invalid');
    expect(textAt(body, 'message')).toBe(
      'the server rejected our request due to an error in our request',
    );
    expect(valueAt(body, 'details', 'causes')).toBeUndefined();
    expect(numberAt((await api.ask(CHECKOUT)).body, 'spec', 'replicas')).toBe(3);
  });

  it('answers an invalid result with 422 and the field', async () => {
    const { status, body } = await patch(CHECKOUT, JSON_PATCH, [
      { op: 'replace', path: '/spec/replicas', value: -1 },
    ]);

    expect(status).toBe(422);
    expect(listAt(body, 'details', 'causes').map((one) => textAt(one, 'field'))).toEqual([
      'spec.replicas',
    ]);
  });
});

describe('other patches', () => {
  it('takes a resource version in a merge patch for a precondition', async () => {
    const body = { metadata: { resourceVersion: '1' }, spec: { replicas: 5 } };

    const answer = await patch(CHECKOUT, MERGE_PATCH, body);

    expect(answer.status).toBe(409);
    expect(textAt(answer.body, 'message')).toContain('the object has been modified');
  });

  it('merges containers by their name in a strategic merge patch', async () => {
    const container = { name: 'app', image: 'shop/checkout:9' };
    const spec = { template: { spec: { containers: [container] } } };

    const { body } = await patch(CHECKOUT, STRATEGIC, { spec });

    const [first, ...more] = listAt(body, 'spec', 'template', 'spec', 'containers');
    expect(more).toEqual([]);
    expect(textAt(first, 'image')).toBe('shop/checkout:9');
    expect(listAt(first, 'ports')).toHaveLength(1);
  });

  it('takes no strategic merge patch for a custom resource, and no server-side apply', async () => {
    const rollout = '/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts/payments';

    expect((await patch(rollout, STRATEGIC, {})).status).toBe(415);
    expect((await patch(CHECKOUT, 'application/apply-patch+yaml', {})).status).toBe(415);
  });

  it('ignores a status on the main path, and a spec on the path of the status', async () => {
    const rollout = '/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts/payments';

    const main = await patch(rollout, MERGE_PATCH, { status: { abort: true } });
    const below = await patch(`${rollout}/status`, MERGE_PATCH, {
      status: { abort: true },
      spec: { replicas: 50 },
    });

    expect(valueAt(main.body, 'status', 'abort')).toBeUndefined();
    expect(valueAt(below.body, 'status', 'abort')).toBe(true);
    expect(numberAt(below.body, 'spec', 'replicas')).toBe(5);
  });

  it('scales by the subresource, and answers with a Scale', async () => {
    const { status, body } = await patch(`${CHECKOUT}/scale`, MERGE_PATCH, {
      spec: { replicas: 6 },
    });

    expect([status, textAt(body, 'kind'), numberAt(body, 'spec', 'replicas')]).toEqual([
      200,
      'Scale',
      6,
    ]);
    expect(numberAt((await api.ask(CHECKOUT)).body, 'spec', 'replicas')).toBe(6);
  });
});

describe('a dry run', () => {
  it('answers what would be, and changes nothing', async () => {
    const before = await api.ask(CHECKOUT);

    const dry = await patch(`${CHECKOUT}?dryRun=All`, MERGE_PATCH, { spec: { replicas: 9 } });

    expect(numberAt(dry.body, 'spec', 'replicas')).toBe(9);
    expect(await api.ask(CHECKOUT)).toEqual(before);
  });
});

describe('rights', () => {
  const asTocsin = { token: 'tocsin' };

  it('are those of deploy/kubernetes, and refused in the words of Kubernetes', async () => {
    expect((await api.ask(CHECKOUT, asTocsin)).status).toBe(200);

    const { status, body } = await api.ask(CHECKOUT, { ...asTocsin, method: 'DELETE' });

    expect(status).toBe(403);
    expect(textAt(body, 'message')).toBe(
      'deployments.apps "checkout" is forbidden: User "system:serviceaccount:tocsin:tocsin" cannot ' +
        'delete resource "deployments" in API group "apps" in the namespace "shop"',
    );
  });

  it.each([
    ['GET', '/api/v1/namespaces/kube-system/pods'],
    ['GET', '/api/v1/nodes'],
    ['GET', '/apis/apps/v1/deployments'],
    ['POST', PODS],
    ['DELETE', `${PODS}/ledger-0`],
    ['POST', '/api/v1/namespaces/tocsin/serviceaccounts/tocsin/token'],
    ['GET', '/apis/rbac.authorization.k8s.io/v1/namespaces/shop/roles'],
  ])('do not reach %s %s', async (method, path) => {
    expect((await api.ask(path, { ...asTocsin, method })).status).toBe(403);
  });

  it('can be asked for', async () => {
    const ask = async (verb: string): Promise<Json | undefined> => {
      const resourceAttributes = {
        namespace: 'shop',
        verb,
        group: 'apps',
        resource: 'deployments',
      };
      const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
      const body = { kind: 'SelfSubjectAccessReview', spec: { resourceAttributes } };
      const answer = await api.ask(path, { ...asTocsin, method: 'POST', body });
      expect(answer.status).toBe(201);
      return valueAt(answer.body, 'status', 'allowed');
    };

    expect([await ask('patch'), await ask('delete')]).toEqual([true, false]);
  });

  it("stay one's own: nobody but the person is taken for another", async () => {
    const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
    const ask = (token: string) =>
      api.ask(path, { method: 'POST', token, body: {}, as: 'system:serviceaccount:shop:other' });

    expect(textAt((await ask('admin')).body, 'status', 'userInfo', 'username')).toBe(
      'system:serviceaccount:shop:other',
    );
    expect((await ask('tocsin')).status).toBe(403);
  });

  it('belong to a token that was asked for', async () => {
    const path = '/api/v1/namespaces/tocsin/serviceaccounts/tocsin/token';
    const { body } = await api.ask(path, { method: 'POST', body: {} });

    const token = textAt(body, 'status', 'token');

    expect((await api.ask(CHECKOUT, { token })).status).toBe(200);
    expect((await api.ask(CHECKOUT, { token: 'unknown' })).status).toBe(401);
  });
});

describe('lists', () => {
  it('come in pages that hold everything once', async () => {
    const names: string[] = [];
    let after = '';
    do {
      const path = `${PODS}?limit=7&continue=${after}`;
      const { body } = await api.ask(path);
      names.push(...listAt(body, 'items').map((one) => textAt(one, 'metadata', 'name')));
      after = textAt(body, 'metadata', 'continue');
    } while (after !== '');

    const all = await api.ask(PODS);
    expect(names).toEqual(listAt(all.body, 'items').map((one) => textAt(one, 'metadata', 'name')));
    expect(new Set(names).size).toBe(names.length);
  });

  it.each([
    ['labelSelector=app%3Dcheckout', 3],
    ['labelSelector=app%20in%20(checkout,search)', 5],
    ['labelSelector=app%20in%20(accounts),version!%3Dblue', 2],
    ['labelSelector=!app', 0],
    ['fieldSelector=metadata.name%3Dledger-0', 1],
  ])('are chosen by %s', async (query, count) => {
    expect(listAt((await api.ask(`${PODS}?${query}`)).body, 'items')).toHaveLength(count);
  });

  it('are tables for who wants one', async () => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

    const { body } = await api.ask('/apis/apps/v1/namespaces/shop/deployments', { accept });

    expect(textAt(body, 'kind')).toBe('Table');
    expect(listAt(body, 'columnDefinitions').map((one) => textAt(one, 'name'))).toContain('Ready');
    expect(listAt(listAt(body, 'rows')[2], 'cells').slice(0, 2)).toEqual(['checkout', '3/3']);
  });
});

describe('deleting', () => {
  it('of a pod needs the uid that is given, and lets it stop first', async () => {
    const path = `${PODS}/ledger-0`;
    const uid = textAt((await api.ask(path)).body, 'metadata', 'uid');
    const remove = (wanted: string) =>
      api.ask(path, { method: 'DELETE', body: { preconditions: { uid: wanted } } });

    expect((await remove('another')).status).toBe(409);
    const { status, body } = await remove(uid);

    expect(status).toBe(200);
    expect(textAt(body, 'metadata', 'deletionTimestamp')).not.toBe('');
  });
});

describe('faults', () => {
  const scale = {
    method: 'PATCH',
    type: MERGE_PATCH,
    token: 'tocsin',
    body: { spec: { replicas: 7 } },
  };

  it('lose an answer after the write', async () => {
    api.sandbox.setFaults([{ kind: 'lost', verb: 'patch', times: 1 }]);

    await expect(api.ask(CHECKOUT, scale)).rejects.toThrow();

    expect(numberAt((await api.ask(CHECKOUT)).body, 'spec', 'replicas')).toBe(7);
  });

  it.each([
    ['expired', 401, 3],
    ['forbidden', 403, 3],
    ['conflict', 409, 3],
    ['throttled', 429, 3],
    ['webhook', 500, 3],
    ['unavailable', 503, 3],
    ['gateway', 504, 7],
  ] as const)('answer %s with %i, and leave %i replicas', async (kind, status, replicas) => {
    api.sandbox.setFaults([{ kind, verb: 'patch' }]);

    expect((await api.ask(CHECKOUT, scale)).status).toBe(status);

    expect(countAt((await api.ask(CHECKOUT)).body, 'spec', 'replicas')).toBe(replicas);
  });

  it('strike only what they are for', async () => {
    api.sandbox.setFaults([
      { kind: 'down', resource: 'pods', user: 'system:serviceaccount:tocsin:tocsin' },
    ]);

    expect((await api.ask(PODS)).status).toBe(200);
    await expect(api.ask(PODS, { token: 'tocsin' })).rejects.toThrow();
  });
});

describe('what it holds', () => {
  it('outlives a stop, and so does the certificate', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'kubernetes-sandbox-'));
    const first = await startApi({ directory });
    await first.ask(`${CHECKOUT}/scale`, {
      method: 'PATCH',
      type: MERGE_PATCH,
      body: { spec: { replicas: 8 } },
    });
    await first.close();

    const second = await startApi({ directory });

    expect(second.sandbox.ca).toBe(first.sandbox.ca);
    expect(numberAt((await second.ask(CHECKOUT)).body, 'spec', 'replicas')).toBe(8);
    await second.close();
    rmSync(directory, { recursive: true });
  });

  it('is an example whose revisions were all healthy', async () => {
    const { body } = await api.ask(
      '/apis/apps/v1/namespaces/shop/replicasets?labelSelector=app%3Dcheckout',
    );
    const revisions = listAt(body, 'items').map((set) =>
      textAt(set, 'metadata', 'annotations', 'deployment.kubernetes.io/revision'),
    );

    expect(revisions.sort()).toEqual(['1', '2', '3']);
  });
});
