import type { Json, JsonObject } from '../../../../domain/shared/json.ts';
import {
  annotationOf,
  instantAt,
  isSame,
  nameOf,
  objectAt,
  textsAt,
  valueAt,
  withValue,
  type KubeObject,
} from '../fields.ts';
import { nameHash, ownerReference, REPLICA_SET, type World } from './world.ts';

/** The names by which an owner of ReplicaSets knows its revisions. */
export interface RevisionWords {
  readonly hashLabel: string;
  readonly revision: string;
  readonly history: string;
  readonly desired: string;
}

export const DEPLOYMENT_WORDS: RevisionWords = {
  hashLabel: 'pod-template-hash',
  revision: 'deployment.kubernetes.io/revision',
  history: 'deployment.kubernetes.io/revision-history',
  desired: 'deployment.kubernetes.io/desired-replicas',
};

export const ROLLOUT_WORDS: RevisionWords = {
  hashLabel: 'rollouts-pod-template-hash',
  revision: 'rollout.argoproj.io/revision',
  history: 'rollout.argoproj.io/revision-history',
  desired: 'rollout.argoproj.io/desired-replicas',
};

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

const withoutHash = (template: Json | undefined, label: string): Json =>
  withValue(objectAt(template), ['metadata', 'labels', label], undefined);

export const templateOf = (object: KubeObject): JsonObject => objectAt(object, 'spec', 'template');

export const revisionOf = (object: KubeObject, words: RevisionWords): number =>
  Number(annotationOf(object, words.revision)) || 0;

/** The one whose template is the owner's; the oldest when there are several. */
export function freshOf(
  owner: KubeObject,
  sets: readonly KubeObject[],
  { hashLabel }: RevisionWords,
): KubeObject | undefined {
  const wanted = withoutHash(templateOf(owner), hashLabel);
  return [...sets]
    .sort((one, other) => createdAt(one) - createdAt(other))
    .find((set) => isSame(withoutHash(templateOf(set), hashLabel), wanted));
}

const createdAt = (object: KubeObject): number =>
  instantAt(object, 'metadata', 'creationTimestamp');

/**
 * The ReplicaSet as the newest revision: it takes the owner's annotations, and a number above all
 * others. A number that it had goes into its history.
 */
export function promoted(
  set: KubeObject,
  owner: KubeObject,
  { words, others }: { readonly words: RevisionWords; readonly others: readonly KubeObject[] },
): KubeObject {
  const { revision, history: numbers, desired } = words;
  const own: readonly string[] = [LAST_APPLIED, revision, numbers, desired];
  const copied = Object.entries(textsAt(owner, 'metadata', 'annotations')).filter(
    ([name]) => !own.includes(name),
  );
  const had = revisionOf(set, words);
  const next = Math.max(0, ...others.map((other) => revisionOf(other, words))) + 1;
  const history = annotationOf(set, words.history);
  const annotations: JsonObject = {
    ...objectAt(set, 'metadata', 'annotations'),
    ...Object.fromEntries(copied),
    ...(had >= next ? {} : { [words.revision]: String(next) }),
    ...(had === 0 || had >= next
      ? {}
      : { [words.history]: [history, String(had)].filter((one) => one !== '').join(',') }),
  };
  return withValue(set, ['metadata', 'annotations'], annotations);
}

/** A ReplicaSet for the owner's template, with no pods yet. */
export function makeReplicaSet(
  world: World,
  owner: KubeObject,
  { words, others }: { readonly words: RevisionWords; readonly others: readonly KubeObject[] },
): KubeObject {
  const hash = nameHash(templateOf(owner));
  const labels = { [words.hashLabel]: hash };
  const template = templateOf(owner);
  const made: KubeObject = {
    metadata: {
      name: `${nameOf(owner)}-${hash}`,
      namespace: valueAt(owner, 'metadata', 'namespace') ?? '',
      labels: { ...textsAt(template, 'metadata', 'labels'), ...labels },
      ownerReferences: [ownerReference(owner)],
    },
    spec: {
      replicas: 0,
      ...(valueAt(owner, 'spec', 'minReadySeconds') === undefined
        ? {}
        : { minReadySeconds: valueAt(owner, 'spec', 'minReadySeconds') ?? 0 }),
      selector: withValue(objectAt(owner, 'spec', 'selector'), ['matchLabels'], {
        ...textsAt(owner, 'spec', 'selector', 'matchLabels'),
        ...labels,
      }),
      template: withValue(template, ['metadata', 'labels'], {
        ...textsAt(template, 'metadata', 'labels'),
        ...labels,
      }),
    },
  };
  return world.store.create(REPLICA_SET, promoted(made, owner, { words, others }));
}
