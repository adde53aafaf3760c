import { createSignals, type SignalsDeps } from '../../lib/adapters/signals/signals.ts';
import type { CheckPolicy } from '../../lib/domain/policy/action-policy.ts';
import { noActions } from '../../lib/domain/policy/no-actions.ts';
import type { SourcePolicy } from '../../lib/domain/policy/policy.ts';
import { err, ok } from '../../lib/domain/shared/result.ts';
import { epochMs } from '../../lib/domain/shared/time.ts';
import { drawPolicy, tenantId } from '../sim/engine/policy.ts';

export const nowMs = epochMs(1_800_000_000_000);

/** A check of the policy; the bounds are those of a success ratio. */
export const checkOf = (
  measure: CheckPolicy['measure'],
  bounds: Partial<Pick<CheckPolicy, 'atLeast' | 'atMost'>> = {},
): CheckPolicy => ({ id: 'c1', name: 'works', measure, atLeast: null, atMost: null, ...bounds });

export const prometheusAt = (url: string): CheckPolicy['measure'] => ({
  ...{ kind: 'prometheus', url, query: 'up{job="a b"}' },
});

/** The adapter with one check and one source, and with credentials by host. */
export function signalsSubject(of: {
  readonly check?: CheckPolicy;
  readonly source?: Partial<SourcePolicy>;
  /** The first is what is cached, the second what is there when asked afresh. */
  readonly credentials?: readonly [object, object];
  readonly google?: NonNullable<SignalsDeps['google']>;
  readonly secretsAreDown?: boolean;
}) {
  const drawn = drawPolicy(1);
  const source: SourcePolicy = {
    ...{ id: 'am', kind: 'alertmanager', apiUrl: null, unreadableSeverity: 'P2' },
    ...{ labels: { region: 'eu' }, ...of.source },
  };
  const tenants = drawn.tenants.map((tenant) => ({
    ...tenant,
    sources: [source],
    actions: { ...noActions, checks: of.check === undefined ? [] : [of.check] },
  }));
  const [cached, fresh] = of.credentials ?? [{}, {}];
  const targets: SignalsDeps['secrets']['targets'] = (freshness = 'cached') => {
    if (of.secretsAreDown === true) {
      return Promise.resolve(err({ kind: 'unavailable', message: 'The secret is down.' }));
    }
    // The tests write plain objects of texts.
    const signals = (freshness === 'fresh' ? fresh : cached) as Readonly<Record<string, string>>;
    const tenant = { clusters: {}, argocd: {}, gitHosts: {}, signals };
    return Promise.resolve(ok({ tenants: { [tenantId]: tenant } }));
  };
  let clockMs = nowMs;
  const signals = createSignals({
    policy: { ...drawn, tenants },
    secrets: { targets },
    clock: { now: () => clockMs },
    ...(of.google === undefined ? {} : { google: of.google }),
  });
  const { check } = of;
  return {
    signals,
    measure: () => signals.measure(tenantId, check ?? checkOf(prometheusAt('http://x')), nowMs),
    atSource: (
      labels: Readonly<Record<string, string>>,
      sourceId = 'am',
      startsAtMs = epochMs(nowMs - 3_600_000),
    ) => signals.alertAtSource(tenantId, { sourceId, labels, startsAtMs }),
    move: (ms: number) => {
      clockMs = epochMs(clockMs + ms);
    },
  };
}
