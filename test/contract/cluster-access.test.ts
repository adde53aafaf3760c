import { describe, expect, it } from 'vitest';
import type { ClusterPolicy } from '../../lib/domain/policy/action-policy.ts';
import { epochMs, toIso } from '../../lib/domain/shared/time.ts';
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

const nowMs = epochMs(1_800_000_000_000);
const minute = 60_000;
const fine: TlsBehaviour = { status: 200, body: webObject };

const jwt = (exp: number): string =>
  ['{"alg":"RS256"}', JSON.stringify({ exp }), 'signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');

describe('what the targets secret must hold', () => {
  const secret = secretFor({ server: 'https://127.0.0.1:1', token: 'opaque' });
  const endingIn = (ms: number) => ({ ...secret, token: jwt((nowMs + ms) / 1000) });

  it.each([
    ['nothing', null, 'holds nothing for it'],
    ['no server', { ...secret, server: null }, 'names no server for it'],
    ['no credential', { ...secret, token: null }, 'has neither a token nor a client certificate'],
    ['a token that ended', endingIn(-minute), 'has a token for it that ends at'],
    ['a token that ends in 119 s', endingIn(119_000), 'too soon for a call to end before'],
  ])('refuses %s', async (_what, held, why) => {
    const secrets = rotatingTargets(held);
    const opened = await clusterSubject({ access: kubeconfig, secrets, nowMs }).open();
    expect(opened).toMatchObject({ ok: false, error: { kind: 'rejected', status: null } });
    expect(JSON.stringify(opened)).toContain(why);
    expect(JSON.stringify(opened)).toContain('tenants.acme.clusters.main');
    expect(JSON.stringify(opened)).not.toContain('eyJ');
  });

  it.each([
    ['a token that is no JWT', secret],
    ['a token that ends in two minutes', endingIn(2 * minute)],
  ])('takes %s', async (_what, held) => {
    const secrets = rotatingTargets(held);
    expect(await clusterSubject({ access: kubeconfig, secrets, nowMs }).open()).toMatchObject({
      ok: true,
    });
  });

  it('looks again before it gives a token up', async () => {
    const secrets = rotatingTargets(endingIn(0));
    secrets.rotate(endingIn(60 * minute));
    expect(await clusterSubject({ access: kubeconfig, secrets, nowMs }).open()).toMatchObject({
      ok: true,
    });
  });
});

