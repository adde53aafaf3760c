import {
  createMemoryActionRows,
  createMemoryChanges,
} from '../../lib/adapters/memory/action-rows.ts';
import { systemHashing } from '../../lib/adapters/system/hashing.ts';
import type { ActDeps, ActionDeps } from '../../lib/app/actions/deps.ts';
import type { Deps } from '../../lib/app/deps.ts';
import type { Actuator } from '../../lib/app/targets/actuator.ts';
import { createKubernetesActuator } from '../../lib/app/targets/kubernetes/actuator.ts';
import type { Halt } from '../../lib/domain/action/rows.ts';
import type { Policy } from '../../lib/domain/policy/policy.ts';
import { err, ok } from '../../lib/domain/shared/result.ts';
import { epochMs } from '../../lib/domain/shared/time.ts';
import type { ActionRows } from '../../lib/ports/action-rows.ts';
import type { Measured, Signals } from '../../lib/ports/signals.ts';
import { ClusterServer } from './actors/cluster-server.ts';
import { Deployments } from './actors/deployments.ts';
import { ActionWeather } from './action-weather.ts';
import { sourceIds, tenantId } from './engine/policy.ts';
import { withoutApprover } from './engine/action-policy.ts';
import type { ActionRates } from './engine/action-profile.ts';
import type { Chances, Invocation } from './engine/invocation.ts';
import { ActionOracle } from './oracle/action-oracle.ts';
import type { Stage } from './stage.ts';

/** Everything about actions that is outside: the targets, what tells of them, and the rows. */
export class ActionSide {
  readonly rates: ActionRates;
  readonly weather: ActionWeather;
  readonly deployments: Deployments;
  readonly server: ClusterServer;
  readonly watches: ActionOracle;
  /** Fingerprints of the alerts that fire at their source. */
  readonly firing = new Set<string>();
  /** Told whenever what serves has changed. */
  onServing: (name: string) => void = () => undefined;
  readonly #world: Stage;
  readonly #chances: Chances;
  readonly #halts: { readonly atMs: number; readonly halt: Halt }[] = [];
  #policy: Policy;
  #ids = 0;

