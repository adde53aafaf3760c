import * as z from 'zod';
import { duration, durationOrNever } from './duration-fields.ts';
import { hints, id, severity } from './fields.ts';
import { callTemplate, linkHost, slackId } from './slack-fields.ts';

/** The sections about the people around an incident: Slack, updates, what follows a resolve. */

/** Prefix, date and id of the incident must fit into the 80 characters of a channel's name. */
const prefix = z
  .string()
  .min(1)
  .max(20)
  .regex(/^[a-z0-9][a-z0-9-]*$/)
  .meta({ description: 'Begins the names of channels.' })
  .register(hints, {
    allowed: 'lower-case letters, digits and hyphens, at most 20',
    example: 'inc',
  });

/** Yes or no. */
export const flag = (description: string) =>
  z.boolean().meta({ description }).register(hints, { allowed: 'true or false', example: 'true' });

const ownChannel = z.strictObject({
  severities: z
    .array(severity('A severity with channels of its own.'))
    .max(3)
    .meta({ description: 'Incidents that get a channel; all others live in threads.' })
    .default(['P0']),
  prefix: prefix.default('inc'),
  private: flag('Whether only the invited see the channel.').default(false),
  archiveAfter: durationOrNever({
    description: 'The channel is archived so long after its incident was closed.',
    min: '0s',
    max: '90d',
    example: '1d',
  }).prefault('1d'),
  invite: z
    .array(id('ada', 'Id of a person of this policy.'))
    .max(50)
    .meta({ description: 'People invited beside those on call and those with a role.' })
    .default([]),
});

export const slack = z
  .strictObject({
    teamId: slackId({
      of: 'a workspace',
      letters: 'T',
      example: 'T0EXAMPLE',
      where: 'in its address, https://app.slack.com/client/T...',
    }),
    enterpriseId: slackId({
      of: 'a grid organisation',
      letters: 'E',
      example: 'E0EXAMPLE',
      where: 'in its address, https://app.slack.com/client/E...',
    }).optional(),
    channel: slackId({
      of: 'a channel',
      letters: 'CG',
      example: 'C0EXAMPLE',
      where: 'at the end of the details of the channel',
    }),
    ownChannel: ownChannel.prefault({}),
    linkHosts: z
      .array(linkHost)
      .max(100)
      .meta({ description: 'Hosts that messages link to, beside those that this policy links to.' })
      .default([]),
    warRoom: callTemplate.optional(),
  })
  .register(hints, {
    allowed: 'a mapping with teamId and channel',
    example: '{ teamId: T0EXAMPLE, channel: C0EXAMPLE }',
  });

const updateEvery = (usual: string) =>
  durationOrNever({
    description: 'Until the incident is resolved, an update for stakeholders is due so often.',
    min: '5m',
    max: '1d',
    example: '15m',
  }).prefault(usual);

const postmortemWithin = (usual: string) =>
  durationOrNever({
    description: 'The post-mortem is due so long after the resolve.',
    min: '1h',
    max: '30d',
    example: '48h',
  }).prefault(usual);

const closeAfter = duration({
  description: 'An incident that stayed resolved for this long is closed.',
  min: '0s',
  max: '7d',
  example: '2h',
}).prefault('2h');

export const communication = z.strictObject({
  updateEvery: z
    .strictObject({ P0: updateEvery('15m'), P1: updateEvery('15m'), P2: updateEvery('never') })
    .prefault({}),
  postmortemWithin: z
    .strictObject({
      P0: postmortemWithin('48h'),
      P1: postmortemWithin('48h'),
      P2: postmortemWithin('never'),
    })
    .prefault({}),
  closeAfter: z.strictObject({ P0: closeAfter, P1: closeAfter, P2: closeAfter }).prefault({}),
});

const idleAfter = (usual: string) =>
  durationOrNever({
    description: 'An acknowledgement after which nobody does anything for this long pages again.',
    min: '5m',
    max: '7d',
    example: '1h',
  }).prefault(usual);

/** By severity, of the section on paging. */
export const acknowledgementIdle = z.strictObject({
  P0: idleAfter('1h'),
  P1: idleAfter('4h'),
  P2: idleAfter('never'),
});
