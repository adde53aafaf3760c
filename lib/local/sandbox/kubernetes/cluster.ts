import { listAt, isObject, textAt, valueAt, withValue, type KubeObject } from './fields.ts';
import { behaviourOf } from './controllers/behaviour.ts';
import { kindNamed, type Kind } from './store/kinds.ts';
import type { Store } from './store/store.ts';

/** A workload by its name. */
export interface Named {
  readonly namespace: string;
  readonly name: string;
}

const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet', 'Rollout'].map(kindNamed);

interface Found {
  readonly kind: Kind;
  readonly object: KubeObject;
}

export const workloadsIn = (store: Store, namespace: string): readonly Found[] =>
  WORKLOADS.flatMap((kind) => store.list(kind, namespace).map((object) => ({ kind, object })));

/** The workload of a name, of whatever kind. */
export const workloadNamed = (store: Store, named: Named): KubeObject | undefined =>
  find(store, named)?.object;

function find(store: Store, { namespace, name }: Named): Found | undefined {
  const all = WORKLOADS.map((kind) => ({ kind, object: store.get(kind, namespace, name) }));
  return all.find((one): one is Found => one.object !== undefined);
}

export const imageOf = (workload: KubeObject): string =>
  textAt(workload, 'spec', 'template', 'spec', 'containers', '0', 'image');

/** Deploys that image; false when there is no such workload. */
export function setImage(
  store: Store,
  { image, ...named }: Named & { readonly image: string },
): boolean {
  const found = find(store, named);
  if (found === undefined) return false;
  const containers = listAt(found.object, 'spec', 'template', 'spec', 'containers');
  const changed = containers.map((one, index) =>
    index === 0 && isObject(one) ? { ...one, image } : one,
  );
  const path = ['spec', 'template', 'spec', 'containers'];
  store.replace(found.kind, withValue(found.object, path, changed));
  return true;
}

/** Deploys the next version, which is to behave like that; gives its image. */
export function deployNext(
  store: Store,
  {
    ending,
    ...named
  }: Named & { readonly ending: '' | '-broken' | '-hangs' | '-nopull' | '-slow' },
): string | undefined {
  const found = find(store, named);
  if (found === undefined) return undefined;
  const image = nextImage(imageOf(found.object)) + ending;
  setImage(store, { ...named, image });
  return image;
}

/** `shop/checkout:1.4.3-broken` is followed by `shop/checkout:1.4.4`. */
function nextImage(image: string): string {
  const behaviour = behaviourOf(image);
  const bare = behaviour === 'good' ? image : image.replace(new RegExp(`-?${behaviour}$`), '');
  const [, start, last] = /^(.*?)(\d+)$/.exec(bare) ?? [];
  return start === undefined ? `${bare}1` : `${start}${String(Number(last) + 1)}`;
}

/** Takes a Rollout through all its steps. */
export function promoteRollout(store: Store, { namespace, name }: Named): void {
  const kind = kindNamed('Rollout');
  const rollout = store.get(kind, namespace, name);
  const isUnderWay =
    rollout !== undefined &&
    valueAt(rollout, 'status', 'currentPodHash') !== valueAt(rollout, 'status', 'stableRS');
  if (isUnderWay) store.replace(kind, withValue(rollout, ['status', 'promoteFull'], true));
}
