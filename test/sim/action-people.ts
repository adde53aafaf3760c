import { actingPerson } from '../../lib/app/actions/acting-person.ts';
import type { ActionFailure } from '../../lib/app/actions/request-action.ts';
import type { ActionVerb } from '../../lib/domain/action/verb.ts';
import type { Commit } from '../../lib/domain/incident/event.ts';
import type { Principal } from '../../lib/domain/incident/principal.ts';
import type { Result } from '../../lib/domain/shared/result.ts';
import { epochMs } from '../../lib/domain/shared/time.ts';
import type { ActionSide } from './action-side.ts';
import { humanOf, targetIds } from './engine/action-policy.ts';
import { tenantId } from './engine/policy.ts';
import type { Random } from './engine/random.ts';
import type { Platform } from './platform.ts';
import type { World } from './world.ts';

const roundMs = 120_000;
const accounts = Object.keys(humanOf);

type Person = Extract<Principal, { readonly kind: 'person' }>;

const principalOf = (account: string): Person => ({
  kind: 'person',
  via: 'api',
  id: account,
  name: humanOf[account] ?? account,
});

interface Known {
  readonly actionId: string;
  readonly incidentId: string;
  readonly planHash: string;
}

/** Those who ask for actions, approve them, stop them, and say that all is well. */
export class ActionPeople {
  readonly #world: World;
  readonly #platform: Platform;
  readonly #side: ActionSide;
  readonly #random: Random;
  readonly #plans: Known[] = [];

  constructor(world: World, platform: Platform, side: ActionSide) {
    this.#world = world;
    this.#platform = platform;
    this.#side = side;
    this.#random = world.random('action people');
  }

  start(): void {
    const { deeds } = this.#side.rates;
    const random = this.#random;
    this.#times(deeds.halts, () => this.#halt());
    this.#times(deeds.locks, () => this.#lock());
    this.#times(deeds.revokes, () => this.#side.revoke(random.pick(['ann', 'bob', 'cy', 'dee'])));
    this.#times(deeds.requests, () => this.#askForSome());
  }

  #times(count: number, run: () => void): void {
    const { scheduler, profile } = this.#world;
    for (let index = 0; index < count; index += 1) {
      scheduler.in(this.#random.int(0, profile.chaosMs), run);
    }
  }

