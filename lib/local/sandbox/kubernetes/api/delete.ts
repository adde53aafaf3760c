import type { JsonObject } from '../../../../domain/shared/json.ts';
import {
  controllerOf,
  instant,
  isLeaving,
  nameOf,
  numberAt,
  textAt,
  uidOf,
  withValue,
  type KubeObject,
} from '../fields.ts';
import { KINDS, type Kind } from '../store/kinds.ts';
import type { Store } from '../store/store.ts';
import { conflict, type Refusal } from './refusal.ts';
import { err, ok, type Result } from '../../../../domain/shared/result.ts';

export interface Deletion {
  /** `DeleteOptions`. */
  readonly options: JsonObject;
  readonly isDryRun: boolean;
  readonly atMs: number;
}

/**
 * Removes an object; what it owns goes after it. A pod is only told to end, as a kubelet would
 * stop it first.
 */
export function deleteObject(
  store: Store,
  { kind, object }: { readonly kind: Kind; readonly object: KubeObject },
  { options, isDryRun, atMs }: Deletion,
): Result<JsonObject, Refusal> {
  const stale = precondition(kind, object, options);
  if (stale !== undefined) return err(stale);
  if (kind.kind === 'Pod' && graceOf(options) > 0) {
    if (isLeaving(object)) return ok(object);
    const told = ['deletionTimestamp', instant(atMs + graceOf(options) * 1000)] as const;
    const ending = withValue(object, ['metadata', told[0]], told[1]);
    const graced = withValue(ending, ['metadata', 'deletionGracePeriodSeconds'], graceOf(options));
    return ok(store.replace(kind, graced, { isDryRun }));
  }
  if (!isDryRun) remove(store, kind, { object, options });
  return ok({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name: nameOf(object), group: kind.group, kind: kind.plural, uid: uidOf(object) },
  });
}

const GRACE_S = 30;
const graceOf = (options: JsonObject): number => numberAt(options, 'gracePeriodSeconds') ?? GRACE_S;

function precondition(kind: Kind, object: KubeObject, options: JsonObject): Refusal | undefined {
  const checks = [
    ['uid', 'UID'],
    ['resourceVersion', 'ResourceVersion'],
  ] as const;
  for (const [field, words] of checks) {
    const wanted = textAt(options, 'preconditions', field);
    const is = textAt(object, 'metadata', field);
    if (wanted !== '' && wanted !== is) {
      const says = `Precondition failed: ${words} in precondition: ${wanted}, ${words} in object meta: ${is}`;
      return conflict(kind, nameOf(object), says);
    }
  }
  return undefined;
}

function remove(
  store: Store,
  kind: Kind,
  { object, options }: { readonly object: KubeObject; readonly options: JsonObject },
): void {
  if (textAt(options, 'propagationPolicy') === 'Orphan') orphan(store, uidOf(object));
  store.remove(kind, object);
  if (kind.kind !== 'Namespace') return;
  for (const inside of KINDS.filter(({ isNamespaced }) => isNamespaced)) {
    for (const one of store.list(inside, nameOf(object))) store.remove(inside, one);
  }
}

function orphan(store: Store, uid: string): void {
  for (const kind of KINDS) {
    for (const one of store.list(kind).filter((owned) => controllerOf(owned) === uid)) {
      store.replace(kind, withValue(one, ['metadata', 'ownerReferences'], undefined));
    }
  }
}
