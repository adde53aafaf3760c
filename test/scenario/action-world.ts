import { onTestFinished } from 'vitest';
import {
  createMemoryActionRows,
  createMemoryChanges,
} from '../../lib/adapters/memory/action-rows.ts';
import type { ActDeps } from '../../lib/app/actions/deps.ts';
import {
  approveAction,
  denyAction,
  type PersonAnswer,
} from '../../lib/app/actions/approve-action.ts';
import { haltActions, resumeActions } from '../../lib/app/actions/halt.ts';
import { requestAction, type ActionActed } from '../../lib/app/actions/request-action.ts';
import { actDue, actOnNews, type IncidentNews } from '../../lib/app/actions/run-actions.ts';
import { busEventsOf } from '../../lib/app/relay-events.ts';
import { decodeIncidentNews } from '../../lib/codec/incident-news.ts';
import type { Action, Origin } from '../../lib/domain/action/action.ts';
import type { ChangeRecord, Lease } from '../../lib/domain/action/rows.ts';
import type { ActionVerb } from '../../lib/domain/action/verb.ts';
import type { Commit } from '../../lib/domain/incident/event.ts';
import type { Principal } from '../../lib/domain/incident/principal.ts';
import type { Incident } from '../../lib/domain/incident/state.ts';
import type { ActionPolicy, TargetPolicy } from '../../lib/domain/policy/action-policy.ts';
import { noActions } from '../../lib/domain/policy/no-actions.ts';
import type { PersonPolicy, TenantPolicy } from '../../lib/domain/policy/policy.ts';
import type { StoredDelivery } from '../../lib/ports/store.ts';
import type { JsonObject } from '../../lib/domain/shared/json.ts';
import {
  epochMs,
  minutes,
  seconds,
  type DurationMs,
  type EpochMs,
} from '../../lib/domain/shared/time.ts';
import { FakeTargets, Killed } from './fake-targets.ts';
import { faultable, type PlannedFault } from './faults.ts';
import { World } from './harness.ts';
import { checkoutDown } from './samples.ts';

const personNamed = (id: string, name: string, roles: PersonPolicy['roles']): PersonPolicy => ({
  id,
  name,
  email: `${id}@example.com`,
  pagerdutyUserId: null,
  slackUserId: null,
  logins: [`${id}-on-git`],
  apiNames: [],
  roles,
});

/** Ada asks; Grace, Edsger and Barbara may approve; Alan may only respond. */
export const people = {
  ada: personNamed('ada', 'Ada Byron', ['responder', 'approver']),
  grace: personNamed('grace', 'Grace Hopper', ['responder', 'approver']),
  edsger: personNamed('edsger', 'Edsger Dijkstra', ['responder', 'approver']),
  barbara: personNamed('barbara', 'Barbara Liskov', ['responder', 'approver']),
  alan: personNamed('alan', 'Alan Turing', ['responder']),
} as const;

export type PersonId = keyof typeof people;

export const principalOf = (id: PersonId): Principal => ({
  kind: 'person',
  via: 'api',
  id,
  name: people[id].name,
});

export const targetNamed = (id: string, more: Partial<TargetPolicy> = {}): TargetPolicy => ({
  id,
  service: id,
  team: 'payments',
  on: { kind: 'workload', cluster: 'main', namespace: 'shop', workload: 'Deployment', name: id },
  checks: ['errors'],
  approvers: [],
  replicas: { min: 2, max: 10 },
  git: null,
  ...more,
});

export const actionPolicy: ActionPolicy = {
  ...noActions,
  clusters: [{ id: 'main', name: 'main', access: { kind: 'kubeconfig' }, namespaces: ['shop'] }],
  targets: [targetNamed('checkout'), targetNamed('search'), targetNamed('reports')],
  checks: [
    {
      id: 'errors',
      name: 'Error rate',
      measure: { kind: 'prometheus', url: 'https://prometheus.example', query: 'errors' },
      atLeast: null,
      atMost: 0.01,
    },
  ],
  guardrails: { ...noActions.guardrails, soakMs: seconds(30), samples: 3 },
};

