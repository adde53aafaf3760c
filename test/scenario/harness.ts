import { createHmac } from 'node:crypto';
import { setImmediate as quiet } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { createMemoryBlobs, type MemoryBlobs } from '../../lib/adapters/memory/blobs.ts';
import { createMemoryBus, type MemoryBus } from '../../lib/adapters/memory/bus.ts';
import { createMemorySecrets } from '../../lib/adapters/memory/secrets.ts';
import {
  createMemoryStore,
  type MemoryStore,
  type StoreChange,
} from '../../lib/adapters/memory/store.ts';
import { systemHashing } from '../../lib/adapters/system/hashing.ts';
import { act, type Acted } from '../../lib/app/act.ts';
import { pageFromStream } from '../../lib/app/page-from-stream.ts';
import { pageInline } from '../../lib/app/page-inline.ts';
import { receiveAlerts, type ReceiveDeps, type Received } from '../../lib/app/receive-alerts.ts';
import {
  receivePagerEvent,
  type PagerEventDeps,
  type PagerEventReceived,
} from '../../lib/app/receive-pager-event.ts';
import { relayEvents } from '../../lib/app/relay-events.ts';
import { reconcile, type Reconciled } from '../../lib/app/reconcile/reconcile.ts';
import { runClock, type ClockDeps } from '../../lib/app/run-clock.ts';
import { decodeAlertmanager } from '../../lib/codec/alertmanager.ts';
import { decodeCloudMonitoring } from '../../lib/codec/cloud-monitoring.ts';
import { verifyIntakeCredential } from '../../lib/codec/credentials.ts';
import { signingTenants } from '../../lib/codec/pagerduty-signature.ts';
import { decodePagerDutyEvent } from '../../lib/codec/pagerduty-webhook.ts';
import { deliveryDigest } from '../../lib/codec/set-digest.ts';
import type { IncidentCommand } from '../../lib/domain/incident/command.ts';
import type { Commit, RecordedEvent } from '../../lib/domain/incident/event.ts';
import type { Incident } from '../../lib/domain/incident/state.ts';
import type { TenantPolicy } from '../../lib/domain/policy/policy.ts';
import { timelineOf } from '../../lib/domain/timeline/timeline.ts';
import { err } from '../../lib/domain/shared/result.ts';
import {
  after,
  durationMs,
  epochMs,
  minutes,
  seconds,
  type DurationMs,
  type EpochMs,
} from '../../lib/domain/shared/time.ts';
import type { PortFailure } from '../../lib/ports/failure.ts';
import type { FallbackPager } from '../../lib/ports/pager.ts';
import type { Transaction } from '../../lib/ports/store.ts';
import { faultable, type PlannedFault } from './faults.ts';
import { Outside } from './outside.ts';
import { payload, scenarioPolicy, t0, type PayloadSample, type TenantId } from './samples.ts';

/** A record as the stream brings it. */
export interface Placed<Value> {
  readonly value: Value;
  readonly position: string;
}

type AllDeps = ReceiveDeps & ClockDeps & PagerEventDeps;

/** Ada, by the API: the person who acts where a scenario does not care who. */
export const ada = { kind: 'person', via: 'api', id: 'ada', name: 'Ada Byron' } as const;

const webhookSecrets = { acme: ['secret-of-acme'], globex: ['secret-of-globex'] } as const;

/** As lib/wire has it: ingest leaves the second channel to the stream and the clock. */
const leftToOthers: FallbackPager = {
  send: () => Promise.resolve(err({ kind: 'unavailable', message: 'Not here.' })),
};

/**
 * The whole of Tocsin on memory adapters and a virtual clock: ingest pages inline, the stream
 * brings outbox rows and commits, and the scheduler starts the clock every minute. A scenario
 * says which pages it expects; any page more, any error in the log and any throw fails it.
 */
