import { restWithoutToken } from './actors/pagerduty-rest.ts';
import { createMemoryBlobs } from '../../lib/adapters/memory/blobs.ts';
import { createMemorySecrets } from '../../lib/adapters/memory/secrets.ts';
import { systemHashing } from '../../lib/adapters/system/hashing.ts';
import type { ReceiveDeps } from '../../lib/app/receive-alerts.ts';
import type { PagerEventDeps } from '../../lib/app/receive-pager-event.ts';
import type { ActDeps, ActionDeps } from '../../lib/app/actions/deps.ts';
import type { ClockDeps } from '../../lib/app/run-clock.ts';
import { decodeAlertmanager } from '../../lib/codec/alertmanager.ts';
import { decodeCloudMonitoring } from '../../lib/codec/cloud-monitoring.ts';
import { verifyIntakeCredential } from '../../lib/codec/credentials.ts';
import { deliveryDigest } from '../../lib/codec/set-digest.ts';
import { invariant } from '../../lib/domain/shared/invariant.ts';
import { err, ok } from '../../lib/domain/shared/result.ts';
import type { Bus } from '../../lib/ports/bus.ts';
import type { Chat } from '../../lib/ports/chat.ts';
import type { FallbackPager, Pager, PagerRest } from '../../lib/ports/pager.ts';
import type { Store } from '../../lib/ports/store.ts';
import type { Log } from '../../lib/ports/system.ts';
import type { ActionSide } from './action-side.ts';
import { product, type AppUnderTest } from './engine/app-under-test.ts';
import { chatPort } from './chat-port.ts';
import { Invocation, type Chances, type Ended } from './engine/invocation.ts';
import { tokens } from './engine/policy.ts';
import type { Random } from './engine/random.ts';
import type { World } from './world.ts';

/** The functions that the platform runs, by name. */
export type FunctionName =
  | 'ingest'
  | 'pagerduty'
  | 'api'
  | 'page'
  | 'relay'
  | 'clock'
  | 'slack'
  | 'announce'
  | 'reconcile'
  | 'act';

/** As deployed: see `FUNCTIONS` of lib/infra. */
const timeoutMs: Readonly<Record<FunctionName, number>> = {
  ingest: 10_000,
  pagerduty: 5_000,
  api: 10_000,
  page: 60_000,
  relay: 30_000,
  clock: 120_000,
  slack: 5_000,
  announce: 60_000,
  reconcile: 120_000,
  act: 120_000,
};

/** A fault of one call is felt this long: a claim it left behind, a retry of a stream. */
const aftermathMs = 60_000;

export type AllDeps = ReceiveDeps &
  ClockDeps &
  PagerEventDeps & { readonly bus: Bus; readonly pagerRest: PagerRest };

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A function's code, and the ports that it is given. */
interface Code<Deps, Value> {
  readonly deps: (invocation: Invocation) => Deps;
  readonly work: (deps: Deps) => Promise<Value>;
}