const changeOf = (service: string, nowMs: EpochMs): ChangeRecord => ({
  tenant: 'acme',
  id: `deploy-of-${service}`,
  sourceId: 'github',
  kind: 'rollout',
  service,
  environment: null,
  title: `Deploy ${service} v2`,
  url: null,
  author: 'edsger',
  status: 'succeeded',
  atMs: epochMs(nowMs - minutes(10)),
  versions: ['v2'],
  previous: ['v1'],
});

export type ActionChange = (policy: ActionPolicy) => ActionPolicy;

const withActions =
  (change: ActionChange) =>
  (tenant: TenantPolicy): TenantPolicy => ({
    ...tenant,
    people: Object.values(people),
    actions: change(actionPolicy),
  });

/** What a scenario asks for. */
export interface Asked {
  readonly verb?: ActionVerb;
  readonly target?: string;
  readonly by?: PersonId;
  readonly origin?: Origin;
}

/** Tocsin with targets beside it: the bus calls what acts, and every minute what is due. */
export class ActionWorld extends World {
  readonly targets: FakeTargets = new FakeTargets(this.clock);
  readonly rowFaults: PlannedFault[] = [];
  acting: ActDeps;
  /** What the function that acts has instead, where that is to fail alone. */
  worker: ActDeps | null = null;
  /** Whether the change feed tells who deployed. */
  isFed = true;
  /** Instances of the function that died. */
  kills = 0;
  #ids = 0;

