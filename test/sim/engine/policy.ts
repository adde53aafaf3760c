import type { Matcher } from '../../../lib/domain/alert/matcher.ts';
import type {
  Policy,
  Severity,
  SlaTarget,
  TenantPolicy,
} from '../../../lib/domain/policy/policy.ts';
import { noActions } from '../../../lib/domain/policy/no-actions.ts';
import { durationMs, minutes, seconds } from '../../../lib/domain/shared/time.ts';
import { createRandom, type Random } from './random.ts';

export const tenantId = 'acme';
export const sourceIds = { alertmanager: 'prometheus', cloud: 'google' } as const;

/** Tokens by which the sources of the simulated world prove themselves. */
export const tokens: Readonly<Record<string, readonly string[]>> = {
  [sourceIds.alertmanager]: ['token-of-alertmanager'],
  [sourceIds.cloud]: ['token-of-google'],
};

/** The label by which an alert says how grave it is, and what the policy makes of it. */
export const severityOfLabel: Readonly<Record<string, Severity>> = {
  critical: 'P0',
  warning: 'P1',
  info: 'P2',
};

const equals = (label: string, value: string): Matcher => ({ label, operator: '=', value });

const targets = (random: Random): Readonly<Record<Severity, SlaTarget>> => {
  const unit = random.int(1, 4);
  const target = (factor: number): SlaTarget => ({
    respondMs: minutes(unit * factor),
    resolveMs: minutes(unit * factor * random.int(2, 4)),
  });
  return { P0: target(1), P1: target(2), P2: target(5) };
};

/** A policy with short clocks and random knobs: the swarm covers policies, too. */
export function drawPolicy(seed: number): Policy {
  const random = createRandom(seed, 'policy');
  return { version: '0123456789ab', tenants: [drawTenant(random)] };
}

function drawTenant(random: Random): TenantPolicy {
  const service = (id: string, tier: 1 | 2): TenantPolicy['services'][number] => ({
    id,
    name: id,
    team: `team of ${id}`,
    tier,
    match: [equals('service', id)],
    routingKey: random.chance(0.5) ? 'second' : null,
    pagerdutyServiceId: null,
    runbookUrl: null,
    dashboardUrl: null,
  });
  return {
    id: tenantId,
    name: 'Acme',
    sources: [
      {
        id: sourceIds.alertmanager,
        kind: 'alertmanager',
        labels: {},
        apiUrl: null,
        unreadableSeverity: 'P1',
      },
      {
        id: sourceIds.cloud,
        kind: 'cloud-monitoring',
        labels: {},
        apiUrl: null,
        unreadableSeverity: 'P2',
      },
    ],
    services: [service('checkout', 1), service('search', 2)],
    environmentLabels: ['env'],
    severityRules: Object.entries(severityOfLabel).map(([value, severity]) => ({
      id: `label-${value}`,
      match: [equals('severity', value)],
      tiers: [],
      environments: [],
      severity,
      reason: `the alert says ${value}`,
    })),
    defaultSeverity: 'P2',
    blastRules: random.chance(0.5)
      ? [
          {
            id: 'wide',
            match: [],
            minServices: null,
            minAlerts: random.int(2, 4),
            severity: random.pick(['P0', 'P1']),
            reason: 'many alerts at once',
          },
        ]
      : [],
    groupingRules: random.chance(0.4) ? [{ id: 'by-service', match: [], by: ['@service'] }] : [],
    lifecycle: {
      reopenWindowMs: random.pick([minutes(0), minutes(3), minutes(15)]),
      resolveDelayMs: random.pick([seconds(0), seconds(20), minutes(2)]),
      maxAgeMs: random.pick([minutes(15), minutes(24 * 60)]),
      manualResolveQuietMs: random.pick([minutes(1), minutes(10)]),
    },
    sla: {
      targets: targets(random),
      stagesPct: random.pick([[50, 80, 100], [100]]),
      afterBreach: { everyPct: 50, times: random.int(0, 3) },
    },
    paging: {
      defaultRoutingKey: 'first',
      ratePerMinute: random.pick([2, 10, 100]),
      fallbackSeverities: ['P0', 'P1'],
      fallbackAfterMs: durationMs(1000 * random.int(20, 75)),
      pageDeadlineMs: minutes(random.pick([5, 15])),
      ackIdleMs: { P0: null, P1: null, P2: null },
      adoptIncidents: true,
      priorities: { P0: null, P1: null, P2: null },
    },
    communication: {
      updateEveryMs: { P0: null, P1: null, P2: null },
      postmortemWithinMs: { P0: null, P1: null, P2: null },
      closeAfterMs: { P0: minutes(120), P1: minutes(120), P2: minutes(120) },
    },
    slack: null,
    people: [
      {
        id: 'ada',
        name: 'Ada',
        email: null,
        pagerdutyUserId: 'PADA',
        slackUserId: null,
        logins: [],
        apiNames: [],
        roles: ['responder'],
      },
    ],
    actions: noActions,
  };
}
