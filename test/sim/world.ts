import { createMemoryStore, type MemoryStore } from '../../lib/adapters/memory/store.ts';
import { duePk } from '../../lib/codec/table/due-item.ts';
import type { PagerDutyEvent } from '../../lib/domain/incident/pagerduty-event.ts';
import type { Policy, TenantPolicy } from '../../lib/domain/policy/policy.ts';
import type { Commit } from '../../lib/domain/incident/event.ts';
import type { BusEvent } from '../../lib/ports/bus.ts';
import type { DueAt } from '../../lib/domain/incident/due.ts';
import { invariant } from '../../lib/domain/shared/invariant.ts';
import { PagerDutyWorld, type HeldIncident } from './actors/pagerduty.ts';
import type { PlantedParts } from './engine/app-under-test.ts';
import { Network } from './engine/network.ts';
import { withActions } from './engine/action-policy.ts';
import { drawPolicy } from './engine/policy.ts';
import type { Profile } from './engine/profile.ts';
import { createRandom, type Random } from './engine/random.ts';
import { Scheduler } from './engine/scheduler.ts';
import { Trace } from './engine/trace.ts';
import { Bounds } from './oracle/bounds.ts';
import { Ledger, type Outage } from './oracle/ledger.ts';
import { Oracle } from './oracle/oracle.ts';
import { Verdict } from './oracle/verdict.ts';
import { withSlack } from './engine/slack-policy.ts';
import { ActionSide } from './action-side.ts';
import { PagerSide, withService } from './pager-side.ts';
import { SlackSide } from './slack-side.ts';
import { Weather } from './weather.ts';

const startAtMs = Date.parse('2026-05-12T03:00:00.000Z');

/** Whoever wants to hear of what happens. */
export interface Listeners {
  onCommit: (commit: Commit) => void;
  onIntent: (partition: string, due: DueAt) => void;
  onPagerEvent: (event: PagerDutyEvent) => void;
  onPagerOpened: (incident: HeldIncident) => void;
  onPublished: (events: readonly BusEvent[]) => void;
}

export interface WorldSetting {
  readonly profile: Profile;
  readonly planted: PlantedParts;
  readonly isExplained: boolean;
}

/** Time, chance, the store, the outside and those who watch: what one seed runs in. */
export class World {
  readonly profile: Profile;
  readonly planted: PlantedParts;
  readonly policy: Policy;
  readonly tenant: TenantPolicy;
  readonly scheduler: Scheduler;
  readonly trace: Trace;
  readonly ledger = new Ledger();
  readonly counters = new Map<string, number>();
  readonly verdict: Verdict;
  readonly oracle: Oracle;
  readonly bounds: Bounds;
  readonly store: MemoryStore;
  readonly weather: Weather;
  readonly network: Network;
  readonly pager: PagerDutyWorld;
  /** Null where there is no token for PagerDuty's REST API. */
  readonly pagerSide: PagerSide | null;
  /** Null where nobody has Slack. */
  readonly slack: SlackSide | null;
  /** Null where nothing may be acted on. */
  readonly actions: ActionSide | null;
  readonly listeners: Listeners = {
    onCommit: () => undefined,
    onIntent: () => undefined,
    onPagerEvent: () => undefined,
    onPagerOpened: () => undefined,
    onPublished: () => undefined,
  };

  constructor({ profile, planted, isExplained }: WorldSetting) {
    this.profile = profile;
    this.planted = planted;
    const drawn = drawPolicy(profile.seed);
    const tenants = drawn.tenants.map((one) => withService(one, profile.reconcile));
    const steered = withSlack({ ...drawn, tenants }, profile.slack);
    this.policy = withActions(steered, profile.actions, startAtMs);
    const [tenant] = this.policy.tenants;
    invariant(tenant !== undefined, 'the simulated policy has a tenant');
    this.tenant = tenant;
    this.scheduler = new Scheduler(startAtMs, this.random('order'));
    this.trace = new Trace(isExplained, profile.slack?.isCompared);
    const nowMs = (): number => this.scheduler.nowMs;
    this.verdict = new Verdict(nowMs, () => this.scheduler.stop());
    const { ledger, verdict, scheduler } = this;
    const count = (situation: string): void => this.count(situation);
    this.oracle = new Oracle({ nowMs, policy: tenant, ledger, verdict, count });
    this.bounds = new Bounds(this.oracle, scheduler);
    this.weather = new Weather({ profile, scheduler, ledger, random: this.random('weather') });
    this.network = new Network(scheduler, this.random('network'), () =>
      this.weather.isHealed ? null : profile.network,
    );
    this.store = createMemoryStore({
      clock: { now: () => scheduler.nowMs },
      onChange: (change) => {
        if (change.kind === 'commit') this.listeners.onCommit(change.commit);
        else this.listeners.onIntent(duePk(change.due.incidentId.charCodeAt(0) % 8), change.due);
      },
    });
    this.pager = this.#pagerDuty();
    this.pagerSide = profile.reconcile && new PagerSide(this, profile.reconcile);
    this.slack = profile.slack === null ? null : new SlackSide(this, profile.slack);
    const { policy } = this;
    const given = planted.actionPolicy?.(policy) ?? policy;
    this.actions = profile.actions && new ActionSide(this, profile.actions, { policy, given });
  }

  #pagerDuty(): PagerDutyWorld {
    return new PagerDutyWorld({
      scheduler: this.scheduler,
      random: this.random('pager'),
      rates: this.profile.pager,
      mode: () => this.weather.pagerMode,
      onThrottled: () => this.trouble('pager', 60_000),
      onAccepted: (page) => {
        this.note('pagerduty', `takes ${page.action} ${page.consoleUrl}: ${page.summary}`);
        this.oracle.onPaged(page);
      },
      onOpened: (incident) => this.listeners.onPagerOpened(incident),
      onChanged: (change) => this.pagerSide?.watches.onChanged(change),
      onEvent: (event) => {
        const which = event.pdIncident?.id ?? '';
        this.note('pagerduty', `tells ${event.eventId}: ${which} ${event.kind}`);
        this.listeners.onPagerEvent(event);
      },
    });
  }

  /** A stream of chance of its own. */
  random(name: string): Random {
    return createRandom(this.profile.seed, name);
  }

  count(situation: string): void {
    this.counters.set(situation, (this.counters.get(situation) ?? 0) + 1);
  }

  note(actor: string, text: string): void {
    this.trace.add({ atMs: this.scheduler.nowMs, actor, text });
  }

  /** Something is out of order, from now for a while. */
  trouble(what: Outage['what'], forMs: number): void {
    const { nowMs } = this.scheduler;
    this.ledger.outages.push({ what, fromMs: nowMs, toMs: nowMs + forMs });
  }
}