  constructor(change: ActionChange = (policy) => policy) {
    super(withActions(change));
    const { actuator, signals } = this.targets;
    this.acting = {
      ...this.deps,
      actionRows: faultable(createMemoryActionRows(this.store.tables), this.rowFaults),
      changes: createMemoryChanges(this.store.tables),
      actuators: { kubernetes: actuator, argocd: actuator, git: actuator },
      signals,
      newId: () => `id-${(this.#ids += 1)}`,
    };
    this.besides.onCommits.push((commits) => this.#follow(commits.map(({ value }) => value)));
    this.besides.everyMinute.push(() => this.actDue());
  }

  /** The policy is deployed anew, with other people or other rules. */
  redeploy(change: (tenant: TenantPolicy) => TenantPolicy): void {
    const { policy } = this.acting;
    const tenants = policy.tenants.map(change);
    this.acting = { ...this.acting, policy: { version: `${policy.version}+`, tenants } };
  }

  /** One run of the schedule; an instance that dies in it is replaced by the next run. */
  async actDue(): Promise<void> {
    const run = await this.#surviving(() => actDue(this.worker ?? this.acting));
    if (run?.ok === false) this.log.error('The run failed.', { why: run.error });
  }

  /** The bus calls once for each event; what fails is called again, as Lambda does it, twice. */
  async #follow(commits: readonly Commit[]): Promise<void> {
    const news = commits.flatMap(busEventsOf).flatMap(({ type, detail }) => {
      // It came out of JSON, and goes through it on its way.
      const delivery = { 'detail-type': type, detail: detail as JsonObject };
      return decodeIncidentNews(delivery) ?? [];
    });
    await Promise.all(news.map((each) => this.#deliver(each)));
  }

  async #deliver(news: IncidentNews, tries = 3): Promise<void> {
    const acted = await this.#surviving(() => actOnNews(this.worker ?? this.acting, news));
    if (acted?.ok === true || tries === 1) return;
    await this.clock.sleep(seconds(60));
    await this.#deliver(news, tries - 1);
  }

  async #surviving<Value>(work: () => Promise<Value>): Promise<Value | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      this.kills += 1;
      return undefined;
    }
  }

  /** A P0 on a service that Edsger has deployed ten minutes before. */
  async openOn(service = 'checkout'): Promise<Incident> {
    if (this.isFed) await this.acting.changes.put(changeOf(service, this.clock.now()));
    const groupKey = `{}:{service="${service}"}`;
    return this.open({ alerts: [{ ...checkoutDown, service }], groupKey });
  }

  async ask(incident: Incident, asked: Asked = {}): Promise<ActionActed> {
    const { verb = 'rollback', target = 'checkout', by = 'ada' } = asked;
    const requested = await this.drive(
      requestAction(this.acting, {
        tenant: incident.tenant,
        incidentId: incident.id,
        request: { verb, targetId: target, parameters: {}, reason: 'errors since the deploy' },
        origin: asked.origin ?? { kind: 'person', by: principalOf(by), personId: by },
        causeId: 'a person',
      }),
    );
    if (!requested.ok) throw new Error(requested.error.message);
    await this.settle();
    return requested.value;
  }

  /** Asks for a rollback and gives the action once it is planned. */
  async proposed(incident: Incident, asked: Asked = {}): Promise<Action> {
    const { action } = await this.ask(incident, asked);
    return this.action(action.id);
  }

  /** The sentence of the refusal, or null when it was taken. */
  async approve(
    action: Action,
    by: PersonId,
    planHash = action.planHash,
    delivery?: StoredDelivery,
  ): Promise<string | null> {
    const given = { ...this.#by(action, by), planHash, delivery };
    const answer = await this.drive(approveAction(this.acting, given));
    await this.settle();
    return answer.ok ? null : answer.error.message;
  }

  /** Several people click at the same instant. */
  async approveTogether(
    action: Action,
    by: readonly PersonId[],
  ): Promise<readonly (string | null)[]> {
    const { planHash } = action;
    const answers = await this.drive(
      Promise.all(
        by.map((id) => approveAction(this.acting, { ...this.#by(action, id), planHash })),
      ),
    );
    await this.settle();
    return answers.map((answer) => (answer.ok ? null : answer.error.message));
  }

  async deny(action: Action, by: PersonId, reason: string): Promise<string | null> {
    const answer = await this.drive(denyAction(this.acting, { ...this.#by(action, by), reason }));
    await this.settle();
    return answer.ok ? null : answer.error.message;
  }

  #by({ tenant, id }: Action, by: PersonId): PersonAnswer {
    const person = people[by];
    return { tenant, actionId: id, person, by: principalOf(by), causeId: `a click of ${by}` };
  }

  /** Somebody throws the kill switch. */
  async halt(by: PersonId, reason: string): Promise<void> {
    await this.drive(haltActions(this.acting, { tenant: 'acme', by: principalOf(by), reason }));
    await this.settle();
  }

  async resume(by: PersonId, reason: string): Promise<void> {
    await this.drive(resumeActions(this.acting, { tenant: 'acme', by: principalOf(by), reason }));
    await this.settle();
  }

  async commits({ tenant, id }: Incident): Promise<readonly Commit[]> {
    const commits = await this.store.loadCommits(tenant, id);
    if (!commits.ok) throw new Error(commits.error.message);
    return commits.value;
  }

  /** The action as it stands now. */
  action(id: string): Action {
    const found = (this.store.tables.actions.range('') as readonly Action[]).find(
      (action) => action.id === id,
    );
    if (found === undefined) throw new Error(`There is no action ${id}.`);
    return found;
  }

  /** The lease on a target of the sample policy. */
  lease(targetId: string): Lease | null {
    const leases = this.store.tables.leases.range('') as readonly Lease[];
    return leases.find(({ name }) => name.endsWith(`/${targetId}`)) ?? null;
  }

  /** The bus brings the events of commits, once more. */
  async bring(commits: readonly Commit[]): Promise<void> {
    await this.drive(this.#follow(commits));
  }

  /** How it stands, with its sentence once it is over. */
  how(id: string): string {
    const { state, outcome } = this.action(id);
    return outcome === '' ? state : `${state}: ${outcome}`;
  }

  /** What was waited for, in order. */
  async waits(incident: Incident): Promise<readonly string[]> {
    const events = await this.events(incident, 'action.waiting');
    return events.flatMap(({ event }) => (event.type === 'action.waiting' ? event.reason : []));
  }

  /** Who did what to which target. */
  get done(): readonly string[] {
    return this.targets.mutations.map(({ targetId, from, to }) => `${targetId}: ${from} -> ${to}`);
  }

  /** Until there is a plan, however often it takes. */
  async untilPlanned(id: string): Promise<void> {
    for (let turn = 0; turn < 10 && this.action(id).state === 'planning'; turn += 1) {
      await this.fastForward(seconds(30));
    }
  }

  /** Time enough for every verdict. */
  untilOver(span: DurationMs = minutes(30)): Promise<void> {
    return this.fastForward(span);
  }
}

/** A world about actions: pages are judged only where a scenario says so. */
export function createActionWorld(change?: ActionChange): ActionWorld {
  const world = new ActionWorld(change);
  onTestFinished(() => {
    world.skipPages();
    world.skipMessages();
    world.expectNothingElse();
  });
  return world;
}
