import * as z from 'zod';
import { actionVerbs } from '../../domain/action/verb.ts';
import { instant } from './action-fields.ts';
import { duration } from './duration-fields.ts';
import { hints, id, matcher, text, wholeNumber } from './fields.ts';

/** The sections about what is proposed when, what was changed, and what bounds all actions. */

const parameter = z
  .union([z.string().trim().min(1).max(200), z.number()])
  .meta({ description: 'Value of the parameter.' })
  .register(hints, { allowed: 'text or a number', example: '4' })
  .transform(String);

const action = z
  .strictObject({
    verb: z.enum(actionVerbs).meta({ description: 'What it proposes to do.' }),
    target: id(
      'checkout',
      'Id of a target; absent: that of the service of the incident.',
    ).optional(),
    parameters: z
      .strictObject({
        replicas: parameter.optional(),
        by: parameter.optional(),
        to: parameter.optional(),
      })
      .meta({ description: 'As people write them behind the verb.' })
      .prefault({}),
  })
  .meta({ description: 'What it proposes; absent where only people can decide.' })
  .register(hints, { allowed: 'a mapping with verb', example: '{ verb: rollback }' });

const sentence = (description: string, example: string) => text(400, { description, example });

export const runbook = z
  .strictObject({
    id: id('bad-deploy', 'Name of the runbook: the timeline names it.'),
    title: text(120, { description: 'What it is for.', example: 'Errors after a deploy' }),
    when: z
      .strictObject({
        match: z
          .array(matcher)
          .max(20)
          .meta({ description: 'All must match one alert of the incident; absent: any alert.' })
          .prefault([]),
        changedWithin: duration({
          description: 'Only when the service was changed so shortly before.',
          min: '1m',
          max: '7d',
          example: '2h',
        }).optional(),
        services: z
          .array(id('checkout', 'Id of a service.'))
          .max(100)
          .meta({ description: 'Only for incidents of these services; absent: all.' })
          .default([]),
      })
      .meta({ description: 'Which incidents it is for.' })
      .register(hints, {
        allowed: 'a mapping with match, changedWithin or services',
        example: '{ match: [\'runbook="bad-deploy"\'] }',
      }),
    action: action.optional(),
    steps: z
      .array(
        text(300, { description: 'What people do by hand.', example: 'Look at the dashboard' }),
      )
      .max(30)
      .meta({ description: 'What people do by hand, in order; they tick it off.' })
      .default([]),
    proposes: sentence('What it proposes and why.', 'Roll back: errors began with the deploy.'),
    willNot: sentence('What it will not do.', 'Roll back what is older than two hours.').optional(),
    mode: z
      .enum(['shadow', 'propose', 'automatic'])
      .meta({ description: 'How far it is trusted: says nothing, asks, or acts.' })
      .default('shadow'),
    revision: wholeNumber(1, 1_000_000, 'Raised by a review after it failed.').default(1),
  })
  .register(hints, {
    allowed: 'a mapping with id, title, when, proposes, and action or steps',
    example: '{ id: bad-deploy, title: ..., when: { ... }, action: { verb: rollback }, ... }',
  });

export const changeSource = z
  .strictObject({
    id: id('deploys', 'Name of the source, unique among all sources. Its credentials carry it.'),
    kind: z
      .enum(['tocsin', 'github', 'gitlab', 'argocd'])
      .meta({ description: 'Whose format it speaks; tocsin is our own.' }),
    services: z
      .record(
        text(200, { description: 'A repository or an application.', example: 'example/shop' }),
        id('checkout', 'Id of the service that it changes.'),
      )
      .meta({ description: 'Repositories or applications, and whose service they are.' })
      .register(hints, {
        allowed: 'a mapping from repositories or applications to ids of services',
        example: '{ example/shop: checkout }',
      })
      .prefault({}),
  })
  .register(hints, {
    allowed: 'a mapping with id and kind',
    example: '{ id: deploys, kind: tocsin }',
  });

const freeze = z
  .strictObject({
    name: text(80, { description: 'What it is for.', example: 'Christmas' }),
    from: instant('Its beginning.'),
    until: instant('Its end.'),
  })
  .register(hints, {
    allowed: 'a mapping with name, from and until',
    example: '{ name: Christmas, from: 2026-12-20T00:00:00Z, until: 2027-01-02T00:00:00Z }',
  });

const span = (description: string, bounds: { min: string; max: string; usual: string }) =>
  duration({ description, min: bounds.min, max: bounds.max, example: bounds.usual }).prefault(
    bounds.usual,
  );

export const guardrails = z.strictObject({
  approvalWithin: span('An approval is good for this long; then the proposal ends.', {
    min: '1m',
    max: '1h',
    usual: '10m',
  }),
  window: span('The limits below count the starts in any such time.', {
    min: '1m',
    max: '1d',
    usual: '15m',
  }),
  perTarget: wholeNumber(1, 20, 'Starts on one target.').default(1),
  perTeam: wholeNumber(1, 100, 'Starts on targets of one team.').default(3),
  inAll: wholeNumber(1, 1_000, 'Starts in all.').default(5),
  cooldown: span('Runbooks leave a target alone for this long after an action ended.', {
    min: '0s',
    max: '1d',
    usual: '30m',
  }),
  freezes: z
    .array(freeze)
    .max(100)
    .meta({ description: 'No action but those that people ask for, with one approval more.' })
    .default([]),
  soak: span('All signals must hold for this long.', { min: '10s', max: '1h', usual: '2m' }),
  samples: wholeNumber(2, 100, 'Good samples in a row, at least.').default(5),
  convergeWithin: span('A target may take so long to get where it should be.', {
    min: '30s',
    max: '2h',
    usual: '10m',
  }),
  validateWithin: span('By when, after that, the signals must have held.', {
    min: '30s',
    max: '2h',
    usual: '10m',
  }),
});
