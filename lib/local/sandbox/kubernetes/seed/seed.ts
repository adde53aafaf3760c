import { nameOf, namespaceOf, textAt, withValue, type KubeObject } from '../fields.ts';
import { withDefaults } from '../api/defaults.ts';
import { promoteRollout, setImage } from '../cluster.ts';
import { startControlLoop } from '../controllers/run.ts';
import { apiVersionOf, KINDS } from '../store/kinds.ts';
import { createStore, type Store, type StoreDump } from '../store/store.ts';
import { DEPLOYS, GROUND, SHOP, WORKLOADS } from './shop.ts';
import { createSteppedTime } from './stepped-time.ts';

export interface SeedRequest {
  readonly nowMs: number;
  readonly newUid: () => string;
  readonly suffix: () => string;
  /** Rights and the like, as applied in the shop's namespace. */
  readonly manifests: readonly KubeObject[];
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/**
 * The example's cluster as it has become over some days: real controllers made it, on a clock of
 * their own, so that every revision in its history had been healthy.
 */
export function seedCluster({ nowMs, newUid, suffix, manifests }: SeedRequest): StoreDump {
  const time = createSteppedTime(nowMs - (DEPLOYS.length + 1) * DAY_MS);
  const store = createStore({ nowMs: time.nowMs, newUid });
  const loop = startControlLoop({ store, timekeeper: time, suffix, others: [] });
  for (const object of GROUND) put(store, object);
  for (const object of manifests) put(store, inShop(object));
  for (const object of WORKLOADS) put(store, object);
  time.pass(MINUTE_MS);
  for (const { name, image } of DEPLOYS) {
    time.leap(DAY_MS - 2 * MINUTE_MS);
    setImage(store, { namespace: SHOP, name, image });
    time.pass(MINUTE_MS);
    promoteRollout(store, { namespace: SHOP, name });
    time.pass(MINUTE_MS);
  }
  loop.stop();
  return store.dump();
}

/** A manifest without a namespace is for the one that it is applied in. */
function inShop(object: KubeObject): KubeObject {
  const isHere = kindOf(object)?.isNamespaced === true && namespaceOf(object) === '';
  return isHere ? withValue(object, ['metadata', 'namespace'], SHOP) : object;
}

const kindOf = (object: KubeObject) =>
  KINDS.find(
    (kind) =>
      kind.kind === textAt(object, 'kind') && apiVersionOf(kind) === textAt(object, 'apiVersion'),
  );

function put(store: Store, object: KubeObject): void {
  const kind = kindOf(object);
  if (kind === undefined) return;
  if (store.get(kind, namespaceOf(object), nameOf(object)) === undefined) {
    store.create(kind, withDefaults(object));
  }
}
