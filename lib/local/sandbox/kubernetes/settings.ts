import type { Timekeeper } from '../../shared/timekeeper.ts';
import type { KubeObject } from './fields.ts';

export interface KubernetesSandboxSettings {
  readonly timekeeper: Timekeeper;
  /** Unpredictable bytes, of which all ids are made. */
  readonly randomBytes: (length: number) => Uint8Array;
  /** Folder in which the cluster and its TLS identity outlive a kill; in memory when left out. */
  readonly directory?: string;
  /** Where the file for a person's kubectl is written; nowhere when left out. */
  readonly kubeconfigPath?: string;
  /** Bearer token of the person, who may do everything. */
  readonly adminToken: string;
  /** Bearer token of the service account `tocsin` in the namespace `tocsin`. */
  readonly tocsinToken: string;
  /** What an operator would apply in the shop's namespace: our rights, and no more. */
  readonly manifests: readonly KubeObject[];
}