/** EKS, STS and the cluster in one server, which the test can switch off in parts. */
async function startEks(
  of: { roleArn?: string; pinned?: 'whole' | 'authority'; sessionMs?: number } = {},
) {
  const identity = testIdentity();
  const off = new Set<string>();
  let knowsToken: (token: string) => boolean = () => true;
  const answer = (seen: SeenByTls): TlsBehaviour => {
    if (seen.path === '/clusters/prod') return off.has('eks') ? awsError : described();
    if (seen.method === 'POST') return off.has('sts') ? stsError : assumed();
    const token = seen.headers['authorization']?.replace('Bearer ', '') ?? '';
    return knowsToken(token) ? fine : status(401, 'Unauthorized');
  };
  const server = await tlsServer(answer, identity);
  const described = (): TlsBehaviour => ({
    status: 200,
    body: {
      cluster: {
        status: 'ACTIVE',
        endpoint: server.url,
        certificateAuthority: { data: base64(identity.ca) },
      },
    },
  });
  let sessions = 0;
  const assumed = (): TlsBehaviour => {
    sessions += 1;
    const endsAt = toIso(epochMs(nowMs + (of.sessionMs ?? 15 * minute)));
    const body =
      `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA${sessions}` +
      `</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t&amp;</SessionToken>` +
      `<Expiration>${endsAt}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
    return { status: 200, body };
  };
  const access: ClusterPolicy['access'] = {
    ...{ kind: 'eks', region: 'eu-west-1', clusterName: 'prod' },
    roleArn: of.roleArn ?? null,
  };
  const pinned = secretFor({
    server: of.pinned === 'whole' ? server.url : null,
    caData: base64(testIdentity().ca),
  });
  const subject = clusterSubject({
    ...{ access, nowMs },
    secrets: rotatingTargets(of.pinned === undefined ? null : pinned),
    aws: {
      credentials: () => ({ accessKeyId: 'AKIDOWN', secretAccessKey: 'own' }),
      endpoints: { eks: server.url, sts: server.url, ca: identity.ca },
    },
  });
  const refuseToken = (refused: (token: string) => boolean): void => {
    knowsToken = (token) => !refused(token);
  };
  const count = (path: string): number => server.seen.filter((one) => one.path === path).length;
  return { server, subject, off, count, refuseToken };
}

const awsError: TlsBehaviour = {
  status: 503,
  headers: { 'x-amzn-errortype': 'ServiceUnavailableException:http://x' },
  body: { message: 'try later' },
};
const stsError: TlsBehaviour = {
  status: 403,
  body: '<ErrorResponse><Error><Code>AccessDenied</Code><Message>not you</Message></Error></ErrorResponse>',
};

const tokensOf = (seen: readonly SeenByTls[]): readonly URL[] =>
  seen
    .map(({ headers }) => headers['authorization'] ?? '')
    .filter((value) => value.startsWith('Bearer k8s-aws-v1.'))
    .map((value) => new URL(Buffer.from(value.slice(18), 'base64url').toString('utf8')));

describe('a cluster of EKS', () => {
  it('is looked up once, and opened with a token of our own', async () => {
    const { server, subject, count } = await startEks();
    expect(await (await subject.opened()).get(web)).toMatchObject({ ok: true });
    await (await subject.opened()).get(web);
    expect(count('/clusters/prod')).toBe(1);
    expect(server.seen[0]?.headers['authorization']).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDOWN\/20270115\/eu-west-1\/eks\/aws4_request, SignedHeaders=host;x-amz-date, /,
    );
    const [first, second] = tokensOf(server.seen);
    expect(first?.searchParams.get('X-Amz-Credential')).toMatch(/^AKIDOWN\//);
    expect(second?.href).toBe(first?.href);
  });

  it('gets another token after 13 minutes', async () => {
    const { server, subject } = await startEks();
    const cluster = await subject.opened();
    for (const ms of [0, 13 * minute - 1, 1]) {
      subject.move(ms);
      await cluster.get(web);
    }
    const [first, second, third] = tokensOf(server.seen);
    expect(second?.href).toBe(first?.href);
    expect(third?.href).not.toBe(first?.href);
  });

  it('stays open while EKS cannot be asked', async () => {
    const { subject, off, count } = await startEks();
    await subject.opened();
    off.add('eks');
    subject.move(16 * minute);
    expect(await (await subject.opened()).get(web)).toMatchObject({ ok: true });
    expect(count('/clusters/prod')).toBe(2);
    off.delete('eks');
    subject.move(minute);
    await subject.opened();
    expect(count('/clusters/prod')).toBe(3);
    expect(subject.log.lines()).toMatchObject([{ level: 'warn' }]);
  });

  it('cannot be opened when EKS never told where it is', async () => {
    const { subject, off } = await startEks();
    off.add('eks');
    expect(await subject.open()).toMatchObject({
      error: {
        kind: 'unavailable',
        message: 'EKS in eu-west-1 refused: ServiceUnavailableException: try later',
      },
    });
  });

  it('is opened as the role of the policy, in the name of the action', async () => {
    const { server, subject } = await startEks({ roleArn: 'arn:aws:iam::1:role/responder' });
    for (const action of ['a1', 'a1', 'a2 /é']) {
      const opened = await subject.open(action);
      if (!opened.ok) throw new Error(opened.error.message);
      await opened.value.get(web);
    }
    const forms = server.seen.filter(({ method }) => method === 'POST').map(({ body }) => body);
    expect(forms.map((form) => Object.fromEntries(new URLSearchParams(form)))).toEqual(
      ['a1', 'a2---'].map((RoleSessionName) => ({
        ...{ Action: 'AssumeRole', Version: '2011-06-15', DurationSeconds: '900' },
        RoleArn: 'arn:aws:iam::1:role/responder',
        RoleSessionName,
      })),
    );
    const [token] = tokensOf(server.seen);
    expect(token?.searchParams.get('X-Amz-Credential')).toMatch(/^ASIA1\//);
    expect(token?.searchParams.get('X-Amz-Security-Token')).toBe('t&');
  });

  it('gives up a token before the session behind it ends', async () => {
    const roleArn = 'arn:aws:iam::1:role/responder';
    const { server, subject, count } = await startEks({ roleArn, sessionMs: 5 * minute });
    const cluster = await subject.opened();
    subject.move(3 * minute);
    await cluster.get(web);
    expect(count('/')).toBe(2);
    expect(tokensOf(server.seen)[0]?.searchParams.get('X-Amz-Credential')).toMatch(/^ASIA2\//);
  });

  it('says whom STS refused', async () => {
    const { subject, off } = await startEks({ roleArn: 'arn:aws:iam::1:role/responder' });
    off.add('sts');
    expect(await subject.open()).toMatchObject({
      error: { kind: 'rejected', message: 'STS in eu-west-1 refused: AccessDenied: not you' },
    });
  });

  it('gets another token when one is refused, once', async () => {
    const { server, subject, refuseToken } = await startEks({ roleArn: 'arn:aws:iam::1:role/r' });
    const cluster = await subject.opened();
    const seenTokens = new Set<string>();
    refuseToken((token) => seenTokens.size === 0 && seenTokens.add(token).size > 0);
    expect(await cluster.get(web)).toMatchObject({ ok: true });
    refuseToken(() => true);
    const before = server.seen.length;
    expect(await cluster.get(web)).toMatchObject({ error: { status: 401 } });
    // The call, a new session, the call.
    expect(server.seen.length - before).toBe(3);
  });

  it.each([
    ['authority', 1],
    ['whole', 0],
  ] as const)('is believed to be what the secret pins: %s', async (pinned, lookUps) => {
    const { subject, server, count } = await startEks({ pinned });
    expect(await (await subject.opened()).get(web)).toMatchObject({ error: { kind: 'rejected' } });
    expect(count('/clusters/prod')).toBe(lookUps);
    expect(server.seen).toHaveLength(lookUps);
  });
});
