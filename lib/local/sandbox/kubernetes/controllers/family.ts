import type { KubeObject } from '../fields.ts';
import type { Bounds } from './rolling.ts';

/** A Deployment with its ReplicaSets: the one of its template, if it is there, and all others. */
export interface Family {
  readonly deployment: KubeObject;
  readonly fresh: KubeObject | undefined;
  readonly old: readonly KubeObject[];
  readonly bounds: Bounds;
}
