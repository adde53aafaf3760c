import { isRecord, recordOf, textOf } from '../../codec/fields.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { after, earliest, epochMs, type EpochMs } from '../../domain/shared/time.ts';
import type { ClusterPolicy } from '../../domain/policy/action-policy.ts';
import type { ClusterFailure } from '../../ports/cluster.ts';
import type { Freshness } from '../../ports/secrets.ts';
import type { Log } from '../../ports/system.ts';
import { createAwsCalls, type AwsDeps, type CallAws } from './aws-call.ts';
import { eksToken } from './eks-token.ts';
import { parseJson, refusal } from './failures.ts';
import {
  describeAgainMs,
  describedForMs,
  expiryMarginMs,
  maxKept,
  maxTokenLength,
  tokenUsedMs,
} from './limits.ts';
import { assumeRole, type Session } from './session.ts';

export type EksAccess = Extract<ClusterPolicy['access'], { readonly kind: 'eks' }>;

/** Where a cluster of EKS is. */
export interface EksPlace {
  readonly server: string;
  /** PEM. */
  readonly ca: string;
}

export interface Eks {
  /** Kept; the last good one serves on while EKS cannot be asked. */
  readonly place: (of: EksAccess) => Promise<Result<EksPlace, ClusterFailure>>;
  /** Kept while it is good; `fresh` makes another. */
  readonly token: (
    of: EksAccess,
    attribution: string,
    freshness: Freshness,
  ) => Promise<Result<string, ClusterFailure>>;
}

interface EksDeps extends AwsDeps {
  readonly log: Log;
}

interface KeptPlace {
  readonly place: EksPlace;
  readonly askAgainAtMs: EpochMs;
}

interface Token {
  readonly text: string;
  readonly usableUntilMs: EpochMs;
}

export function createEks(deps: EksDeps): Eks {
  const call = createAwsCalls(deps);
  const places = new Map<string, KeptPlace>();
  const tokens = new Map<string, Token>();
  return {
    async place(of) {
      const key = `${of.region}/${of.clusterName}`;
      const kept = places.get(key);
      const nowMs = deps.clock.now();
      if (kept !== undefined && nowMs < kept.askAgainAtMs) return ok(kept.place);
      const asked = await describe(deps, call, of);
      const place = asked.ok ? asked.value : kept?.place;
      if (place === undefined) return asked;
      const pauseMs = asked.ok ? describedForMs : describeAgainMs;
      keep(places, key, { place, askAgainAtMs: after(nowMs, pauseMs) });
      if (asked.ok) return asked;
      const { message } = asked.error;
      deps.log.warn('EKS could not be asked; what it said of the cluster before serves on.', {
        cluster: key,
        message,
      });
      return ok(place);
    },
    async token(of, attribution, freshness) {
      const key = [of.region, of.clusterName, of.roleArn ?? '', attribution].join(' ');
      const kept = tokens.get(key);
      const isGood = kept !== undefined && kept.usableUntilMs > deps.clock.now();
      if (isGood && freshness === 'cached') return ok(kept.text);
      const made = await mint(deps, call, { of, attribution });
      if (!made.ok) return made;
      keep(tokens, key, made.value);
      return ok(made.value.text);
    },
  };
}

/** The oldest makes room. */
function keep<Value>(kept: Map<string, Value>, key: string, value: Value): void {
  kept.delete(key);
  kept.set(key, value);
  const [oldest] = kept.keys();
  if (kept.size > maxKept && oldest !== undefined) kept.delete(oldest);
}

async function describe(
  deps: EksDeps,
  call: CallAws,
  { region, clusterName }: EksAccess,
): Promise<Result<EksPlace, ClusterFailure>> {
  const answer = await call({
    ...{ service: 'eks', region, method: 'GET', form: null },
    credentials: deps.credentials(),
    path: `/clusters/${encodeURIComponent(clusterName)}`,
  });
  if (!answer.ok) return answer;
  const json = parseJson(answer.value);
  const cluster = recordOf(isRecord(json) ? json : {}, 'cluster');
  const server = textOf(cluster, 'endpoint');
  const ca = Buffer.from(textOf(recordOf(cluster, 'certificateAuthority'), 'data'), 'base64');
  if (URL.parse(server)?.protocol === 'https:' && ca.includes('-----BEGIN CERTIFICATE')) {
    return ok({ server, ca: ca.toString('latin1') });
  }
  const status = textOf(cluster, 'status') || 'unknown';
  return err(
    refusal(
      `EKS in ${region} gives no address and authority of the cluster ${clusterName} (its status ` +
        `is ${status}). It has both once it is ACTIVE.`,
      'unavailable',
    ),
  );
}

async function mint(
  deps: EksDeps,
  call: CallAws,
  { of, attribution }: { readonly of: EksAccess; readonly attribution: string },
): Promise<Result<Token, ClusterFailure>> {
  const { region, clusterName, roleArn } = of;
  const own: Session = { credentials: deps.credentials(), expiresAtMs: null };
  const session: Result<Session, ClusterFailure> =
    roleArn === null
      ? ok(own)
      : await assumeRole(call, { region, roleArn, attribution, credentials: own.credentials });
  if (!session.ok) return session;
  const { credentials, expiresAtMs } = session.value;
  const atMs = deps.clock.now();
  const text = eksToken({ clusterName, region, credentials, atMs });
  if (text.length >= maxTokenLength) {
    const what = `The token for the cluster ${clusterName} has ${text.length} characters`;
    const advice = 'EKS takes fewer than 4096. Give the role a shorter name or fewer session tags.';
    return err(refusal(`${what}; ${advice}`));
  }
  const byAgeMs = after(atMs, tokenUsedMs);
  const lastMs = expiresAtMs === null ? byAgeMs : earliest(byAgeMs, before(expiresAtMs));
  return ok({ text, usableUntilMs: lastMs });
}

/** An instant that leaves a call the time to end. */
const before = (expiresAtMs: EpochMs): EpochMs => epochMs(expiresAtMs - expiryMarginMs);
