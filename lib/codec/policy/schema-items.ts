import * as z from 'zod';
import { accessRoles } from '../../domain/policy/policy.ts';
import { address } from './action-fields.ts';
import {
  hints,
  id,
  labelName,
  matcher,
  routingKeyName,
  severity,
  text,
  url,
  wholeNumber,
} from './fields.ts';

/** The items of a tenant's lists. */

const match = (description: string) => z.array(matcher).max(20).meta({ description });

const reason = text(300, {
  description: 'Why, in words: shown on the page, in the timeline and in the post-mortem.',
  example: 'a critical alert on a tier 1 service in production means customers are hurt',
});

export const source = z
  .strictObject({
    id: id('prometheus', 'Name of the source, unique over all tenants. Its tokens carry it.'),
    kind: z
      .enum(['alertmanager', 'cloud-monitoring'])
      .meta({ description: 'Whose webhook format this source speaks.' }),
    labels: z
      .record(labelName, text(500, { description: 'Value of the label.', example: 'eu-1' }))
      .prefault({})
      .meta({ description: 'Labels added to every alert that does not carry them itself.' }),
    apiUrl: address({
      description: 'Base address of the Alertmanager, asked whether an alert still fires.',
      example: 'http://alertmanager.monitoring:9093',
      mayBePlain: true,
      isBase: true,
    }).optional(),
    unreadable: severity('Severity of the incident opened for a body that cannot be read.').default(
      'P1',
    ),
  })
  .register(hints, {
    allowed: 'a mapping with id and kind',
    example: '{ id: prometheus, kind: alertmanager }',
  });

const tier = z
  .literal([1, 2, 3])
  .meta({ description: 'Tier 1 is what the platform cannot live without.' })
  .register(hints, { allowed: '1, 2 or 3', example: '2' });

export const service = z
  .strictObject({
    id: id('checkout', 'Name of the service, unique within the tenant.'),
    name: text(80, {
      description: 'Name for people; the id when absent.',
      example: 'Checkout',
    }).optional(),
    team: text(80, { description: 'The team that owns it.', example: 'payments' }).optional(),
    tier,
    match: match('All must match. The first service of the list that matches owns the alert.').min(
      1,
    ),
    routingKey: routingKeyName('Routing key to page; that of the tenant when absent.').optional(),
    pagerdutyServiceId: text(40, {
      description: 'The service in PagerDuty that this routing key belongs to.',
      example: 'PIJ90N7',
    }).optional(),
    runbook: url('Where responders find what to do.').optional(),
    dashboard: url('Where responders see how it is.').optional(),
  })
  .register(hints, {
    allowed: 'a mapping with id, tier and match',
    example: '{ id: checkout, tier: 1, match: [\'service="checkout"\'] }',
  });

export const severityRule = z
  .strictObject({
    id: id('critical-tier-1', 'Name of the rule: the timeline names it.'),
    match: match('All must match. Empty or absent: any alert.').prefault([]),
    tiers: z
      .array(tier)
      .max(3)
      .meta({ description: 'Tiers of the service; absent: any.' })
      .prefault([]),
    environments: z
      .array(text(128, { description: 'Value of the environment label.', example: 'production' }))
      .max(50)
      .meta({ description: 'Environments it holds in, compared exactly; absent: any.' })
      .prefault([]),
    severity: severity('Severity of an alert that the rule decides.'),
    reason,
  })
  .register(hints, {
    allowed: 'a mapping with id, severity and reason',
    example: '{ id: critical, match: [\'severity="critical"\'], severity: P1, reason: ... }',
  });

export const blastRule = z
  .strictObject({
    id: id('many-services', 'Name of the rule: the timeline names it.'),
    match: match('At least one alert of the incident must match all of these.').prefault([]),
    minServices: wholeNumber(2, 1_000, 'Distinct services in the incident, at least.').optional(),
    minAlerts: wholeNumber(2, 100_000, 'Distinct alerts in the incident, at least.').optional(),
    severity: severity('The incident is raised to this severity.'),
    reason,
  })
  .register(hints, {
    allowed: 'a mapping with id, minServices or minAlerts, severity and reason',
    example: '{ id: many-services, minServices: 3, severity: P0, reason: ... }',
  });

export const groupingRule = z
  .strictObject({
    id: id('by-service', 'Name of the rule: the timeline names it.'),
    match: match(
      'All must match. The first rule of the list that matches groups the alert.',
    ).prefault([]),
    by: z
      .union([z.literal('source-group'), z.array(labelName).min(1).max(10)])
      .meta({
        description:
          'Alerts with equal values of all of these are one incident: label names, @service, ' +
          '@environment, @source. Or source-group: as the source groups them.',
      })
      .register(hints, {
        allowed: 'source-group, or a list of label names, @service, @environment and @source',
        example: '["@service", "@environment"]',
      }),
  })
  .register(hints, {
    allowed: 'a mapping with id, match and by',
    example: '{ id: by-service, match: [\'service!=""\'], by: ["@service", "@environment"] }',
  });

/** By which the same person is known elsewhere. */
const otherNames = (hint: { description: string; example: string; allowed: string }) =>
  z
    .array(
      z
        .string()
        .trim()
        .min(1)
        .max(200)
        .meta({ description: hint.description })
        .register(hints, { allowed: hint.allowed, example: hint.example }),
    )
    .max(20)
    .meta({ description: hint.description })
    .default([]);

export const person = z
  .strictObject({
    id: id('ada', 'Name of the person on the command line and in the timeline.'),
    name: text(80, {
      description: 'Name for people; the id when absent.',
      example: 'Ada Byron',
    }).optional(),
    email: z
      .email()
      .max(254)
      .meta({ description: 'Address that PagerDuty and Slack know.' })
      .register(hints, { allowed: 'an e-mail address', example: 'ada@example.com' })
      .optional(),
    pagerdutyUserId: text(40, {
      description: 'User id in PagerDuty.',
      example: 'PXPGF42',
    }).optional(),
    slackUserId: text(40, { description: 'User id in Slack.', example: 'U061F7AUR' }).optional(),
    logins: otherNames({
      description: 'Names on Git hosts and in change feeds: nobody approves what they changed.',
      example: 'ada-byron',
      allowed: 'a name as the Git host or the change feed tells it',
    }),
    apiNames: otherNames({
      description: 'ARNs in IAM by which the person uses the API; on one machine their token.',
      example: 'arn:aws:sts::123456789012:assumed-role/responder/ada',
      allowed: 'an ARN in IAM, or the name of a token',
    }),
    roles: z
      .array(
        z.enum(accessRoles).meta({
          description:
            'An observer may look, a responder act besides, an approver let actions run besides.',
        }),
      )
      .min(1)
      .max(3)
      .meta({ description: 'What this person may do.' })
      .default(['responder']),
  })
  .register(hints, {
    allowed: 'a mapping with id',
    example: '{ id: ada, name: Ada Byron, email: ada@example.com }',
  });