  constructor(
    world: Stage,
    rates: ActionRates,
    { policy, given }: { readonly policy: Policy; readonly given: Policy },
  ) {
    const { scheduler, profile } = world;
    this.#world = world;
    this.rates = rates;
    this.#policy = given;
    this.weather = new ActionWeather(rates, {
      startMs: scheduler.nowMs,
      chaosMs: profile.chaosMs,
      random: world.random('action weather'),
    });
    this.#chances = {
      scheduler,
      latency: world.random('cluster latency'),
      faults: world.random('cluster faults'),
      latencyMs: profile.latencyMs,
      rates: () => this.weather.callFaults(scheduler.nowMs),
    };
    this.deployments = new Deployments({
      agenda: scheduler,
      random: world.random('deployments'),
      lying: () => this.weather.share('lying', scheduler.nowMs),
      onServing: (name) => this.onServing(name),
      onChanged: (name) => this.#onChanged(name),
    });
    const count = (situation: string): void => world.count(situation);
    this.watches = new ActionOracle({
      nowMs: () => scheduler.nowMs,
      at: (atMs, run) => scheduler.at(atMs, run),
      policy,
      oracle: world.oracle,
      verdict: world.verdict,
      deployments: this.deployments,
      weather: this.weather,
      count,
    });
    this.server = new ClusterServer({
      deployments: this.deployments,
      weather: this.weather,
      random: world.random('cluster'),
      chances: this.#chances,
      writeChances: {
        ...this.#chances,
        faults: world.random('write faults'),
        rates: () => (this.weather.isHealed(scheduler.nowMs) ? null : rates.cluster.writes),
      },
      count,
      onAttempt: (actionId) => this.watches.mutations.onAttempt(actionId),
      onMutation: (mutation) => {
        world.note('cluster', `${mutation.actionId} changes ${mutation.kind} ${mutation.name}`);
        this.watches.mutations.onMutation(mutation);
      },
      onContact: (place) => this.watches.onContact(place),
      onRead: (name, object) => this.watches.signals.onRead(name, object),
    });
  }

  /** The policy as it is deployed now. */
  get policyNow(): Policy {
    return this.#policy;
  }

  /** Somebody loses the right to approve. */
  revoke(person: string): void {
    this.#policy = withoutApprover(this.#policy, person);
    this.watches.onRevoked(person);
    this.#world.note('policy', `${person} approves no more`);
  }

  #onChanged(name: string): void {
    // While the world is made there is no server yet.
    const server = this.server as ClusterServer | undefined;
    server?.keep(name);
  }

  /** What people's functions need beside the rest. */
  actionDeps<Base extends Deps>(base: Base, invocation: Invocation): Base & ActionDeps {
    const rows = this.#observedRows(false);
    return { ...base, policy: this.policyNow, actionRows: invocation.port('rows', rows) };
  }

  /** What the function that acts needs: of one run, in one region. */
  actDeps<Base extends Deps>(base: Base, invocation: Invocation, isFar: boolean): Base & ActDeps {
    const kubernetes = createKubernetesActuator({
      clusters: this.server.clusters(invocation),
      hashing: systemHashing,
      clock: base.clock,
    });
    const { tables } = this.#world.store;
    return {
      ...base,
      policy: this.policyNow,
      actionRows: invocation.port('rows', this.#observedRows(isFar)),
      actuators: { kubernetes, argocd: nowhere, git: nowhere },
      signals: this.#signals(invocation),
      changes: invocation.port('changes', createMemoryChanges(tables)),
      newId: () => `id${(this.#ids += 1)}`,
    };
  }

  /** The rows; from the other region the kill switch is seen late. */
  #observedRows(isFar: boolean): ActionRows {
    const rows = createMemoryActionRows(this.#world.store.tables);
    const { scheduler } = this.#world;
    return {
      ...rows,
      loadHalt: (tenant) => {
        if (this.weather.isHaltUnreadable(scheduler.nowMs)) {
          this.#world.count('the kill switch cannot be read');
          return Promise.resolve(err({ kind: 'unavailable', message: 'no answer' }));
        }
        if (!isFar) return rows.loadHalt(tenant);
        this.#world.count('the kill switch read in the second region');
        const asOfMs = scheduler.nowMs - this.rates.halt.lagMs;
        const seen = this.#halts.findLast(({ atMs }) => atMs <= asOfMs);
        return seen === undefined
          ? Promise.resolve(ok(neverHalted))
          : Promise.resolve(ok(seen.halt));
      },
      saveHalt: async (halt) => {
        const saved = await rows.saveHalt(halt);
        if (!saved.ok) return saved;
        this.#halts.push({ atMs: scheduler.nowMs, halt });
        this.watches.onHalt(halt.isOn);
        return saved;
      },
      saveLease: async (lease) => {
        const saved = await rows.saveLease(lease);
        if (saved.ok)
          this.watches.onLock(lease.name, lease.lock?.untilMs ?? null, lease.lock !== null);
        return saved;
      },
    };
  }

  #signals(invocation: Invocation): Signals {
    const { scheduler } = this.#world;
    return {
      measure: (_tenant, check) =>
        invocation.call(
          'signals.measure',
          () => {
            const name = check.id.replace('errors-', '');
            const seen = this.weather.check(name, scheduler.nowMs);
            if (seen !== 'true') this.#world.count(`metric ${seen}`);
            if (seen === 'missing')
              return Promise.resolve(ok<Measured>({ kind: 'none', why: 'no series' }));
            const isGood = seen === 'lying' || this.deployments.isHealthy(name);
            this.watches.signals.onMeasured(name, isGood);
            return Promise.resolve(ok<Measured>({ kind: 'value', value: isGood ? 0.001 : 0.2 }));
          },
          this.#chances,
        ),
      alertAtSource: (_tenant, { sourceId, labels }) =>
        invocation.call(
          'signals.alert',
          () => {
            const canTell = this.rates.hasApi && sourceId === sourceIds.alertmanager;
            if (!canTell) return Promise.resolve(ok('cannot-tell'));
            const fingerprint = labels['instance'] ?? '';
            const isFiring = this.firing.has(fingerprint);
            this.watches.signals.onAlert(fingerprint, isFiring);
            return Promise.resolve(ok(isFiring ? 'firing' : 'resolved'));
          },
          this.#chances,
        ),
    };
  }
}

const neverHalted: Halt = {
  tenant: tenantId,
  version: 0,
  isOn: false,
  by: '',
  reason: '',
  atMs: epochMs(0),
};

/** Nothing of the policy is there. */
const nowhere: Actuator = {
  plan: () => Promise.reject(new Error('no target of the policy is there')),
  send: () => Promise.reject(new Error('no target of the policy is there')),
  look: () => Promise.reject(new Error('no target of the policy is there')),
};
