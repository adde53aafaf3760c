import { nameOf, namespaceOf, type KubeObject } from '../fields.ts';
import type { Kind } from './kinds.ts';

/** Objects by kind, namespace and name. */
export interface Shelves {
  readonly get: (kind: Kind, namespace: string, name: string) => KubeObject | undefined;
  /** By namespace and name. */
  readonly all: (kind: Kind) => readonly KubeObject[];
  readonly put: (kind: Kind, object: KubeObject) => void;
  readonly remove: (kind: Kind, object: KubeObject) => void;
}

const keyOf = (namespace: string, name: string): string => `${namespace}/${name}`;
const keyIn = (object: KubeObject): string => keyOf(namespaceOf(object), nameOf(object));

export function createShelves(): Shelves {
  const shelves = new Map<Kind, Map<string, KubeObject>>();
  // Controllers list far more often than anything is written.
  const sorted = new Map<Kind, readonly KubeObject[]>();
  const shelf = (kind: Kind): Map<string, KubeObject> => {
    const found = shelves.get(kind) ?? new Map<string, KubeObject>();
    shelves.set(kind, found);
    return found;
  };
  return {
    get: (kind, namespace, name) => shelf(kind).get(keyOf(namespace, name)),
    all: (kind) => {
      const known = sorted.get(kind);
      if (known !== undefined) return known;
      const entries = [...shelf(kind)].sort(([one], [other]) => (one < other ? -1 : 1));
      const objects = entries.map(([, object]) => object);
      sorted.set(kind, objects);
      return objects;
    },
    put: (kind, object) => {
      shelf(kind).set(keyIn(object), object);
      sorted.delete(kind);
    },
    remove: (kind, object) => {
      shelf(kind).delete(keyIn(object));
      sorted.delete(kind);
    },
  };
}
