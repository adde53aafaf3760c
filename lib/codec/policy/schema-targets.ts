import * as z from 'zod';
import { address, namespace, objectName, shaped } from './action-fields.ts';
import { hints, id, text, wholeNumber } from './fields.ts';

/** The sections about what may be acted on: places and targets. */

const access = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('eks'),
      region: shaped({
        description: 'Region of the cluster.',
        pattern: /^[a-z]{2}(-[a-z]+)+-\d$/,
        allowed: 'a region of AWS',
        example: 'eu-central-1',
        maxLength: 30,
      }),
      clusterName: shaped({
        description: 'Name of the cluster in EKS.',
        pattern: /^[0-9A-Za-z][A-Za-z0-9_-]*$/,
        allowed: 'letters, digits, - and _, at most 100',
        example: 'main',
        maxLength: 100,
      }),
      roleArn: shaped({
        description: 'Role that is assumed first; absent: the own role of the function.',
        pattern: /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
        allowed: 'the ARN of a role',
        example: 'arn:aws:iam::123456789012:role/tocsin-act',
        maxLength: 200,
      }).optional(),
    }),
    z.strictObject({ kind: z.literal('kubeconfig') }),
  ])
  .meta({ description: 'How we get in: EKS, or by what the targets secret holds.' })
  .register(hints, {
    allowed: 'a mapping with kind: kubeconfig, or with kind: eks, region and clusterName',
    example: '{ kind: kubeconfig }',
  });

export const cluster = z
  .strictObject({
    id: id('main', 'Name of the cluster; the targets secret has what opens it under this id.'),
    name: text(80, {
      description: 'Name for people; the id when absent.',
      example: 'Frankfurt',
    }).optional(),
    access,
    namespaces: z
      .array(namespace('A namespace in which targets may be changed.'))
      .min(1)
      .max(100)
      .meta({ description: 'The only namespaces in which anything is ever changed.' }),
  })
  .register(hints, {
    allowed: 'a mapping with id, access and namespaces',
    example: '{ id: main, access: { kind: kubeconfig }, namespaces: [shop] }',
  });

export const argocd = z
  .strictObject({
    id: id('argocd', 'Name of the Argo CD; its token is in the targets secret under this id.'),
    url: address({
      description: 'Where its API is, without /api.',
      example: 'https://argocd.example.com',
      mayBePlain: false,
      isBase: true,
    }),
  })
  .register(hints, {
    allowed: 'a mapping with id and url',
    example: '{ id: argocd, url: https://argocd.example.com }',
  });

export const gitHost = z
  .strictObject({
    id: id('github', 'Name of the host; its token is in the targets secret under this id.'),
    kind: z.enum(['github', 'gitlab']).meta({ description: 'Whose API it speaks.' }),
    apiUrl: address({
      description: 'Base of the API: https://api.github.com, https://gitlab.example.com/api/v4.',
      example: 'https://api.github.com',
      mayBePlain: false,
      isBase: true,
    }),
  })
  .register(hints, {
    allowed: 'a mapping with id, kind and apiUrl',
    example: '{ id: github, kind: github, apiUrl: https://api.github.com }',
  });

const inCluster = {
  cluster: id('main', 'Id of the cluster.'),
  namespace: namespace('Namespace of the object.'),
  name: objectName('checkout', 'Name of the object.'),
};

const side = text(63, { description: 'A value of the selector.', example: 'blue' });

const place = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('workload'),
      ...inCluster,
      workload: z
        .enum(['Deployment', 'StatefulSet', 'DaemonSet', 'Rollout'])
        .meta({ description: 'Kind of the workload; Rollout is that of Argo Rollouts.' }),
    }),
    z.strictObject({
      kind: z.literal('service'),
      ...inCluster,
      selectorKey: text(253, {
        description: 'Key of the selector that tells the sides apart.',
        example: 'version',
      }),
      sides: z
        .array(side)
        .length(2)
        .meta({ description: 'Both values of it; each names a Deployment of the same label.' }),
    }),
    z.strictObject({
      kind: z.literal('http-route'),
      ...inCluster,
      rule: wholeNumber(0, 15, 'Index of the rule whose weights are moved.').default(0),
    }),
    z.strictObject({
      kind: z.literal('argocd'),
      server: id('argocd', 'Id of the Argo CD.'),
      project: text(253, { description: 'Project of the application.', example: 'default' }),
      application: objectName('checkout', 'Name of the application.'),
      appNamespace: objectName(
        'argocd',
        'Namespace of the Application object; absent: that of Argo CD.',
      ).optional(),
    }),
  ])
  .meta({ description: 'What it is, and where.' })
  .register(hints, {
    allowed: 'a mapping whose kind is workload, service, http-route or argocd',
    example:
      '{ kind: workload, cluster: main, namespace: shop, workload: Deployment, name: checkout }',
  });

const git = z
  .strictObject({
    host: id('github', 'Id of the Git host.'),
    repository: shaped({
      description: 'Owner and name.',
      pattern: /^[\w.-]+(\/[\w.-]+)+$/,
      allowed: 'owner and name with a slash between',
      example: 'example/shop',
      maxLength: 200,
    }),
    branch: text(200, {
      description: 'Branch from which it is deployed.',
      example: 'main',
    }).default('main'),
    path: shaped({
      description: 'Folder or file that holds its state, from the root of the repository.',
      pattern: /^(?!\/)(?!(.*\/)?\.\.?(\/|$)).*[^/]$/,
      allowed: 'a path from the root of the repository, without a slash at either end',
      example: 'deploy/checkout',
      maxLength: 500,
    }),
  })
  .meta({ description: 'Where its last good state is kept.' })
  .register(hints, {
    allowed: 'a mapping with host, repository and path',
    example: '{ host: github, repository: example/shop, path: deploy/checkout }',
  });

export const target = z
  .strictObject({
    id: id('checkout', 'Name by which people act on it: /incident rollback checkout.'),
    service: id('checkout', 'Id of the service it runs; absent: several.').optional(),
    team: text(80, {
      description: 'Whose limit it counts against; that of the service when absent.',
      example: 'payments',
    }).optional(),
    on: place,
    checks: z
      .array(id('checkout-errors', 'Id of a check.'))
      .max(10)
      .meta({ description: 'What tells whether it works; all must hold.' })
      .default([]),
    approvers: z
      .array(id('ada', 'Id of a person of this policy.'))
      .max(50)
      .meta({ description: 'The only people who may approve; absent: every approver.' })
      .default([]),
    replicas: z
      .strictObject({
        min: wholeNumber(1, 10_000, 'Never scaled below.'),
        max: wholeNumber(1, 10_000, 'Never scaled above.'),
      })
      .meta({ description: 'The bounds of scale.' })
      .register(hints, { allowed: 'a mapping with min and max', example: '{ min: 2, max: 20 }' })
      .optional(),
    git: git.optional(),
  })
  .register(hints, {
    allowed: 'a mapping with id and on',
    example:
      '{ id: checkout, on: { kind: workload, cluster: main, namespace: shop, workload: Deployment, name: checkout } }',
  });
