import { onTestFinished } from 'vitest';
import { createArgoCds } from '../../../lib/adapters/argocd/argocd.ts';
import { systemHashing } from '../../../lib/adapters/system/hashing.ts';
import { createArgoCdActuator } from '../../../lib/app/targets/argocd/actuator.ts';
import type { Actuator, Planning } from '../../../lib/app/targets/actuator.ts';
import type { Plan, PlanDraft } from '../../../lib/domain/action/plan.ts';
import { ok } from '../../../lib/domain/shared/result.ts';
import { durationMs, epochMs } from '../../../lib/domain/shared/time.ts';
import type { Fault } from '../../../lib/local/sandbox/http/faults.ts';
import { createArgoCdSandbox } from '../../../lib/local/sandbox/argocd/sandbox.ts';
import type {
  ArgoCdSandboxApplication,
  ArgoCdSandboxSettings,
} from '../../../lib/local/sandbox/argocd/settings.ts';
import type { Timekeeper } from '../../../lib/local/shared/timekeeper.ts';
import type { ApplicationRef, ArgoCd } from '../../../lib/ports/argocd.ts';
import type { Freshness, TargetsSecret } from '../../../lib/ports/secrets.ts';

export const TOKEN = 'argocd-token-of-tocsin';
export const GOOD = 'a'.repeat(40);
export const BAD = 'b'.repeat(40);
export const FIX = 'c'.repeat(40);

export const REF: ApplicationRef = {
  server: 'main',
  project: 'shop',
  name: 'checkout',
  appNamespace: null,
};

export const CHECKOUT: ArgoCdSandboxApplication = {
  name: 'checkout',
  project: 'shop',
  source: { repoURL: 'https://git.example.com/shop/deploy.git', path: 'checkout' },
  automated: { prune: true, selfHeal: true },
  history: [{ revision: GOOD }, { revision: BAD }],
  head: BAD,
  outcomes: { [BAD]: 'degraded' },
};

const START_MS = Date.parse('2026-11-21T10:00:00Z');

export interface Setting {
  readonly application?: Partial<ArgoCdSandboxApplication>;
  readonly rights?: ArgoCdSandboxSettings['accounts'][number]['rights'];
  readonly secret?: (freshness: Freshness) => string;
  readonly ledgerPath?: string;
}

export interface Running {
  readonly url: string;
  readonly argocd: ArgoCd;
  readonly actuator: Actuator;
  readonly setFaults: (...faults: readonly Fault[]) => void;
  /** Lets time pass. */
  readonly pass: (ms: number) => void;
  readonly people: (act: string, fields?: object) => Promise<number>;
  readonly planning: (of?: Partial<Planning['request']>, healthy?: readonly string[]) => Planning;
}

/** A sandbox on a free port with one Application, and our side of it, in time that we move. */
export async function start(setting: Setting = {}): Promise<Running> {
  let nowMs = START_MS;
  const timekeeper: Timekeeper = {
    nowMs: () => nowMs,
    after: (_delayMs, run) => {
      const timer = setTimeout(run, 0);
      return () => {
        clearTimeout(timer);
      };
    },
  };
  const rights = setting.rights ?? ['get', 'sync', 'update'];
  const sandbox = createArgoCdSandbox({
    timekeeper,
    accounts: [{ name: 'tocsin', token: TOKEN, rights }],
    applications: [{ ...CHECKOUT, ...setting.application }],
    ...(setting.ledgerPath === undefined ? {} : { ledgerPath: setting.ledgerPath }),
  });
  onTestFinished(sandbox.close);
  const url = `${await sandbox.listen({ host: '127.0.0.1', port: 0 })}/sandbox/argocd`;
  const argocds = argocdsAt(url, setting.secret ?? (() => TOKEN));
  const clock = {
    now: () => epochMs(nowMs),
    sleep: (ms: number) => {
      nowMs += ms;
      return Promise.resolve();
    },
  };
  return {
    url,
    argocd: argocds.open('acme'),
    actuator: createArgoCdActuator({ argocds, clock, hashing: systemHashing }),
    setFaults: (...faults) => {
      sandbox.setFaults(faults);
    },
    pass: (ms) => {
      nowMs += ms;
    },
    people: async (act, fields = {}) => {
      const body = JSON.stringify({ application: 'checkout', ...fields });
      return (await fetch(`${url}/people/${act}`, { method: 'POST', body })).status;
    },
    planning,
  };
}

/** The adapter for one Argo CD, with deadlines that a test can wait for. */
export function argocdsAt(url: string, tokenOf: (freshness: Freshness) => string) {
  const secretOf = (freshness: Freshness): TargetsSecret => ({
    tenants: {
      acme: { clusters: {}, argocd: { main: tokenOf(freshness) }, gitHosts: {}, signals: {} },
    },
  });
  return createArgoCds({
    secrets: { targets: (freshness = 'cached') => Promise.resolve(ok(secretOf(freshness))) },
    servers: () => [{ id: 'main', url }],
    timeouts: { readMs: durationMs(300), writeMs: durationMs(300) },
  });
}

export function planning(
  request: Partial<Planning['request']> = {},
  healthyVersions: readonly string[] = [GOOD],
): Planning {
  return {
    // Only what the planner of this platform reads of a tenant's policy.
    tenant: { id: 'acme' } as Planning['tenant'],
    target: {
      id: 'checkout',
      service: 'checkout',
      team: 'payments',
      on: {
        kind: 'argocd',
        server: 'main',
        project: 'shop',
        application: 'checkout',
        appNamespace: null,
      },
      checks: [],
      approvers: [],
      replicas: null,
      git: null,
    },
    request: {
      verb: 'rollback',
      targetId: 'checkout',
      parameters: {},
      reason: 'errors after the deploy',
      ...request,
    },
    incidentId: 'inc-1',
    actionId: 'a0123456789abcde',
    healthyVersions,
    nowMs: epochMs(START_MS),
  };
}

/** The draft as the engine makes a plan of it. */
export const planOf = (draft: PlanDraft, actionId: string): Plan => ({
  ...draft,
  tenant: 'acme',
  incidentId: 'inc-1',
  actionId,
  authors: null,
  verification: {
    convergeWithinMs: durationMs(600_000),
    soakMs: durationMs(0),
    samples: 1,
    validateWithinMs: durationMs(0),
    checks: [],
  },
  plannedAtMs: epochMs(START_MS),
});
