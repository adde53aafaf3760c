import { createMemoryCluster, type MemoryCluster } from '../../../lib/adapters/memory/cluster.ts';
import type { JsonObject } from '../../../lib/domain/shared/json.ts';
import { epochMs, toIso } from '../../../lib/domain/shared/time.ts';
import { namespace, targetIds } from '../engine/action-policy.ts';
import type { Random } from '../engine/random.ts';
import type { Agenda } from '../engine/scheduler.ts';

/** How a version behaves once it runs. */
export type Quality = 'good' | 'bad' | 'crashing';

/** Somebody else has brought a version. */
export interface Deploy {
  readonly atMs: number;
  readonly name: string;
  readonly image: string;
  /** Who it was: a person. */
  readonly author: string;
  /** Whether the change feed heard of it. */
  readonly isTold: boolean;
}

interface Setting {
  readonly agenda: Agenda;
  readonly random: Random;
  /** Share of the rollouts whose status lies. */
  readonly lying: () => number;
  /** What serves has changed. */
  readonly onServing: (name: string) => void;
  /** A Deployment has changed in any way. */
  readonly onChanged: (name: string) => void;
}

const replicaSetKey = 'pod-template-hash';
const revisionKey = 'deployment.kubernetes.io/revision';
const replicas = 4;
const progressDeadlineMs = 90_000;

export const refOfDeployment = (name: string) =>
  ({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name }) as const;

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

