import type { CheckPolicy } from '../../domain/policy/action-policy.ts';
import type { Policy, TenantPolicy } from '../../domain/policy/policy.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { EpochMs } from '../../domain/shared/time.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { Secrets } from '../../ports/secrets.ts';
import type { Measured, Signals } from '../../ports/signals.ts';
import type { Clock } from '../../ports/system.ts';
import { askAlertmanager } from './alertmanager.ts';
import { askAuthorized, type AskFailure, type AuthorizedDeps } from './authorized.ts';
import type { Outgoing } from './exchange.ts';
import { createGoogleTokens } from './google-token.ts';
import {
  healthTimeoutMs,
  maxAnswerBytes,
  maxHealthBytes,
  queryTimeoutMs,
  queryWorkSeconds,
} from './limits.ts';
import { readQuery } from './prometheus.ts';

export interface SignalsDeps {
  readonly policy: Policy;
  readonly secrets: Pick<Secrets, 'targets'>;
  readonly clock: Pick<Clock, 'now'>;
  /** In place of Google's own: addresses without a slash at the end, and who vouches for them. */
  readonly google?: { readonly monitoring: string; readonly token: string; readonly ca: string };
}

/**
 * Prometheus, Cloud Monitoring, health checks and Alertmanager. Only addresses that stand in the
 * policy are called, whatever a caller hands in: a check counts by its id.
 *
 * Failures: `rejected` (an address, query or credential to mend), `not_found` (also: not in the
 * policy), `throttled`, `timeout`, `unavailable`, `too_large`.
 */
export function createSignals(deps: SignalsDeps): Signals {
  const { clock, secrets, google } = deps;
  const tokenUrl = google?.token ?? 'https://oauth2.googleapis.com/token';
  const authority = google === undefined ? {} : { ca: google.ca };
  const tokens = createGoogleTokens({ tokenUrl, clock, ...authority });
  const authorized: AuthorizedDeps = { secrets, google: tokens };
  return {
    async measure(tenant, { id }, atMs) {
      const check = tenantOf(deps.policy, tenant)?.actions.checks.find((one) => one.id === id);
      if (check === undefined) return err(noSuchCheck(tenant, id));
      return measure({ ...deps, authorized, tenant }, check, atMs);
    },
    async alertAtSource(tenant, { sourceId, labels, startsAtMs }) {
      const sources = tenantOf(deps.policy, tenant)?.sources ?? [];
      const source = sources.find(({ id }) => id === sourceId);
      if (source?.kind !== 'alertmanager' || source.apiUrl === null) return ok('cannot-tell');
      const ask = (outgoing: Outgoing) => askAuthorized(authorized, tenant, outgoing);
      const of = { apiUrl: source.apiUrl, source, labels, startsAtMs };
      return askAlertmanager(ask, of, clock.now());
    },
  };
}

const tenantOf = (policy: Policy, tenant: string): TenantPolicy | undefined =>
  policy.tenants.find(({ id }) => id === tenant);

const noSuchCheck = (tenant: string, id: string): PortFailure => ({
  kind: 'not_found',
  message: `The policy of ${tenant} has no check ${id}; it measures nothing.`,
});

interface Measuring extends SignalsDeps {
  readonly authorized: AuthorizedDeps;
  readonly tenant: string;
}

function measure(
  of: Measuring,
  check: CheckPolicy,
  atMs: EpochMs,
): Promise<Result<Measured, PortFailure>> {
  const { measure: by } = check;
  switch (by.kind) {
    case 'prometheus':
      return query(of, { check, base: by.url, query: by.query }, atMs);
    case 'cloud-monitoring': {
      const google = of.google?.monitoring ?? 'https://monitoring.googleapis.com';
      const project = encodeURIComponent(by.project);
      const base = `${google}/v1/projects/${project}/location/global/prometheus`;
      return query(of, { check, base, query: by.query }, atMs);
    }
    case 'http':
      return health(of, by);
  }
}

async function query(
  { authorized, tenant, google }: Measuring,
  of: { readonly check: CheckPolicy; readonly base: string; readonly query: string },
  atMs: EpochMs,
): Promise<Result<Measured, PortFailure>> {
  const url = new URL(`${of.base.replace(/\/+$/, '')}/api/v1/query`);
  const isGoogle = of.check.measure.kind === 'cloud-monitoring';
  const answer = await askAuthorized(authorized, tenant, {
    url,
    headers: { accept: 'application/json' },
    form: { query: of.query, time: String(atMs / 1000), timeout: `${queryWorkSeconds}s` },
    timeoutMs: queryTimeoutMs,
    maxBytes: maxAnswerBytes,
    ...(isGoogle && google !== undefined ? { ca: google.ca } : {}),
  });
  return answer.ok ? readQuery(url.host, answer.value, of.check) : answer;
}

/** 1 for an answer of 2xx with the text in it; 0 for any other, and for none in time. */
async function health(
  { authorized, tenant }: Measuring,
  { url, contains }: Extract<CheckPolicy['measure'], { readonly kind: 'http' }>,
): Promise<Result<Measured, PortFailure>> {
  const answer = await askAuthorized(authorized, tenant, {
    url: new URL(url),
    headers: { accept: '*/*', 'cache-control': 'no-cache' },
    form: null,
    timeoutMs: healthTimeoutMs,
    maxBytes: maxHealthBytes,
    isCut: true,
  });
  if (!answer.ok) return isSilent(answer.error) ? ok({ kind: 'value', value: 0 }) : answer;
  const { status, body } = answer.value;
  const isGood = status >= 200 && status < 300 && (contains === null || body.includes(contains));
  return ok({ kind: 'value', value: isGood ? 1 : 0 });
}

const isSilent = ({ at, kind }: AskFailure): boolean =>
  at === 'host' && (kind === 'timeout' || kind === 'unavailable');
