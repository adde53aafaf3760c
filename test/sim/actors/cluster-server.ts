import type { JsonObject } from '../../../lib/domain/shared/json.ts';
import { err, ok, type Result } from '../../../lib/domain/shared/result.ts';
import type { Cluster, ClusterFailure, Clusters, KubePatch } from '../../../lib/ports/cluster.ts';
import type { PortFailure } from '../../../lib/ports/failure.ts';
import { clusterId } from '../engine/action-policy.ts';
import type { Chances, Invocation } from '../engine/invocation.ts';
import type { Random } from '../engine/random.ts';
import type { ActionWeather } from '../action-weather.ts';
import type { Deployments } from './deployments.ts';

/** A write that changed something, as the cluster has seen it. */
export interface Mutation {
  readonly atMs: number;
  /** Whom the connection was opened for: the cluster's own audit, not the mark on the object. */
  readonly actionId: string;
  readonly kind: string;
  readonly name: string;
  readonly before: JsonObject;
  readonly after: JsonObject;
}

interface Setting {
  readonly deployments: Deployments;
  readonly weather: ActionWeather;
  readonly random: Random;
  readonly chances: Chances;
  /** How writes go. */
  readonly writeChances: Chances;
  readonly count: (situation: string) => void;
  /** A write is on its way. */
  readonly onAttempt: (actionId: string) => void;
  readonly onMutation: (mutation: Mutation) => void;
  /** Somebody was let in, or asked for something: for the list of places that were contacted. */
  readonly onContact: (place: { readonly cluster: string; readonly namespace: string }) => void;
  /** A Deployment was read, and what was shown of it. */
  readonly onRead: (name: string, object: JsonObject) => void;
}

/** As the adapter has it. */
const readMs = 10_000;
const writeMs = 40_000;
const historyMs = 20_000;

interface Kept {
  readonly atMs: number;
  readonly object: JsonObject;
}

const failed = (
  kind: ClusterFailure['kind'],
  status: number | null,
  message: string,
): { readonly ok: false; readonly error: ClusterFailure } =>
  err({ kind, status, reason: status === 403 ? 'Forbidden' : '', message });

/** The API server as our function reaches it: far away, with moods, and sometimes not at all. */
export class ClusterServer {
  readonly #setting: Setting;
  readonly #history = new Map<string, Kept[]>();

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  /** The way in, for one run of a function. */
  clusters(invocation: Invocation): Clusters {
    return {
      open: (_tenant, cluster, attribution) => {
        const { weather, chances } = this.#setting;
        this.#setting.onContact({ cluster, namespace: '' });
        if (cluster !== clusterId) return Promise.resolve(failed('not_found', null, 'no cluster'));
        if (weather.hasExpired(chances.scheduler.nowMs)) {
          this.#setting.count('credentials of the cluster have expired');
          return Promise.resolve(failed('rejected', 401, 'Unauthorized'));
        }
        return Promise.resolve(ok(this.#port(invocation, attribution)));
      },
    };
  }

  #port(invocation: Invocation, actionId: string): Cluster {
    const { cluster } = this.#setting.deployments;
    const read = <Value>(
      name: string,
      effect: () => Promise<Result<Value, ClusterFailure>>,
    ): Promise<Result<Value, ClusterFailure>> =>
      this.#call(invocation, { name, timeoutMs: readMs, effect });
    return {
      get: (ref) => {
        this.#setting.onContact({ cluster: clusterId, namespace: ref.namespace });
        return read('cluster.get', () =>
          ref.kind === 'Deployment' ? this.#read(ref.name) : cluster.get(ref),
        );
      },
      list: (of, selector) => read('cluster.list', () => cluster.list(of, selector)),
      may: (ask) => read('cluster.may', () => cluster.may(ask)),
      patch: (patch, options) => {
        if (options.isDryRun) {
          return read('cluster.try', () => this.#guarded(() => cluster.patch(patch, options)));
        }
        if (!invocation.isDead) this.#setting.onAttempt(actionId);
        const effect = () => this.#write(patch, actionId);
        return this.#call(invocation, { name: 'cluster.patch', timeoutMs: writeMs, effect });
      },
      deletePod: (ref, uid) => cluster.deletePod(ref, uid),
    };
  }

  async #call<Value>(
    invocation: Invocation,
    of: {
      readonly name: string;
      readonly timeoutMs: number;
      readonly effect: () => Promise<Result<Value, ClusterFailure>>;
    },
  ): Promise<Result<Value, ClusterFailure>> {
    const { weather, random, count, writeChances } = this.#setting;
    const { name, timeoutMs, effect } = of;
    const chances = name === 'cluster.patch' ? writeChances : this.#setting.chances;
    const answer = await invocation.timed(
      name,
      timeoutMs,
      async () => {
        const state = weather.cluster(chances.scheduler.nowMs);
        if (state === 'well') return effect();
        count(`the cluster is ${state} on ${name}`);
        if (state === 'refusing') return failed('unavailable', null, 'The connection was refused.');
        if (random.chance(0.5)) await effect();
        return new Promise<never>(() => undefined);
      },
      chances,
    );
    return answer.ok ? answer : err(asClusterFailure(answer.error));
  }

  /** What is in the cache of an API server may be old. */
  #read(name: string): Promise<Result<JsonObject, ClusterFailure>> {
    const { weather, chances, random, count, deployments, onRead } = this.#setting;
    const { nowMs } = chances.scheduler;
    if (random.chance(weather.share('stale', nowMs))) {
      const asOfMs = nowMs - random.int(500, historyMs);
      const old = this.#history.get(name)?.findLast(({ atMs }) => atMs <= asOfMs);
      if (old !== undefined) {
        count('stale read of a target');
        onRead(name, old.object);
        return Promise.resolve(ok(old.object));
      }
    }
    onRead(name, deployments.find(name));
    return Promise.resolve(ok(deployments.find(name)));
  }

