import * as z from 'zod';
import { address, bound, shaped } from './action-fields.ts';
import { hints, id, text } from './fields.ts';

/** The section about what tells whether a target works. */

const query = text(2_000, {
  description: 'PromQL that gives one number.',
  example: 'sum(rate(errors[1m])) / sum(rate(requests[1m]))',
});

const measure = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('prometheus'),
      url: address({
        description: 'Base address of the Prometheus, without /api.',
        example: 'http://prometheus.monitoring:9090',
        mayBePlain: true,
        isBase: true,
      }),
      query,
    }),
    z.strictObject({
      kind: z.literal('cloud-monitoring'),
      project: shaped({
        description: 'Id of the project in Google Cloud.',
        pattern: /^[a-z][a-z0-9-]*[a-z0-9]$/,
        allowed: 'the id of a project: lower-case letters, digits and -',
        example: 'example-shop',
        maxLength: 30,
      }),
      query,
    }),
    z.strictObject({
      kind: z.literal('http'),
      url: address({
        description: 'A GET of it must be answered 2xx.',
        example: 'https://shop.example.com/healthz',
        mayBePlain: true,
        isBase: false,
      }),
      contains: text(200, {
        description: 'Text that the answer must hold.',
        example: 'ok',
      }).optional(),
    }),
  ])
  .meta({ description: 'How it is measured.' })
  .register(hints, {
    allowed: 'a mapping whose kind is prometheus, cloud-monitoring or http',
    example: '{ kind: http, url: https://shop.example.com/healthz }',
  });

export const check = z
  .strictObject({
    id: id('checkout-errors', 'Name of the check.'),
    name: text(80, {
      description: 'Name for people; the id when absent.',
      example: 'Errors of checkout',
    }).optional(),
    measure,
    atLeast: bound('The value must not be below.').optional(),
    atMost: bound('The value must not be above.').optional(),
  })
  .register(hints, {
    allowed: 'a mapping with id, measure, and atLeast or atMost',
    example: '{ id: checkout-health, measure: { kind: http, url: https://... } }',
  });
