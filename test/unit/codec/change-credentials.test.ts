import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  signChange,
  verifyChangeCredential,
  type ChangeAttempt,
} from '../../../lib/codec/changes/credentials.ts';
import { changeKindOf, decodeChanges } from '../../../lib/codec/changes/decode.ts';
import { decodeGitHubChanges } from '../../../lib/codec/changes/github.ts';
import { epochMs } from '../../../lib/domain/shared/time.ts';

const nowMs = epochMs(1_795_168_900_000);
const body = Buffer.from('{"id":"x"}');

const hex = (secret: string, text: string): string =>
  createHmac('sha256', secret).update(text).digest('hex');

const sources = [
  { id: 'own', kind: 'tocsin' },
  { id: 'hub', kind: 'github' },
  { id: 'lab', kind: 'gitlab' },
  { id: 'argo', kind: 'argocd' },
  { id: 'argo-2', kind: 'argocd' },
] as const;
const secrets = {
  own: ['own-old', 'own-new'],
  hub: ['hub'],
  lab: ['lab'],
  argo: ['argo', 'shared'],
  'argo-2': ['argo-2', 'shared', ''],
};

const verify = (
  kind: ChangeAttempt['kind'],
  headers: Readonly<Record<string, string>>,
  of: Partial<ChangeAttempt> = {},
): string | null =>
  verifyChangeCredential({
    kind,
    header: (name) => headers[name],
    body,
    nowMs,
    sources,
    secrets,
    ...of,
  });

describe('our own signature', () => {
  const t = String(nowMs / 1000);
  const own = (header: string) => verify('tocsin', { 'x-tocsin-signature': header });
  const good = hex('own-old', `${t}.${body.toString()}`);

  it.each([
    ['as it is documented', `t=${t},v1=${good}`],
    ['made with the newer secret', signChange('own-new', body, nowMs)],
    ['made five minutes ago', signChange('own-old', body, epochMs(nowMs - 300_000))],
    ['with spaces, and another signature before it', `t=${t}, v1=${'0'.repeat(64)}, v1=${good}`],
  ])('is taken %s', (_what, header) => {
    expect(own(header)).toBe('own');
  });

  it.each([
    ['older than five minutes', signChange('own-old', body, epochMs(nowMs - 301_000))],
    ['further ahead than five minutes', signChange('own-old', body, epochMs(nowMs + 301_000))],
    ['of another instant than it says', `t=${Number(t) - 1},v1=${good}`],
    ['with two instants', `t=${t},t=${t},v1=${good}`],
    ['without an instant', `v1=${good}`],
    ['without a signature', `t=${t}`],
    ['of another version', `t=${t},v0=${good}`],
    ['cut', `t=${t},v1=${good.slice(0, 63)}`],
    ['of an unknown secret', signChange('nobody', body, nowMs)],
    ['of an empty secret', signChange('', body, nowMs)],
    ['behind too many others', `t=${t},${'v1=00,'.repeat(20)}v1=${good}`],
    ['empty', ''],
  ])('is refused %s', (_what, header) => {
    expect(own(header)).toBeNull();
  });
});

describe('the proofs of others', () => {
  const github = (header: string) => verify('github', { 'x-hub-signature-256': header });
  const argo = (header: string) => verify('argocd', { authorization: header });

  it('is GitHub’s signature over the bytes', () => {
    expect(github(`sha256=${hex('hub', body.toString())}`)).toBe('hub');
    expect(github(`sha256=${hex('lab', body.toString())}`)).toBeNull();
    expect(github(hex('hub', body.toString()))).toBeNull();
    expect(verify('github', {})).toBeNull();
  });

  it('is GitLab’s token', () => {
    expect(verify('gitlab', { 'x-gitlab-token': 'lab' })).toBe('lab');
    expect(verify('gitlab', { 'x-gitlab-token': 'hub' })).toBeNull();
    expect(verify('gitlab', {}, { secrets: { lab: [''] } })).toBeNull();
    expect(verify('gitlab', { 'x-gitlab-token': '' }, { secrets: { lab: [''] } })).toBeNull();
  });

  it('is a bearer token for Argo CD, that names one source', () => {
    expect(argo('Bearer argo')).toBe('argo');
    expect(argo('Bearer argo-2')).toBe('argo-2');
    expect(argo('Bearer shared')).toBeNull();
    expect(argo('Basic YXJnbzphcmdv')).toBeNull();
  });

  it('holds on its own path only', () => {
    expect(verify('argocd', { authorization: 'Bearer lab' })).toBeNull();
    expect(verify('gitlab', { 'x-gitlab-token': 'argo' })).toBeNull();
  });
});

it('each path takes one format, and no other path any', () => {
  const paths = ['/v1/changes', '/v1/changes/github', '/v1/changes/gitlab', '/v1/changes/argocd'];
  expect(paths.map(changeKindOf)).toEqual(['tocsin', 'github', 'gitlab', 'argocd']);
  expect(['/v1/changes/', '/v1/changes/toString', '__proto__'].map(changeKindOf)).toEqual([
    null,
    null,
    null,
  ]);
});

describe('what of a message is read', () => {
  it('is the JSON in the form that GitHub posts by default', () => {
    const form = `payload=${encodeURIComponent('{"zen":"Keep it simple.","hook_id":1}')}`;
    expect(decodeGitHubChanges(form)).toEqual({
      ok: true,
      value: { kind: 'nothing', reason: 'a ping of GitHub' },
    });
  });

  it.each([
    [{ service: 's', status: 'started' }, '`id` is missing; a name of this change is expected.'],
    [{ id: 'x', status: 'started' }, '`service` is missing; a service is expected.'],
    [
      { id: 'x', service: 's', status: 'started', at: 'noon' },
      '`at` is "noon"; an RFC 3339 time is expected.',
    ],
    [{ changes: {} }, '`changes` is {}; a list is expected.'],
    [{ changes: [1] }, '`changes[]` is 1; an object is expected.'],
    [
      { changes: Array.from({ length: 51 }, () => ({})) },
      'There are 51 changes in one message; at most 50 are read.',
    ],
  ])('says what is wrong with %j', (message, reason) => {
    expect(decodeChanges('tocsin', JSON.stringify(message))).toEqual({
      ok: false,
      error: { kind: 'unreadable', reason },
    });
  });

  it('is no link to anywhere but the web', () => {
    const told = { id: 'x', service: 's', status: 'started', url: 'javascript:alert(1)' };
    expect(decodeChanges('tocsin', JSON.stringify(told))).toMatchObject({
      value: { changes: [{ url: null }] },
    });
  });
});
