import { controllerOf, uidOf } from '../fields.ts';
import { KINDS } from '../store/kinds.ts';
import { endPod, POD, type World } from './world.ts';

/** Removes what belonged to something that is gone. */
export function collectGarbage(world: World): void {
  const { store } = world;
  const all = KINDS.flatMap((kind) => store.list(kind).map((object) => ({ kind, object })));
  const uids = new Set(all.map(({ object }) => uidOf(object)));
  for (const { kind, object } of all) {
    const owner = controllerOf(object);
    if (owner === '' || uids.has(owner)) continue;
    if (kind === POD) endPod(world, object);
    else store.remove(kind, object);
  }
}