/** A path into raw JSON, read by nobody's rules but our own. */
export const dig = (object: unknown, ...path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((value, key) => record(value)[key], object);

const digText = (object: unknown, ...path: readonly (string | number)[]): string => {
  const found = dig(object, ...path);
  return typeof found === 'string' ? found : '';
};

/** The image that a Deployment's template names. */
export const imageOf = (deployment: unknown): string =>
  digText(deployment, 'spec', 'template', 'spec', 'containers', 0, 'image');

/**
 * A cluster with the part of Kubernetes that follows Deployments: it numbers revisions, keeps a
 * ReplicaSet for each template, rolls out in its own time, and gives up on pods that crash.
 */
export class Deployments {
  readonly cluster: MemoryCluster;
  readonly deploys: Deploy[] = [];
  /** How each version behaves. */
  readonly qualities = new Map<string, Quality>();
  readonly #serving = new Map<string, string>();
  readonly #revisions = new Map<string, number>();
  readonly #rollouts = new Map<string, number>();
  readonly #setting: Setting;
  #versions = 0;

  constructor(setting: Setting) {
    this.#setting = setting;
    this.cluster = createMemoryCluster({ clock: { now: () => setting.agenda.nowMs } });
    for (const name of targetIds) this.#create(name);
  }

  /** Whether what serves now works. */
  isHealthy(name: string): boolean {
    return this.qualities.get(this.#serving.get(name) ?? '') !== 'bad';
  }

  find(name: string): JsonObject {
    return this.cluster.find(refOfDeployment(name)) ?? {};
  }

  /** Somebody else brings a new version. */
  deploy(name: string, of: { quality: Quality; author: string; isTold: boolean }): Deploy {
    this.#versions += 1;
    const image = `shop/${name}:v${this.#versions}`;
    this.qualities.set(image, of.quality);
    const { author, isTold } = of;
    const deploy = { atMs: this.#setting.agenda.nowMs, name, image, author, isTold };
    this.deploys.push(deploy);
    this.putImage(name, image);
    return deploy;
  }

  /** The template of a Deployment is written by somebody else. */
  putImage(name: string, image: string): void {
    const old = this.find(name);
    this.#put(name, {
      ...old,
      spec: { ...(old['spec'] as JsonObject), template: templateOf(name, image) },
    });
    this.follow(name);
  }

  /** An autoscaler sets a number of replicas. */
  scale(name: string, to: number): void {
    const old = this.find(name);
    this.#put(name, { ...old, spec: { ...(old['spec'] as JsonObject), replicas: to } });
    this.follow(name);
  }

  /** Its controller will see that a Deployment has changed. */
  follow(name: string): void {
    const { agenda, random } = this.#setting;
    const rollout = (this.#rollouts.get(name) ?? 0) + 1;
    this.#rollouts.set(name, rollout);
    agenda.in(random.int(50, 3_000), () => {
      if (this.#rollouts.get(name) === rollout) this.#observe(name, rollout);
    });
  }

  #create(name: string): void {
    const image = `shop/${name}:v0`;
    this.qualities.set(image, 'good');
    this.#serving.set(name, image);
    this.#put(name, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace, uid: `uid-${name}`, annotations: {} },
      spec: {
        replicas,
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: progressDeadlineMs / 1000,
        selector: { matchLabels: { app: name } },
        template: templateOf(name, image),
      },
    });
    this.#keepRevision(name);
    this.#setStatus(name, { ...doneWith(replicas), observedGeneration: 1 });
    if (name === 'mail') this.cluster.put(autoscaler(name));
  }

  /** The newest revision is that of the template that is wanted. */
  #keepRevision(name: string): void {
    const deployment = this.find(name);
    const template = dig(deployment, 'spec', 'template') as JsonObject;
    const key = JSON.stringify(template);
    const hash = String(key.split('').reduce((sum, char) => mix(sum, char), 7));
    const ref = { apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace, name: `${name}-${hash}` };
    const current = digText(deployment, 'metadata', 'annotations', revisionKey);
    const held = this.cluster.find(ref);
    const heldRevision = digText(held, 'metadata', 'annotations', revisionKey);
    if (held !== null && heldRevision === current) return;
    const revision = (this.#revisions.get(name) ?? 0) + 1;
    this.#revisions.set(name, revision);
    const annotations = {
      ...(dig(deployment, 'metadata', 'annotations') as JsonObject),
      [revisionKey]: String(revision),
    };
    this.#put(name, {
      ...deployment,
      metadata: { ...(deployment['metadata'] as JsonObject), annotations },
    });
    this.cluster.put({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: ref.name,
        namespace,
        labels: { app: name, [replicaSetKey]: hash },
        annotations,
        ownerReferences: [
          { apiVersion: 'apps/v1', kind: 'Deployment', name, uid: `uid-${name}`, controller: true },
        ],
      },
      spec: { template: withHash(template, hash) },
      status: (held?.['status'] as JsonObject | undefined) ?? {},
    });
  }

  #observe(name: string, rollout: number): void {
    this.#keepRevision(name);
    const { agenda, random } = this.#setting;
    const deployment = this.find(name);
    const image = imageOf(deployment);
    const wanted = Number(dig(deployment, 'spec', 'replicas'));
    const observedGeneration = Number(dig(deployment, 'metadata', 'generation'));
    this.#setStatus(name, { ...doneWith(wanted), updatedReplicas: 0, observedGeneration });
    const isLie = random.chance(this.#setting.lying());
    const takesMs = random.int(2_000, 45_000);
    const isLast = (): boolean => this.#rollouts.get(name) === rollout;
    if (isLie) {
      agenda.in(takesMs / 4, () => {
        if (isLast()) this.#setStatus(name, { ...doneWith(wanted), observedGeneration });
      });
      agenda.in(takesMs * 6, () => isLast() && this.#serve(name, image));
      return;
    }
    if (this.qualities.get(image) === 'crashing') {
      agenda.in(progressDeadlineMs, () => isLast() && this.#giveUp(name, wanted));
      return;
    }
    agenda.in(takesMs, () => {
      if (!isLast()) return;
      this.#setStatus(name, { ...doneWith(wanted), observedGeneration });
      this.#serve(name, image);
    });
  }

  #serve(name: string, image: string): void {
    this.#serving.set(name, image);
    this.#setting.onServing(name);
  }

  #giveUp(name: string, wanted: number): void {
    const observedGeneration = Number(dig(this.find(name), 'metadata', 'generation'));
    const lastUpdateTime = toIso(epochMs(this.#setting.agenda.nowMs));
    this.#setStatus(name, {
      ...doneWith(wanted),
      updatedReplicas: 1,
      observedGeneration,
      conditions: [
        {
          type: 'Progressing',
          status: 'False',
          reason: 'ProgressDeadlineExceeded',
          lastUpdateTime,
        },
      ],
    });
  }

  #setStatus(name: string, status: JsonObject): void {
    this.#put(name, { ...this.find(name), status });
  }

  #put(name: string, object: JsonObject): void {
    this.cluster.put(object);
    this.#setting.onChanged(name);
  }
}

const mix = (sum: number, char: string): number => (sum * 31 + char.charCodeAt(0)) >>> 0;

const templateOf = (name: string, image: string): JsonObject => ({
  metadata: { labels: { app: name } },
  spec: { containers: [{ name: 'web', image }] },
});

const withHash = (template: JsonObject, hash: string): JsonObject => {
  const metadata = template['metadata'] as JsonObject;
  const labels = { ...(metadata['labels'] as JsonObject), [replicaSetKey]: hash };
  return { ...template, metadata: { ...metadata, labels } };
};

const doneWith = (count: number): JsonObject => ({
  replicas: count,
  updatedReplicas: count,
  readyReplicas: count,
  availableReplicas: count,
});

const autoscaler = (name: string): JsonObject => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name, namespace },
  spec: {
    minReplicas: 2,
    maxReplicas: 12,
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
  },
});
