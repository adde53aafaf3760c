import { createHash } from 'node:crypto';
import { canonicalJson, type Json, type JsonObject } from '../../../../domain/shared/json.ts';
import {
  controllerOf,
  instant,
  isLeaving,
  listAt,
  nameOf,
  namespaceOf,
  textAt,
  uidOf,
  withValue,
  type KubeObject,
} from '../fields.ts';
import { kindNamed, type Kind } from '../store/kinds.ts';
import type { Store } from '../store/store.ts';

/** What a controller sees and may do. It compares what is with what ought to be, and mends it. */
export interface World {
  readonly store: Store;
  readonly nowMs: number;
  /** Asks for another turn at that instant, even if nothing changes until then. */
  readonly wakeAt: (atMs: number) => void;
  /** Tells people, as an Event. */
  readonly note: (note: Note) => void;
  /** Five signs that end a name. */
  readonly suffix: () => string;
}

export interface Note {
  readonly about: KubeObject;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly by: string;
}

export type Controller = (world: World) => void;

export const DEPLOYMENT = kindNamed('Deployment');
export const REPLICA_SET = kindNamed('ReplicaSet');
export const STATEFUL_SET = kindNamed('StatefulSet');
export const DAEMON_SET = kindNamed('DaemonSet');
export const CONTROLLER_REVISION = kindNamed('ControllerRevision');
export const POD = kindNamed('Pod');
export const NODE = kindNamed('Node');
export const SERVICE = kindNamed('Service');
export const ENDPOINT_SLICE = kindNamed('EndpointSlice');
export const HPA = kindNamed('HorizontalPodAutoscaler');
export const HTTP_ROUTE = kindNamed('HTTPRoute');
export const ROLLOUT = kindNamed('Rollout');
export const EVENT = kindNamed('Event');

/** Those of a kind that the object controls. */
export const ownedBy = (store: Store, kind: Kind, owner: KubeObject): readonly KubeObject[] =>
  store.list(kind, namespaceOf(owner)).filter((one) => controllerOf(one) === uidOf(owner));

export const ownerReference = (owner: KubeObject): JsonObject => ({
  apiVersion: textAt(owner, 'apiVersion'),
  kind: textAt(owner, 'kind'),
  name: nameOf(owner),
  uid: uidOf(owner),
  controller: true,
  blockOwnerDeletion: true,
});

export const withStatus = (object: KubeObject, status: JsonObject): KubeObject =>
  withValue(object, ['status'], status);

const SIGNS = 'bcdfghjklmnpqrstvwxz2456789';

/** A hash that can be part of a name; equal templates have equal ones. */
export function nameHash(value: Json): string {
  const bytes = createHash('sha256').update(canonicalJson(value)).digest();
  return [...bytes.subarray(0, 10)].map((byte) => SIGNS[byte % SIGNS.length] ?? '').join('');
}

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
}

export const conditionOf = (object: Json | undefined, type: string): Json | undefined =>
  listAt(object, 'status', 'conditions').find((one) => textAt(one, 'type') === type);

/** The condition as it is written down: the instant of its last change of mind stays. */
export function dated(condition: Condition, before: Json | undefined, nowMs: number): JsonObject {
  const isSameStatus = textAt(before, 'status') === condition.status;
  const since = isSameStatus ? textAt(before, 'lastTransitionTime') : '';
  return { ...condition, lastTransitionTime: since === '' ? instant(nowMs) : since };
}

export const isReady = (pod: KubeObject): boolean =>
  !isLeaving(pod) && textAt(conditionOf(pod, 'Ready'), 'status') === 'True';

/** How many of a whole a number or a percentage is. */
export function share(
  value: Json | undefined,
  whole: number,
  round: (n: number) => number,
): number {
  if (typeof value === 'number') return value;
  const percent = typeof value === 'string' ? Number.parseFloat(value) : 0;
  return Number.isNaN(percent) ? 0 : round((whole * percent) / 100);
}

/** Ends a pod as its owner does: it stops first. */
export function endPod({ store, nowMs }: World, pod: KubeObject): void {
  if (isLeaving(pod)) return;
  store.replace(POD, withValue(pod, ['metadata', 'deletionTimestamp'], instant(nowMs + 30_000)));
}