export class World extends Outside {
  readonly bus: MemoryBus = createMemoryBus();
  readonly blobs: MemoryBlobs = createMemoryBlobs();
  readonly store: MemoryStore;
  /** What works of itself; a scenario switches off what is to be down. */
  readonly runs = { inline: true, stream: true, scheduler: true };
  readonly storeFaults: PlannedFault[] = [];
  readonly secretFaults: PlannedFault[] = [];
  readonly fallbackFaults: PlannedFault[] = [];
  /** Transactions that were written, in order. */
  readonly transactions: Transaction[] = [];
  readonly deps: AllDeps;
  /** What else reads the stream's commits, and what else the scheduler starts every minute. */
  readonly besides: {
    readonly onCommits: ((commits: readonly Placed<Commit>[]) => Promise<void>)[];
    readonly everyMinute: (() => Promise<void>)[];
  } = { onCommits: [], everyMinute: [] };
  #changes: StoreChange[] = [];
  #nextTickAtMs: EpochMs = epochMs(Math.ceil(t0 / 60_000) * 60_000);
  #requests = 0;

  constructor(change: (tenant: TenantPolicy) => TenantPolicy = (tenant) => tenant) {
    super();
    this.store = createMemoryStore({
      clock: this.clock,
      onChange: (stored) => void this.#changes.push(stored),
    });
    this.deps = {
      store: faultable(this.store, this.storeFaults, (call, input) => {
        // The one argument of `commit`.
        if (call === 'commit') this.transactions.push(input as Transaction);
      }),
      clock: this.clock,
      blobs: this.blobs,
      log: this.log,
      hashing: systemHashing,
      rng: () => 0.5,
      policy: scenarioPolicy(change),
      secrets: faultable(createMemorySecrets(secretsHeld), this.secretFaults),
      pager: this.pagerDuty.pager,
      directory: this.pagerDuty.directory,
      pagerRest: this.pagerDuty.rest,
      fallback: faultable(this.secondChannel, this.fallbackFaults),
      consoleUrl: (_tenant, id) => Promise.resolve(`https://console.example/${id}`),
      verify: verifyIntakeCredential,
      decoders: {
        alertmanager: (body) => decodeAlertmanager(body),
        'cloud-monitoring': (body) => decodeCloudMonitoring(body),
      },
      setDigest: (delivery) => deliveryDigest(delivery, systemHashing.digest),
    };
  }

  /** Alertmanager posts; what was taken is paged inline, unless that is switched off. */
  post(sample: PayloadSample, as: TenantId = 'acme'): Promise<Received> {
    return this.postBody(payload(sample), { authorization: `Bearer token-of-${as}` });
  }

  async postBody(
    body: string,
    of: {
      readonly authorization?: string;
      readonly sourceKind?: 'alertmanager' | 'cloud-monitoring';
    } = {},
  ): Promise<Received> {
    this.#requests += 1;
    const received = await this.drive(
      receiveAlerts(this.deps, {
        sourceKind: of.sourceKind ?? 'alertmanager',
        authorization: of.authorization ?? 'Bearer token-of-acme',
        rawQueryString: '',
        body: new TextEncoder().encode(body),
        requestId: `request-${this.#requests}`,
      }),
    );
    if (received.kind === 'taken' && this.runs.inline) {
      const incidents = received.taken.placed.flatMap(({ incident }) => incident ?? []);
      await this.drive(pageInline({ ...this.deps, fallback: leftToOthers }, incidents));
    }
    await this.settle();
    return received;
  }

  /** Posts what opens one incident, and gives it as it stands then. */
  async open(sample: PayloadSample, as: TenantId = 'acme'): Promise<Incident> {
    const received = await this.post(sample, as);
    const [id] = received.kind === 'taken' ? received.taken.outcome.incidentIds : [];
    if (id === undefined) throw new Error(`No incident: ${JSON.stringify(received)}`);
    return this.incident(id, as);
  }

