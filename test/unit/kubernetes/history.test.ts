import { describe, expect, it } from 'vitest';
import { systemHashing } from '../../../lib/adapters/system/hashing.ts';
import {
  chooseRevision,
  isVersion,
  type RevisionChoice,
} from '../../../lib/domain/kubernetes/choose-revision.ts';
import { revisionsOfReplicaSets } from '../../../lib/domain/kubernetes/revisions.ts';
import { templateChanges } from '../../../lib/domain/kubernetes/template-changes.ts';
import {
  bareTemplate,
  isFilledIn,
  templateHash,
  versionNames,
} from '../../../lib/domain/kubernetes/template.ts';
import type { JsonObject } from '../../../lib/domain/shared/json.ts';
import { deployment, podTemplate, replicaSet } from './objects.ts';

const { digest } = systemHashing;
const revisions = (sets: readonly JsonObject[]) =>
  revisionsOfReplicaSets(deployment('17'), sets, digest);

describe('The history of a Deployment', () => {
  it('is what it controls, by number; a label that matches is not enough', () => {
    const sets = [
      replicaSet('9', 'a:9'),
      replicaSet('17', 'a:17'),
      replicaSet('16', 'a:16', {
        metadata: { ownerReferences: [{ uid: 'another', controller: true }] },
      }),
      replicaSet('15', 'a:15', {
        metadata: { ownerReferences: [{ uid: 'uid-checkout', controller: false }] },
      }),
      replicaSet('x', 'a:x'),
      replicaSet('3', 'a:3', { metadata: { annotations: {} } }),
    ];
    expect(revisions(sets).map(({ number }) => number)).toEqual([17, 9, 0]);
  });
});

const choose = (sets: readonly JsonObject[], more: Partial<RevisionChoice> = {}) =>
  chooseRevision({
    subject: 'Deployment shop/checkout',
    revisions: revisions(sets),
    current: revisions(sets)[0] ?? null,
    currentHash: templateHash(podTemplate('a:17'), digest),
    historyLimit: 10,
    healthyVersions: [],
    recorded: null,
    wanted: null,
    ...more,
  });

const chosen = (result: ReturnType<typeof choose>): readonly [number, boolean] | string =>
  result.ok ? [result.value.revision.number, result.value.isGuess] : result.error.reason;

const idle = [
  replicaSet('17', 'a:17'),
  replicaSet('16', 'a:16'),
  replicaSet('15', 'a:15'),
  replicaSet('14', 'a:14'),
];
const with15 = (of: Parameters<typeof replicaSet>[2]) => [
  ...idle.filter((_, index) => index !== 2),
  replicaSet('15', 'a:15', of),
];

describe('Choosing the revision to go back to', () => {
  it.each<readonly [string, ReturnType<typeof choose>, readonly [number, boolean] | string]>([
    [
      'the change feed comes first',
      choose(with15({ available: 1 }), { healthyVersions: ['14', '16'] }),
      [14, false],
    ],
    ['then what still serves', choose(with15({ available: 1 })), [15, false]],
    ['then what is on record', choose(idle, { recorded: 'checkout-hash14' }), [14, false]],
    ['then a guess', choose(idle), [16, true]],
    [
      'not one that fails right now',
      choose([
        replicaSet('17', 'a:17'),
        replicaSet('16', 'a:16', { replicas: 1, available: 0 }),
        replicaSet('15', 'a:15'),
      ]),
      [15, true],
    ],
    [
      'not even where the feed knew it',
      choose(with15({ replicas: 1, available: 0 }), { healthyVersions: ['15'] }),
      [16, true],
    ],
    ['a version by name', choose(idle, { wanted: '14', healthyVersions: ['a:14'] }), [14, false]],
    ['a tag by name', choose(idle, { wanted: 'a:15' }), [15, true]],
    [
      'not the same template under another number',
      choose([replicaSet('17', 'a:17'), replicaSet('16', 'a:17')]),
      'history_trimmed',
    ],
  ])('%s', (_name, result, expected) => {
    expect(chosen(result)).toEqual(expected);
  });

  it('says where the version known to be healthy is no longer kept', () => {
    const result = choose(idle, { healthyVersions: ['9'] });
    expect(result.ok && result.value.basis).toContain(
      'of those known to be healthy (9) none is kept',
    );
  });
});

