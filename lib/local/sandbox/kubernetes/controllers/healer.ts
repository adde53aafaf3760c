import type { HealerFault } from '../faults.ts';
import { isSame, valueAt, withValue, type KubeObject } from '../fields.ts';
import { KINDS, type Kind } from '../store/kinds.ts';
import type { Controller, World } from './world.ts';

const HEALS_AFTER_MS = 2_000;

interface Kept {
  /** As it was when the healer was switched on: what Git has. */
  readonly spec: KubeObject[string] | undefined;
  /** Since when it is otherwise; null while it is not. */
  driftedAtMs: number | null;
}

/** Somebody's GitOps: puts the spec of an object back, two seconds after it was changed. */
export function createHealer(switchedOn: () => readonly HealerFault[]): Controller {
  const kept = new Map<string, Kept>();
  return (world) => {
    const faults = new Map(switchedOn().map((fault) => [JSON.stringify(fault), fault]));
    for (const key of kept.keys()) if (!faults.has(key)) kept.delete(key);
    for (const [key, { of, namespace, name }] of faults) {
      const kind = KINDS.find((one) => one.kind === of);
      const object = kind === undefined ? undefined : world.store.get(kind, namespace, name);
      if (kind === undefined || object === undefined) continue;
      const known = kept.get(key) ?? { spec: valueAt(object, 'spec'), driftedAtMs: null };
      kept.set(key, known);
      heal(world, known, { kind, object });
    }
  };
}

function heal(
  { store, nowMs, wakeAt }: World,
  known: Kept,
  { kind, object }: { readonly kind: Kind; readonly object: KubeObject },
): void {
  if (isSame(valueAt(object, 'spec'), known.spec)) {
    known.driftedAtMs = null;
    return;
  }
  known.driftedAtMs ??= nowMs;
  const healsAtMs = known.driftedAtMs + HEALS_AFTER_MS;
  if (healsAtMs <= nowMs) store.replace(kind, withValue(object, ['spec'], known.spec));
  else wakeAt(healsAtMs);
}