  /** PagerDuty posts a webhook, signed as the tenant's subscription signs. */
  async webhook(body: string, signedBy: TenantId = 'acme'): Promise<PagerEventReceived> {
    const bytes = new TextEncoder().encode(body);
    const [secret] = webhookSecrets[signedBy];
    const signature = `v1=${createHmac('sha256', secret).update(bytes).digest('hex')}`;
    const [tenant] = signingTenants(bytes, signature, webhookSecrets);
    const decoded = decodePagerDutyEvent(bytes);
    if (tenant === undefined || !decoded.ok) throw new Error('The sample is no signed event.');
    const intake = { tenant, event: decoded.value, body: bytes };
    const received = await this.drive(receivePagerEvent(this.deps, intake));
    await this.settle();
    return received;
  }

  /** Somebody clicks in PagerDuty, and the webhook about it comes at once. */
  click(type: string, { dedupKey }: Incident): Promise<PagerEventReceived> {
    return this.webhook(this.pagerDuty.does({ type, dedupKey }));
  }

  /** Somebody acts through the API. */
  async act({ tenant, id }: Incident, command: IncidentCommand): Promise<Acted> {
    const acted = await this.drive(
      act(this.deps, { tenant, incidentId: id, command, causeId: 'a person' }),
    );
    if (!acted.ok) throw new Error(JSON.stringify(acted.error));
    await this.settle();
    return acted.value;
  }

  acknowledge(incident: Incident): Promise<Acted> {
    const occurredAtMs = this.clock.now();
    return this.act(incident, { kind: 'acknowledge', by: ada, occurredAtMs });
  }

  resolve(incident: Incident): Promise<Acted> {
    const occurredAtMs = this.clock.now();
    const note = 'rolled back';
    return this.act(incident, { kind: 'resolve', cause: 'person', by: ada, note, occurredAtMs });
  }

  /** Both sides are compared, as every four minutes. */
  async reconcile(): Promise<Reconciled> {
    const pagerRest = this.pagerDuty.rest;
    const done = await this.drive(reconcile({ ...this.deps, pagerRest }));
    if (!done.ok) throw new Error(JSON.stringify(done.error));
    await this.settle();
    return done.value;
  }