  /** Every state that a Deployment has had, for those who read late. */
  keep(name: string): void {
    const { chances, deployments } = this.#setting;
    const kept = this.#history.get(name) ?? [];
    kept.push({ atMs: chances.scheduler.nowMs, object: deployments.find(name) });
    this.#history.set(name, kept.slice(-200));
  }

  #guarded<Value>(
    effect: () => Promise<Result<Value, ClusterFailure>>,
  ): Promise<Result<Value, ClusterFailure>> {
    const { weather, chances, count } = this.#setting;
    if (!weather.isForbidden(chances.scheduler.nowMs)) return effect();
    count('the cluster forbids');
    return Promise.resolve(failed('rejected', 403, 'deployments is forbidden'));
  }

  async #write(patch: KubePatch, actionId: string): Promise<Result<JsonObject, ClusterFailure>> {
    const { weather, chances, random, count } = this.#setting;
    if (random.chance(weather.share('stuck', chances.scheduler.nowMs))) {
      count('a write arrives late');
      await new Promise<void>((resolve) => {
        chances.scheduler.in(random.int(1_000, 30_000), resolve);
      });
    }
    return this.#guarded(() => this.#patchNow(patch, actionId));
  }

  async #patchNow(patch: KubePatch, actionId: string): Promise<Result<JsonObject, ClusterFailure>> {
    const { deployments, chances, onMutation } = this.#setting;
    const { cluster } = deployments;
    const { kind, name } = patch.ref;
    const before = cluster.find(patch.ref) ?? {};
    const writes = cluster.writes().length;
    const patched = await cluster.patch(patch, { isDryRun: false });
    if (!patched.ok || cluster.writes().length === writes) return patched;
    const { nowMs: atMs } = chances.scheduler;
    if (kind === 'Deployment') {
      this.keep(name);
      deployments.follow(name);
    }
    onMutation({ atMs, actionId, kind, name, before, after: patched.value });
    return patched;
  }
}

/** What the wire itself did to a call has no status, but for too many requests. */
function asClusterFailure(failure: PortFailure | ClusterFailure): ClusterFailure {
  if ('status' in failure) return failure;
  return { ...failure, status: failure.kind === 'throttled' ? 429 : null, reason: '' };
}
