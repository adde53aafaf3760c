import { err, ok } from '../../domain/shared/result.ts';
import type { ClusterSecret, TargetsSecret, TenantTargetsSecret } from '../../ports/secrets.ts';
import { eachMember, inObject, optionalText, text, type Members, type Reading } from './shapes.ts';

/**
 * `{ "tenants": { "<tenant>": { "clusters"?: { "<id>": { "server"?, "caData"?, "token"?,
 * "clientCertData"?, "clientKeyData"?, "tlsServerName"? } }, "argocd"?: { "<id>": "<token>" },
 * "gitHosts"?: { "<id>": "<token>" }, "signals"?: { "<host>": "<Authorization header>" } } } }`.
 * A service account's key of Google, for `monitoring.googleapis.com`, may be the object it is.
 */
export function readTargets(json: unknown): Reading<TargetsSecret> {
  return inObject(json, '', (secret) => {
    const tenants = eachMember(secret['tenants'], 'tenants', tenantTargets);
    return tenants.ok ? ok({ tenants: tenants.value }) : tenants;
  });
}

function tenantTargets(json: unknown, where: string): Reading<TenantTargetsSecret> {
  return inObject(json, where, (tenant) => {
    const each = <Value>(name: string, read: (json: unknown, where: string) => Reading<Value>) =>
      eachMember(tenant[name] ?? {}, `${where}.${name}`, read);
    const clusters = each('clusters', cluster);
    if (!clusters.ok) return clusters;
    const argocd = each('argocd', text);
    if (!argocd.ok) return argocd;
    const gitHosts = each('gitHosts', text);
    if (!gitHosts.ok) return gitHosts;
    const signals = each('signals', signal);
    if (!signals.ok) return signals;
    return ok({
      clusters: clusters.value,
      argocd: argocd.value,
      gitHosts: gitHosts.value,
      signals: signals.value,
    });
  });
}

const clusterTexts = [
  ...(['server', 'caData', 'token'] as const),
  ...(['clientCertData', 'clientKeyData', 'tlsServerName'] as const),
];

function cluster(json: unknown, where: string): Reading<ClusterSecret> {
  return inObject(json, where, (members) => {
    const problem = clusterProblem(members);
    if (problem !== null) return err({ where: `${where}${problem.of}`, what: problem.what });
    const read: [keyof ClusterSecret, string | null][] = [];
    for (const name of clusterTexts) {
      const value = optionalText(members[name], `${where}.${name}`);
      if (!value.ok) return value;
      read.push([name, value.value]);
    }
    const values = new Map(read);
    const of = (name: keyof ClusterSecret): string | null => values.get(name) ?? null;
    return ok({
      server: of('server'),
      caData: of('caData'),
      token: of('token'),
      clientCertData: of('clientCertData'),
      clientKeyData: of('clientKeyData'),
      tlsServerName: of('tlsServerName'),
    });
  });
}

interface Problem {
  /** Member with its dot, empty for the cluster itself. */
  readonly of: string;
  readonly what: string;
}

/** What is wrong with a cluster as a whole, or with one of its texts beyond being a text. */
function clusterProblem(members: Members): Problem | null {
  if ('exec' in members) {
    return { of: '.exec', what: 'must not be there: a command from a secret is never run' };
  }
  const server = members['server'];
  if (typeof server === 'string' && !isServer(server)) {
    const what =
      'must be an https address without user, query or fragment, such as https://10.0.0.1:6443';
    return { of: '.server', what };
  }
  for (const name of ['caData', 'clientCertData', 'clientKeyData']) {
    const data = members[name];
    if (typeof data === 'string' && !isPem(data)) {
      return { of: `.${name}`, what: 'must be the base64 of a PEM text, as a kubeconfig has it' };
    }
  }
  if (isThere(members['clientCertData']) !== isThere(members['clientKeyData'])) {
    return { of: '', what: 'must have both clientCertData and clientKeyData, or none of them' };
  }
  return null;
}

const isThere = (value: unknown): boolean => value !== undefined && value !== null;

function isServer(text: string): boolean {
  const url = URL.parse(text);
  if (url?.protocol !== 'https:') return false;
  return [url.username, url.password, url.search, url.hash].every((part) => part === '');
}

const isPem = (data: string): boolean =>
  Buffer.from(data, 'base64').toString('latin1').includes('-----BEGIN ');

/** A header's value, or a key of a service account: as text, or as the object that it is. */
function signal(json: unknown, where: string): Reading<string> {
  const isKey = typeof json === 'object' && json !== null && !Array.isArray(json);
  const read = isKey ? ok(JSON.stringify(json)) : text(json, where);
  if (!read.ok || read.value.startsWith('{') || /^[\x20-\x7e]+$/.test(read.value)) return read;
  return err({ where, what: 'must be one line of ASCII, such as "Bearer ..." or "Basic ..."' });
}