  /** Lets time pass, with everything that happens in it. */
  async fastForward(span: DurationMs): Promise<void> {
    const goalMs = after(this.clock.now(), span);
    while (await this.#step(goalMs));
    await this.clock.advance(durationMs(goalMs - this.clock.now()));
    await this.settle();
  }

  fastForwardTo(atMs: EpochMs): Promise<void> {
    return this.fastForward(durationMs(atMs - this.clock.now()));
  }

  /** The scheduler starts the clock once, beside what runs already. */
  tick(): void {
    this.#inBackground(async () => {
      const tick = await runClock(this.deps);
      if (!tick.ok) this.log.error('The clock could not run.', { why: tick.error });
    });
  }

  /** Lets everything happen that is due at this instant. */
  async settle(): Promise<void> {
    while (await this.#step(this.clock.now()));
  }

  /**
   * Runs a call to its end, through all its waits. The stream is slower than a call: it brings
   * what was written once the call is over.
   */
  async drive<Value>(call: Promise<Value>): Promise<Value> {
    const state = { isDone: false };
    const done = call.finally(() => (state.isDone = true));
    const endMs = after(this.clock.now(), minutes(10));
    await quiet();
    while (!state.isDone && (await this.#step(endMs, false)));
    return done;
  }

  incident(id: string, tenant: TenantId = 'acme'): Incident {
    const found = this.incidents(tenant).find((incident) => incident.id === id);
    if (found === undefined) throw new Error(`There is no incident ${id}.`);
    return found;
  }

  /** The incident as it stands now. */
  now({ id, tenant }: Incident): Incident {
    return this.incident(id, tenant === 'globex' ? 'globex' : 'acme');
  }

  incidents(tenant: TenantId = 'acme'): readonly Incident[] {
    return this.store.incidents().filter((incident) => incident.tenant === tenant);
  }

  /** The one incident there is. */
  onlyIncident(tenant: TenantId = 'acme'): Incident {
    const [incident, ...more] = this.incidents(tenant);
    if (incident === undefined || more.length > 0) {
      throw new Error(`There are ${this.incidents(tenant).length} incidents, not one.`);
    }
    return incident;
  }

  /** The log of an incident, of these types only where some are given. */
  async events({ tenant, id }: Incident, ...types: readonly string[]): Promise<RecordedEvent[]> {
    const commits = await this.store.loadCommits(tenant, id);
    if (!commits.ok) throw new Error(commits.error.message);
    return commits.value
      .flatMap(({ firstSeq, atMs, events }) =>
        events.map((event, index) => ({ seq: firstSeq + index, atMs, event })),
      )
      .filter(({ event }) => types.length === 0 || types.includes(event.type));
  }

  /** The story of an incident: sentences, each with its reason where there is one. */
  async timeline({ tenant, id }: Incident): Promise<readonly string[]> {
    const commits = await this.store.loadCommits(tenant, id);
    if (!commits.ok) throw new Error(commits.error.message);
    return timelineOf(commits.value).map(({ text, reason }) =>
      reason === null ? text : `${text}: ${reason}`,
    );
  }

  /** Does what comes next, up to an instant; false when nothing does. */
  async #step(untilMs: EpochMs, isStreamed = true): Promise<boolean> {
    await quiet();
    if (isStreamed && this.#bringChanges()) return true;
    const tickAtMs = this.runs.scheduler ? this.#nextTickAtMs : Infinity;
    const nextMs = Math.min(tickAtMs, this.clock.nextWakeAtMs() ?? Infinity);
    if (nextMs > untilMs) return false;
    await this.clock.advance(durationMs(Math.max(0, nextMs - this.clock.now())));
    if (tickAtMs <= this.clock.now()) {
      this.#nextTickAtMs = after(this.#nextTickAtMs, minutes(1));
      this.#startAll();
    }
    return true;
  }

  #startAll(): void {
    this.tick();
    for (const start of this.besides.everyMinute) this.#inBackground(start);
  }

  #bringChanges(): boolean {
    const changes = this.#changes;
    this.#changes = [];
    if (!this.runs.stream || changes.length === 0) return false;
    const position = (_: unknown, index: number): string => String(index);
    const rows = changes.flatMap((change) => (change.kind === 'intent' ? change.due : []));
    const commits = changes.flatMap((change) => (change.kind === 'commit' ? change.commit : []));
    const placed = <Value>(values: readonly Value[]) =>
      values.map((value, index) => ({ value, position: position(value, index) }));
    this.#inBackground(async () => {
      await relayEvents({ bus: this.bus, log: this.log }, placed(commits));
    });
    this.#inBackground(() => this.#pageFrom(placed(rows)));
    for (const read of this.besides.onCommits) this.#inBackground(() => read(placed(commits)));
    return true;
  }

  /** As an event source mapping: from the first failure on, the rows come again. */
  async #pageFrom(rows: Parameters<typeof pageFromStream>[1]): Promise<void> {
    const failedAt = await pageFromStream(this.deps, rows);
    if (failedAt === null) return;
    await this.clock.sleep(seconds(1));
    await this.#pageFrom(rows.slice(rows.findIndex(({ position }) => position === failedAt)));
  }

  #inBackground(work: () => Promise<void>): void {
    work().catch((error: unknown) => this.thrown.push(error));
  }
}

const secretsHeld = {
  intake: {
    sources: {
      'acme-prometheus': ['token-of-acme'],
      'acme-google': ['google-token-of-acme'],
      'globex-prometheus': ['token-of-globex'],
      'globex-google': ['google-token-of-globex'],
    },
  },
  pagerduty: { routingKeys: {}, apiToken: null, apiFrom: null, webhookSecrets },
  console: { signingKeys: [], people: {} },
};

/** A world that fails its test when something happened that the test did not expect. */
export function createWorld(change?: (tenant: TenantPolicy) => TenantPolicy): World {
  const world = new World(change);
  onTestFinished(() => world.expectNothingElse());
  return world;
}

/** A failure of a port, by its kind. */
export const failing = (
  kind: PortFailure['kind'],
  more: Partial<PortFailure> = {},
): PortFailure => ({ kind, message: `It is ${kind} now.`, ...more });
