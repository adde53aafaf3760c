import type { DeliveryKey, KnownDelivery, Store } from '../../ports/store.ts';

/**
 * Remembers deliveries that were read: a stored delivery never changes, so a repeat of it needs no
 * second reading by the same process. Holds the newest `capacity` only, and never what is absent.
 */
export function rememberDeliveries(store: Store, capacity = 2000): Store {
  const known = new Map<string, KnownDelivery>();
  return {
    ...store,
    loadDelivery: async (key) => {
      const name = nameOf(key);
      const remembered = known.get(name);
      if (remembered !== undefined) return { ok: true, value: remembered };
      const loaded = await store.loadDelivery(key);
      if (loaded.ok && loaded.value !== null) {
        known.set(name, loaded.value);
        const [oldest] = known.keys();
        if (known.size > capacity && oldest !== undefined) known.delete(oldest);
      }
      return loaded;
    },
  };
}

const nameOf = ({ tenant, sourceId, groupHash, setDigest }: DeliveryKey): string =>
  JSON.stringify([tenant, sourceId, groupHash, setDigest]);