describe('Whether a revision is a version', () => {
  const commit = '0123456789abcdef0123456789abcdef01234567';
  it.each([
    ['shop/web:1.2', 'shop/web:1.2', true],
    ['shop/web:1.2', '1.2', true],
    ['shop/web:11.2', '1.2', false],
    ['shop/web:1.2', '', false],
    [`shop/web@sha256:${'a'.repeat(64)}`, `sha256:${'a'.repeat(64)}`, true],
    ['shop/web:sha-0123456', commit, true],
    ['shop/web:sha-0123457', commit, false],
    ['shop/web:012345', commit, false],
  ])('%s, %s: %s', (image, version, expected) => {
    expect(isVersion({ template: podTemplate(image) }, version)).toBe(expected);
  });

  it('reads the label of the version', () => {
    const template = { metadata: { labels: { 'app.kubernetes.io/version': '2.0' } }, spec: {} };
    expect(isVersion({ template }, '2.0')).toBe(true);
    expect(versionNames(template)).toEqual(['2.0']);
  });

  it('names an image in each way that a feed may', () => {
    expect(versionNames(podTemplate('host:5000/shop/web:1.2@sha256:ab'))).toEqual([
      'host:5000/shop/web:1.2@sha256:ab',
      '1.2',
      'sha256:ab',
    ]);
    expect(versionNames(podTemplate('host:5000/shop/web'))).toEqual(['host:5000/shop/web']);
  });
});

describe('A pod template', () => {
  it('has one hash, whatever controllers add to it', () => {
    const labelled = {
      ...podTemplate('a:1'),
      metadata: { labels: { app: 'checkout', 'pod-template-hash': 'x' }, creationTimestamp: null },
    };
    expect(bareTemplate(labelled)).toEqual(podTemplate('a:1'));
    expect(templateHash(labelled, digest)).toBe(templateHash(podTemplate('a:1'), digest));
    expect(templateHash(podTemplate('a:2'), digest)).not.toBe(
      templateHash(podTemplate('a:1'), digest),
    );
  });

  it.each([
    [{ a: 1 }, { a: 1, b: 2 }, true],
    [{ a: [{ x: 1 }] }, { a: [{ x: 1, y: 2 }] }, true],
    [{ a: null }, {}, true],
    [{ a: 1 }, { a: 2 }, false],
    [{ a: [1] }, { a: [1, 2] }, false],
    [{ a: { b: 1 } }, { a: 1 }, false],
    [[1], 1, false],
  ])('%o is filled in as %o: %s', (sent, stored, expected) => {
    expect(isFilledIn(sent, stored)).toBe(expected);
  });
});

describe('What differs between two templates', () => {
  it('is told in words, images first, and values that may be secret are not told', () => {
    const from = podTemplate('a:1', { terminationGracePeriodSeconds: 30 });
    const to: JsonObject = {
      ...podTemplate('a:2'),
      spec: {
        containers: [
          {
            name: 'web',
            image: 'a:2',
            env: [
              { name: 'LEVEL', value: 'hunter2' },
              { name: 'NEW', value: 'x' },
            ],
          },
          { name: 'sidecar', image: 'b:1', env: [{ name: 'TOKEN', value: 'hunter3' }] },
        ],
      },
    };
    const changes = templateChanges(from, to);
    expect(changes).toEqual([
      { what: 'containers web image', from: 'a:1', to: 'a:2' },
      {
        what: 'containers sidecar',
        from: 'not set',
        to: '{"env":"(not shown)","image":"b:1","name":"sidecar"}',
      },
      { what: 'containers web env LEVEL value', from: 'a value', to: 'another value' },
      { what: 'containers web env NEW', from: 'not set', to: 'another value' },
      { what: 'terminationGracePeriodSeconds', from: '30', to: 'not set' },
    ]);
  });

  it('is bounded', () => {
    const labels = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`l${index}`, 'x'.repeat(500)]),
    );
    const changes = templateChanges({ metadata: {} }, { metadata: { labels } });
    expect(changes).toHaveLength(1);
    expect(changes[0]?.to.length).toBe(120);
    const many = templateChanges({ metadata: { labels: { l0: 'y' } } }, { metadata: { labels } });
    expect(many).toHaveLength(21);
    expect(many.at(-1)?.from).toBe('20 more differences');
  });
});
