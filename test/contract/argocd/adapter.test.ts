import { describe, expect, it } from 'vitest';
import { misbehaving } from '../misbehaving-server.ts';
import { argocdsAt, GOOD, REF, start, TOKEN } from './harness.ts';

/** Typed as what it stands for. */
const containing = (text: string): string => expect.stringContaining(text) as string;

const off = { automated: null };

describe('Argo CD adapter against the sandbox', () => {
  it('reads the Application with its project named', async () => {
    const { argocd } = await start();
    const read = await argocd.application(REF);
    expect(read).toMatchObject({ ok: true, value: { metadata: { name: 'checkout' } } });
  });

  it.each([
    ['another name', { ...REF, name: 'basket' }, 'not_found', 404],
    ['another project', { ...REF, project: 'bank' }, 'not_found', 404],
    ['no such server', { ...REF, server: 'other' }, 'rejected', null],
  ])('tells %s as %s', async (_case, ref, kind, status) => {
    const { argocd } = await start();
    expect(await argocd.application(ref)).toMatchObject({ ok: false, error: { kind, status } });
  });

  it('tells the words of a rollback that auto-sync forbids', async () => {
    const { argocd } = await start();
    const refused = await argocd.rollback(REF, { historyId: 0, isDryRun: false });
    expect(refused).toMatchObject({
      ok: false,
      error: {
        kind: 'rejected',
        status: 400,
        message: containing('rollback cannot be initiated when auto-sync is enabled'),
      },
    });
  });

  it('tells an unknown id and a second operation apart', async () => {
    const { argocd } = await start({ application: off });
    const unknown = await argocd.rollback(REF, { historyId: 99, isDryRun: false });
    expect(unknown).toMatchObject({
      error: { message: containing('does not have deployment with id 99') },
    });
    expect((await argocd.rollback(REF, { historyId: 0, isDryRun: false })).ok).toBe(true);
    const second = await argocd.rollback(REF, { historyId: 0, isDryRun: false });
    expect(second).toMatchObject({
      error: { message: containing('another operation is already in progress') },
    });
  });

  it('makes a failed test of a patch a conflict, with nothing changed', async () => {
    const { argocd } = await start();
    const patch = [
      { op: 'test', path: '/metadata/uid', value: 'another' },
      { op: 'remove', path: '/spec/syncPolicy/automated' },
    ];
    expect(await argocd.patch(REF, patch)).toMatchObject({
      error: { kind: 'conflict', status: 500 },
    });
    expect(await argocd.application(REF)).toMatchObject({
      value: { spec: { syncPolicy: { automated: { prune: true } } } },
    });
  });

  it('knows whether a sync window is closed', async () => {
    const { argocd, people } = await start();
    expect(await argocd.canSync(REF)).toEqual({ ok: true, value: true });
    await people('window', { closed: true });
    expect(await argocd.canSync(REF)).toEqual({ ok: true, value: false });
  });

  it('asks for a sync to a commit', async () => {
    const { argocd } = await start({ application: off });
    const asked = await argocd.sync(REF, { revision: GOOD, isDryRun: true });
    expect(asked).toMatchObject({
      value: { operation: { sync: { revision: GOOD, dryRun: true } } },
    });
  });

  it('tells a missing right as what it is', async () => {
    const { argocd } = await start({ application: off, rights: ['get'] });
    const refused = await argocd.rollback(REF, { historyId: 0, isDryRun: false });
    expect(refused).toMatchObject({ error: { kind: 'rejected', status: 403 } });
  });

  it('asks the secret again when its token was refused, for writes as well', async () => {
    const secret = (freshness: string): string => (freshness === 'fresh' ? TOKEN : 'old-token');
    const { argocd } = await start({ application: off, secret });
    expect((await argocd.rollback(REF, { historyId: 0, isDryRun: false })).ok).toBe(true);
  });
});

describe('Argo CD adapter and faults', () => {
  it.each([
    ['down', { kind: 'down' } as const, 'unavailable'],
    ['garbage', { kind: 'garbage' } as const, 'unavailable'],
    ['hang', { kind: 'hang' } as const, 'timeout'],
    ['503', { kind: 'status', status: 503 } as const, 'unavailable'],
    ['500', { kind: 'status', status: 500 } as const, 'unavailable'],
    ['429', { kind: 'status', status: 429, retryAfterS: 7 } as const, 'throttled'],
  ])('tells %s of every call', async (_name, fault, kind) => {
    const { argocd, setFaults } = await start();
    setFaults(fault);
    expect(await argocd.application(REF)).toMatchObject({ ok: false, error: { kind } });
  });

  it('reads once more after a cut connection, and writes never', async () => {
    const { argocd, setFaults } = await start({ application: off });
    setFaults({ kind: 'down', operation: 'application', times: 1 });
    expect((await argocd.application(REF)).ok).toBe(true);
    setFaults({ kind: 'lost', operation: 'rollback', times: 1 });
    const lost = await argocd.rollback(REF, { historyId: 0, isDryRun: false });
    expect(lost).toMatchObject({ error: { kind: 'unavailable', status: null } });
    expect(await argocd.application(REF)).toMatchObject({
      value: { operation: { sync: { revision: GOOD } } },
    });
  });

  it('does not follow a redirect, and never repeats the token', async () => {
    const elsewhere = await misbehaving({ status: 200, body: '{}' });
    const { url, seen } = await misbehaving(
      { status: 302, headers: { location: elsewhere.url } },
      { status: 400, body: JSON.stringify({ message: `bad ${TOKEN}`, code: 3 }) },
    );
    const argocd = argocdsAt(url, () => TOKEN).open('acme');
    expect(await argocd.application(REF)).toMatchObject({
      error: { kind: 'rejected', status: 302 },
    });
    const refused = await argocd.application(REF);
    expect(JSON.stringify(refused)).not.toContain(TOKEN);
    expect(elsewhere.seen).toHaveLength(0);
    expect(seen[0]?.path).toBe('/api/v1/applications/checkout?project=shop');
  });

  it('does not read without end', async () => {
    const { url } = await misbehaving({ status: 200, body: `{"a":"${'x'.repeat(5 << 20)}"}` });
    const argocd = argocdsAt(url, () => TOKEN).open('acme');
    expect(await argocd.application(REF)).toMatchObject({ error: { kind: 'too_large' } });
  });

  it('ends when an answer begins and does not end', async () => {
    const { url } = await misbehaving('half');
    const argocd = argocdsAt(url, () => TOKEN).open('acme');
    expect(await argocd.application(REF)).toMatchObject({ error: { kind: 'timeout' } });
  });

  it('says where a token belongs when there is none', async () => {
    const { url } = await start();
    const refused = await argocdsAt(url, () => TOKEN)
      .open('other')
      .application(REF);
    expect(refused).toMatchObject({
      error: { message: containing('tenants.other.argocd.main') },
    });
  });
});
