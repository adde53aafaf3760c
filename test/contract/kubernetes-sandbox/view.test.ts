import { createServer } from 'node:http';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startKubernetes, type KubernetesHere } from '../../../lib/local/up/kubernetes.ts';
import { listen } from '../../../lib/local/shared/listener.ts';
import { systemTimekeeper } from '../../../lib/local/shared/timekeeper.ts';

const rootDir = new URL('../../../', import.meta.url).pathname;

let dataDir: string;
let here: KubernetesHere;
let url: string;
const server = createServer((request, response) => {
  const [mount] = here.mounts();
  void mount?.handle(request, response);
});

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'kubernetes-view-'));
  here = await startKubernetes({ dataDir, rootDir, timekeeper: systemTimekeeper });
  url = `${await listen(server, { host: '127.0.0.1', port: 0 })}/sandbox/kubernetes`;
});

afterAll(async () => {
  server.close();
  await here.close();
  rmSync(dataDir, { recursive: true });
});

const post = async (path: string, body: object): Promise<Response> =>
  await fetch(url + path, { method: 'POST', body: JSON.stringify(body) });

const page = async (): Promise<string> => await (await fetch(url)).text();

describe('the page of the cluster', () => {
  it('is not sent twice to who shows it', async () => {
    const etag = (await fetch(url)).headers.get('etag') ?? '';

    const [again, other] = await Promise.all(
      [etag, '"another"'].map((tag) => fetch(url, { headers: { 'if-none-match': tag } })),
    );

    expect([again?.status, other?.status]).toEqual([304, 200]);
  });

  it('shows what runs, and changes when somebody breaks it', async () => {
    expect(await page()).toContain('shop/checkout:1.4.2');

    const deployed = await post('/deploy', { name: 'checkout', how: 'broken' });

    expect(await deployed.json()).toEqual({ image: 'shop/checkout:1.4.3-broken' });
    expect(await page()).toContain('shop/checkout:1.4.3-broken');
    const good = await post('/deploy', { name: 'checkout', how: 'good' });
    expect(await good.json()).toEqual({ image: 'shop/checkout:1.4.4' });
  });

  it('says what is wrong with what it is sent', async () => {
    expect((await post('/deploy', { name: 'nothing' })).status).toBe(404);
    expect((await post('/deploy', { name: 'checkout', how: 'odd' })).status).toBe(400);
    expect((await post('/faults', { faults: [{ kind: 'slow' }] })).status).toBe(400);
    expect((await post('/faults', { faults: [{ kind: 'down', verb: 'patch' }] })).status).toBe(200);
    expect(await page()).toContain('Faults that are switched on: down.');
  });
});

describe('what a start hands out', () => {
  it('is a kubeconfig for a person, and less for Tocsin', () => {
    const config = readFileSync(here.kubeconfigPath, 'utf8');

    expect(config).toContain(here.apiUrl);
    expect(here.secret).toMatchObject({ server: here.apiUrl, clientKeyData: null });
    expect(config).not.toContain(here.secret.token);
  });
});
