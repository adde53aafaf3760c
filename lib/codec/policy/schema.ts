import * as z from 'zod';
import type { Severity } from '../../domain/policy/policy.ts';
import { defaultTargets, type DefaultTarget } from './defaults.ts';
import { duration } from './duration-fields.ts';
import { hints, id, labelName, routingKeyName, severity, text, wholeNumber } from './fields.ts';
import { blastRule, groupingRule, person, service, severityRule, source } from './schema-items.ts';
import { check } from './schema-checks.ts';
import { changeSource, guardrails, runbook } from './schema-runbooks.ts';
import { acknowledgementIdle, communication, flag, slack } from './schema-slack.ts';
import { argocd, cluster, gitHost, target } from './schema-targets.ts';

/**
 * The layout of the policy file: what is validated, what editors complete, and what errors call
 * allowed all come from here. Rules over more than one place are in `checks.ts`.
 */

const lifecycle = z.strictObject({
  reopenWindow: duration({
    description: 'An alert that fires again this soon after a resolve reopens the incident.',
    min: '0s',
    max: '7d',
    example: '30m',
  }).prefault('30m'),
  resolveDelay: duration({
    description: 'All alerts must stay resolved this long before the incident is.',
    min: '0s',
    max: '1h',
    example: '1m',
  }).prefault('1m'),
  maxAge: duration({
    description: 'An alert on an incident older than this closes it and opens a fresh one.',
    min: '1h',
    max: '30d',
    example: '1d',
  }).prefault('1d'),
  manualResolveQuiet: duration({
    description: 'After a resolve by hand, alerts that still fire do not reopen for this long.',
    min: '0s',
    max: '7d',
    example: '4h',
  }).prefault('4h'),
});

/** The longest SLA target; the shortest is for tests of a policy. */
const slaTarget = ({ respond, resolve }: DefaultTarget) =>
  z
    .strictObject({
      respond: duration({
        description: 'From the start of the incident to its acknowledgement.',
        min: '1s',
        max: '30d',
        example: respond,
      }).prefault(respond),
      resolve: duration({
        description: 'From the start of the incident to its resolution.',
        min: '1s',
        max: '30d',
        example: resolve,
      }).prefault(resolve),
    })
    .prefault({});

const sla = z.strictObject({
  targets: z
    .strictObject({
      P0: slaTarget(defaultTargets.P0),
      P1: slaTarget(defaultTargets.P1),
      P2: slaTarget(defaultTargets.P2),
    } satisfies Record<Severity, z.ZodType>)
    .prefault({}),
  stages: z
    .array(wholeNumber(1, 100, 'Per cent of the target.'))
    .min(1)
    .max(10)
    .meta({ description: 'When reminders come, in per cent of the target; ascending, 100 last.' })
    .prefault([50, 80, 100]),
  afterBreach: z
    .strictObject({
      everyPercent: wholeNumber(
        10,
        1_000,
        'A reminder every so many per cent of the target.',
      ).default(50),
      times: wholeNumber(0, 20, 'So many reminders, then silence.').default(4),
    })
    .prefault({}),
});

const priority = text(80, {
  description: 'Name of a priority in PagerDuty.',
  example: 'P1',
});

const paging = z.strictObject({
  routingKey: routingKeyName('Routing key for services that name none.').default('default'),
  ratePerMinute: wholeNumber(
    1,
    6_000,
    'Pages a minute that one routing key takes; PagerDuty names about 120.',
  ).default(120),
  fallback: z
    .strictObject({
      severities: z
        .array(severity('A severity with a second channel.'))
        .max(3)
        .meta({ description: 'Severities that the second channel pages for.' })
        .default(['P0', 'P1']),
      after: duration({
        description: 'Without an accepted page after this time, the second channel pages.',
        min: '10s',
        max: '80s',
        example: '1m',
      }).prefault('1m'),
    })
    .prefault({}),
  deadline: duration({
    description: 'After this time a page that was never accepted goes to the dead letters.',
    min: '2m',
    max: '1d',
    example: '30m',
  }).prefault('30m'),
  acknowledgementIdle: acknowledgementIdle.prefault({}),
  adoptIncidents: flag('Whether incidents that begin in PagerDuty are opened here too.').default(
    true,
  ),
  priorities: z
    .strictObject({
      P0: priority.optional(),
      P1: priority.optional(),
      P2: priority.optional(),
    } satisfies Record<Severity, z.ZodType>)
    .meta({ description: 'PagerDuty priorities by severity; absent: not kept in step.' })
    .prefault({}),
});

const list = <Item extends z.ZodType>(item: Item, max: number, description: string) =>
  z.array(item).max(max).meta({ description });

const tenant = z
  .strictObject({
    name: text(80, {
      description: 'Name for people; the id when absent.',
      example: 'Example Shop',
    }).optional(),
    sources: list(source, 100, 'Where alerts come from.').min(1),
    services: list(service, 500, 'What can break, and who owns it.').prefault([]),
    environmentLabels: list(labelName, 10, 'Labels that hold the environment; the first present.')
      .min(1)
      .prefault(['environment', 'env']),
    severity: z
      .strictObject({
        rules: list(severityRule, 200, 'In order: the first that holds decides.').prefault([]),
        default: severity('Severity when no rule holds.').default('P2'),
        blast: list(blastRule, 50, 'Raise an incident that grows.').prefault([]),
      })
      .prefault({}),
    grouping: list(
      groupingRule,
      100,
      'Which alerts are one problem. No rule: as the source says.',
    ).prefault([]),
    lifecycle: lifecycle.prefault({}),
    sla: sla.prefault({}),
    paging: paging.prefault({}),
    communication: communication.prefault({}),
    slack: slack.meta({ description: 'Where people see and steer incidents.' }).optional(),
    people: list(person, 500, 'Who acts, by name.').prefault([]),
    clusters: list(cluster, 50, 'Kubernetes clusters in which something may be changed.').prefault(
      [],
    ),
    argocd: list(argocd, 20, 'Argo CDs whose applications may be acted on.').prefault([]),
    gitHosts: list(gitHost, 20, 'Where the state of targets is kept.').prefault([]),
    targets: list(target, 500, 'What may be acted on; nothing else ever is.').prefault([]),
    checks: list(check, 500, 'What tells whether a target works.').prefault([]),
    runbooks: list(runbook, 200, 'What is proposed when an incident looks like this.').prefault([]),
    changeSources: list(changeSource, 100, 'Who tells us what was changed.').prefault([]),
    guardrails: guardrails.meta({ description: 'What bounds all actions.' }).prefault({}),
  })
  .register(hints, {
    allowed: 'a mapping that has sources at least',
    example: '{ sources: [{ id: prometheus, kind: alertmanager }] }',
  });

/** The whole file. */
export const policyFile = z
  .strictObject({
    version: z
      .literal(1)
      .meta({ description: 'Version of this layout.' })
      .register(hints, { allowed: '1', example: '1' }),
    tenants: z
      .record(id('default', 'Name of the tenant.'), tenant)
      .meta({ description: 'Teams that share nothing, by name. Most installations have one.' })
      .register(hints, {
        allowed: 'a mapping from tenant names to tenants',
        example: '{ default: { sources: [{ id: prometheus, kind: alertmanager }] } }',
      }),
  })
  .meta({ title: 'Tocsin policy', description: 'See docs/policy.md.' })
  .register(hints, {
    allowed: 'a mapping with version and tenants',
    example: 'version: 1',
  });

/** A policy file that the schema accepted, defaults filled in. */
export type PolicyFile = z.output<typeof policyFile>;