  get #isHealed(): boolean {
    return this.#side.weather.isHealed(this.#world.scheduler.nowMs);
  }

  /** What people do about what they read. */
  hear(commit: Commit): void {
    if (this.#isHealed) return;
    for (const event of commit.events) {
      if (event.type === 'incident.opened') this.#mayAsk(commit.incidentId, event.service);
      if (event.type === 'action.planned' && event.approvalsNeeded > 0) {
        const { actionId, planHash } = event;
        this.#answer({ actionId, planHash, incidentId: commit.incidentId });
      }
      if (event.type === 'action.approved') this.#interfere(commit.incidentId, event.personId);
    }
  }

  #mayAsk(incidentId: string, service: string): void {
    const { deeds } = this.#side.rates;
    const random = this.#random;
    if (!targetIds.includes(service) || !random.chance(deeds.isShared ? 1 : 0.6)) return;
    const mostMs = deeds.isShared ? 10_000 : deeds.thinkMs + 2_000;
    this.#world.scheduler.in(random.int(2_000, mostMs), () =>
      this.#ask(incidentId, service, 'rollback'),
    );
  }

  /** Somebody picks an incident and a target, whatever they have to do with each other. */
  #askForSome(): void {
    const random = this.#random;
    const open = [...this.#world.oracle.notebooks.values()].filter(
      ({ state }) => state !== 'resolved',
    );
    const notebook = open[Math.floor(random.next() * open.length)];
    const target = targetIds[random.int(0, targetIds.length - 1)] ?? '';
    const verb = random.pick(['rollback', 'rollback', 'restart', 'scale'] as const);
    if (notebook !== undefined) this.#ask(notebook.id, target, verb);
  }

  #ask(incidentId: string, targetId: string, verb: ActionVerb): void {
    const random = this.#random;
    const account = accounts[random.int(0, accounts.length - 1)] ?? '';
    const by = principalOf(account);
    const parameters: Readonly<Record<string, string>> =
      verb === 'scale' ? { replicas: String(random.int(3, 9)) } : {};
    const wish = {
      tenant: tenantId,
      incidentId,
      request: { verb, targetId, parameters, reason: 'errors since the deploy' },
      origin: { kind: 'person', by, personId: humanOf[account] ?? '' },
      causeId: `ask ${this.#platform.nextRequestId()}`,
    } as const;
    const send = (): void =>
      void this.#say(`asks to ${verb} ${targetId}`, account, (deps) =>
        this.#platform.app.requestAction(deps, wish),
      );
    send();
    // The same request comes again, at once and later.
    if (random.chance(0.2)) send();
    if (random.chance(0.1)) this.#world.scheduler.in(random.int(1_000, 300_000), send);
  }

  #answer(known: Known): void {
    const { deeds } = this.#side.rates;
    const random = this.#random;
    const { scheduler } = this.#world;
    const older = this.#plans.at(-1);
    this.#plans.push(known);
    const later = (): number => random.int(500, deeds.thinkMs);
    if (random.chance(deeds.deny)) scheduler.in(later(), () => this.#deny(known));
    if (older !== undefined && random.chance(deeds.stalePlans)) {
      const { planHash } = older;
      scheduler.in(later(), () =>
        this.#approve({ ...known, planHash }, random.pick(['arn:bob', 'arn:cy'])),
      );
    }
    if (deeds.isShared) this.#approveRound(known);
    if (!random.chance(deeds.approve)) return;
    const atMs = later();
    const many = random.int(1, accounts.length);
    for (let index = 0; index < many; index += 1) {
      const account = accounts[random.int(0, accounts.length - 1)] ?? '';
      const delayMs = random.chance(deeds.together) ? atMs : later();
      scheduler.in(delayMs, () => this.#approve(known, account));
      // The same click once more, long after.
      if (random.chance(0.15)) {
        scheduler.in(delayMs + random.int(0, 900_000), () => this.#approve(known, account));
      }
    }
    if (random.chance(deeds.twoAccounts)) {
      for (const account of ['arn:ann', 'arn:ann-phone']) {
        scheduler.in(atMs, () => this.#approve(known, account));
      }
    }
  }

  /** Where much is broken at once people sit together, and agree to all that is there at once. */
  #approveRound(known: Known): void {
    const { scheduler } = this.#world;
    const atMs = Math.ceil(scheduler.nowMs / roundMs) * roundMs;
    for (const account of ['arn:bob', 'arn:cy', 'arn:dee']) {
      scheduler.at(atMs, () => this.#approve(known, account));
    }
  }

  #approve({ actionId, planHash }: Known, account: string): void {
    const seen = this.#random.chance(0.5) ? planHash : planHash.slice(0, 8);
    const { nowMs: atMs } = this.#world.scheduler;
    this.#side.watches.onClick({ atMs, actionId, account, planHash: seen });
    const causeId = `click ${this.#platform.nextRequestId()}`;
    void this.#say(`approves ${actionId}`, account, (deps, person) =>
      this.#platform.app.approveAction(deps, {
        tenant: tenantId,
        actionId,
        planHash: seen,
        ...person,
        causeId,
      }),
    );
  }

  #deny({ actionId }: Known): void {
    const causeId = `click ${this.#platform.nextRequestId()}`;
    const answer = { tenant: tenantId, actionId, reason: 'not now', causeId };
    void this.#say(`denies ${actionId}`, 'arn:eve', (deps, person) =>
      this.#random.chance(0.5)
        ? this.#platform.app.denyAction(deps, { ...answer, ...person })
        : this.#platform.app.cancelAction(deps, { ...answer, ...person }),
    );
  }

  /** Between an approval and the start: it is over, it is stopped, or the approver is let go. */
  #interfere(incidentId: string, approver: string): void {
    const { deeds } = this.#side.rates;
    const random = this.#random;
    this.#mayResolve(incidentId);
    if (deeds.halts > 0 && random.chance(0.4)) {
      this.#world.scheduler.in(random.int(0, 300), () => this.#halt());
    }
    if (deeds.revokes > 0 && random.chance(0.3)) {
      this.#world.scheduler.in(random.int(0, 2_000), () => this.#side.revoke(approver));
    }
  }

  #mayResolve(incidentId: string): void {
    const { deeds } = this.#side.rates;
    const random = this.#random;
    if (!random.chance(deeds.resolve)) return;
    const { scheduler } = this.#world;
    const causeId = `request ${this.#platform.nextRequestId()}`;
    scheduler.in(random.int(0, 2_000), () => {
      this.#world.count('resolved as an action is approved');
      void this.#platform.invoke('api', (deps) =>
        this.#platform.app.act(deps, {
          tenant: tenantId,
          incidentId,
          command: {
            kind: 'resolve',
            by: { kind: 'person', via: 'api', id: 'bo', name: 'Bo' },
            cause: 'person',
            note: 'all is well',
            occurredAtMs: scheduler.nowMs,
          },
          causeId,
        }),
      );
    });
  }

  #halt(): void {
    const { scheduler } = this.#world;
    const { app } = this.#platform;
    const request = { tenant: tenantId, by: principalOf('arn:eve'), reason: 'stop' };
    void this.#platform.runActions((deps) => app.haltActions(deps, request));
    const resume = (): void =>
      void this.#platform
        .runActions((deps) => app.resumeActions(deps, request))
        .then((ended) => {
          const isDone = ended.kind === 'answered' && ended.value.ok;
          if (!isDone) scheduler.in(5_000, resume);
        });
    scheduler.in(this.#random.int(20_000, 400_000), resume);
  }

  #lock(): void {
    const random = this.#random;
    const { app } = this.#platform;
    const targetId = targetIds[random.int(0, targetIds.length - 1)] ?? '';
    const untilMs = epochMs(this.#world.scheduler.nowMs + random.int(60_000, 600_000));
    const by = principalOf('arn:eve');
    const request = { tenant: tenantId, targetId, by, reason: 'hands off', untilMs };
    void this.#platform.runActions((deps) => app.lockTarget(deps, request));
  }

  /** As the API has it: the caller is looked up in the policy that is deployed. */
  async #say<Value>(
    what: string,
    account: string,
    run: (
      deps: Parameters<Platform['app']['approveAction']>[0],
      by: {
        readonly person: Parameters<Platform['app']['approveAction']>[1]['person'];
        readonly by: Principal;
      },
    ) => Promise<Result<Value, ActionFailure>>,
  ): Promise<void> {
    this.#world.note(humanOf[account] ?? account, what);
    await this.#platform.runActions(async (deps) => {
      const [tenant] = deps.policy.tenants;
      if (tenant === undefined) return null;
      const acting = actingPerson(tenant, principalOf(account), { isOneMachine: false });
      if (!acting.ok) return null;
      const done = await run(deps, acting.value);
      if (!done.ok && done.error.kind === 'refused') {
        this.#world.count(`people are refused: ${done.error.why}`);
        this.#world.note('tocsin', `refuses ${account}: ${done.error.message}`);
      }
      return done;
    });
  }
}