/** Runs the product's use cases as functions: with ports that fail, and a time to live. */
export class Platform {
  readonly app: AppUnderTest;
  calls = 0;
  readonly running = new Map<Invocation, FunctionName>();
  #requests = 0;
  readonly #world: World;
  readonly #latency: Random;
  readonly #faults: Random;
  readonly #jitter: Random;
  readonly #blobs = createMemoryBlobs();
  readonly #secrets = createMemorySecrets({
    intake: { sources: tokens },
    pagerduty: { routingKeys: {}, apiToken: null, apiFrom: null, webhookSecrets: {} },
    console: { signingKeys: [], people: {} },
  });

  constructor(world: World) {
    this.#world = world;
    this.app = { ...product, ...world.planted.app };
    this.#latency = world.random('latency');
    this.#faults = world.random('faults');
    this.#jitter = world.random('jitter');
  }

  nextRequestId(): string {
    this.#requests += 1;
    return `r${this.#requests}`;
  }

  /** Runs a function once. */
  invoke<Value>(
    name: FunctionName,
    work: (deps: AllDeps) => Promise<Value>,
  ): Promise<Ended<Value>> {
    return this.run(name, { deps: (invocation) => this.deps(name, invocation), work });
  }

  /** Runs a function of people's that asks for actions and decides about them. */
  runActions<Value>(work: (deps: AllDeps & ActionDeps) => Promise<Value>): Promise<Ended<Value>> {
    const side = this.#actions();
    const deps = (invocation: Invocation): AllDeps & ActionDeps =>
      side.actionDeps(this.deps('api', invocation), invocation);
    return this.run('api', { deps, work });
  }

  /** Runs the function that acts, in one region or the other. */
  runActing<Value>(
    isFar: boolean,
    work: (deps: AllDeps & ActDeps) => Promise<Value>,
  ): Promise<Ended<Value>> {
    const side = this.#actions();
    const { acting } = this.#world.planted;
    const deps = (invocation: Invocation): AllDeps & ActDeps => {
      const given = side.actDeps(this.deps('act', invocation), invocation, isFar);
      return acting === undefined ? given : { ...given, ...acting(given) };
    };
    return this.run('act', { deps, work });
  }

  #actions(): ActionSide {
    const { actions } = this.#world;
    invariant(actions !== null, 'there is something to act on');
    return actions;
  }

  /** Runs a function once, with its own ports. What it throws is a violation. */
  async run<Deps, Value>(
    name: FunctionName,
    { deps, work }: Code<Deps, Value>,
  ): Promise<Ended<Value>> {
    const world = this.#world;
    const invocation = new Invocation(name, {
      ...this.#chances(name),
      onCall: (call, fault) => this.#onCall(name, call, fault),
      onError: (error) =>
        world.verdict.check(false, 'no throw', () =>
          error instanceof Error ? `${name}: ${error.stack ?? error.message}` : name,
        ),
    });
    this.running.set(invocation, name);
    const ended = await invocation.run(() => work(deps(invocation)), timeoutMs[name]);
    this.running.delete(invocation);
    if (ended.kind === 'killed') this.#onKilled(name);
    return ended;
  }

  #chances(name: FunctionName): Chances {
    const { scheduler, profile, weather, slack } = this.#world;
    if (name === 'announce' && slack !== null) return slack.chances;
    const rates = () => weather.callFaults();
    const { latencyMs } = profile;
    return { scheduler, latency: this.#latency, faults: this.#faults, latencyMs, rates };
  }

  /** Whatever goes wrong with Slack excuses nobody else. */
  #onKilled(name: FunctionName): void {
    const { slack } = this.#world;
    if (name === 'announce' || name === 'slack') slack?.note(name, 'is killed');
    else this.#world.note(name, 'is killed');
    if (name === 'announce') return;
    this.#world.trouble(name === 'clock' ? 'clock' : 'call', 2 * aftermathMs);
  }

  #onCall(name: FunctionName, call: string, fault: string | null): void {
    this.calls += 1;
    if (fault === null) return;
    const { slack } = this.#world;
    this.#world.count(`${fault} on ${call}`);
    if (name === 'announce' || call.startsWith('chat.')) slack?.note(name, `${call}: ${fault}`);
    else {
      this.#world.note(name, `${call}: ${fault}`);
      this.#world.trouble('call', aftermathMs);
    }
  }

  /** Slack, as a function may call it; null where nobody has it. */
  chat(invocation: Invocation): Chat | null {
    const { slack } = this.#world;
    return slack && chatPort(invocation, slack.workspace.chat, slack.asides);
  }

  deps(name: FunctionName, invocation: Invocation): AllDeps {
    const { scheduler, planted, policy, pager } = this.#world;
    const clock = {
      now: () => scheduler.nowMs,
      sleep: (spanMs: number) => invocation.sleep(spanMs),
    };
    const observed = this.#observedStore();
    const timed: Pager = {
      send: (page, limitMs) => invocation.timed('pager.send', limitMs, () => pager.send(page)),
    };
    return {
      clock,
      store: invocation.port('store', planted.store?.(observed, clock) ?? observed),
      blobs: invocation.port('blobs', this.#blobs),
      secrets: invocation.port('secrets', this.#secrets),
      hashing: systemHashing,
      rng: () => this.#jitter.next(),
      log: silent,
      policy,
      pager: planted.pager?.(timed, this.chat(invocation)) ?? timed,
      fallback: name === 'ingest' ? leftToOthers : invocation.port('fallback', this.#fallback()),
      directory: invocation.port('directory', { findIncident: (_, id) => pager.find(id) }),
      pagerRest: this.rest(invocation),
      bus: invocation.port('bus', this.#bus()),
      consoleUrl: (_tenant, id) => Promise.resolve(`https://console.example/${id}`),
      verify: verifyIntakeCredential,
      decoders: {
        alertmanager: (body) => decodeAlertmanager(body),
        'cloud-monitoring': (body) => decodeCloudMonitoring(body),
      },
      setDigest: (delivery) => deliveryDigest(delivery, systemHashing.digest),
    } satisfies AllDeps;
  }

  /** PagerDuty's REST API, with a token where there is one. */
  rest(invocation: Invocation): PagerRest {
    const { pagerSide, planted } = this.#world;
    if (pagerSide === null) return restWithoutToken;
    const { rest } = pagerSide.world;
    return invocation.port('rest', planted.rest?.(rest) ?? rest);
  }

  /** The store itself; the oracle sees each effect at the instant it happens. */
  #observedStore(): Store {
    const { store, oracle, bounds, slack, pagerSide, actions } = this.#world;
    return {
      ...store,
      commit: async (transaction) => {
        const { incident } = transaction;
        const known = incident && oracle.notebooks.get(incident.incident.id);
        // The same decision once more under its token: DynamoDB answers and does nothing.
        const isRepeat = incident !== undefined && known?.hashes.has(incident.commit.hash) === true;
        const written = await store.commit(transaction);
        if (!written.ok || isRepeat) return written;
        actions?.watches.onWritten(transaction);
        oracle.onWritten(transaction);
        slack?.steers.onWritten(transaction);
        if (incident !== undefined) {
          this.#noteCommit(incident.commit);
          pagerSide?.watches.onCommit(incident.commit);
          bounds.onWritten(incident);
        }
        return written;
      },
      putReceipt: async (receipt) => {
        const written = await store.putReceipt(receipt);
        oracle.onReceipt(receipt);
        this.#world.count('repeat received');
        return written;
      },
    };
  }

  #noteCommit(commit: Parameters<World['listeners']['onCommit']>[0]): void {
    const { incidentId, firstSeq, causeId, events, hash } = commit;
    const what = events.map(({ type }) => type).join(', ');
    this.#world.note('store', `${incidentId} ${firstSeq} (${causeId}) ${what} ${hash.slice(0, 8)}`);
  }

  #fallback(): FallbackPager {
    return {
      send: (message) => {
        this.#world.note('second channel', message.subject);
        this.#world.oracle.onFallback(message);
        return Promise.resolve(ok(undefined));
      },
    };
  }

  #bus(): Bus {
    const { ledger } = this.#world;
    const storm = this.#world.weather.callFaults();
    return {
      publish: (events) => {
        const failed = events.flatMap((event, index) => {
          if (storm !== null && this.#faults.chance(storm.throttled)) return index;
          ledger.published.add(event.id);
          return [];
        });
        this.#world.listeners.onPublished(events.filter((_, index) => !failed.includes(index)));
        return Promise.resolve(ok({ failed }));
      },
    };
  }
}

/** As lib/wire has it: ingest leaves the second channel to the page function and the clock. */
const leftToOthers: FallbackPager = {
  send: () => Promise.resolve(err({ kind: 'unavailable', message: 'Not here.' })),
};
