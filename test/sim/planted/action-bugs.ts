import type { ActDeps } from '../../../lib/app/actions/deps.ts';
import type { Actuator } from '../../../lib/app/targets/actuator.ts';
import type { Halt } from '../../../lib/domain/action/rows.ts';
import type { Plan, PlanStep } from '../../../lib/domain/action/plan.ts';
import type { Incident } from '../../../lib/domain/incident/state.ts';
import type { Policy, TenantPolicy } from '../../../lib/domain/policy/policy.ts';
import { err, ok } from '../../../lib/domain/shared/result.ts';
import { minutes } from '../../../lib/domain/shared/time.ts';
import type { ActionRows } from '../../../lib/ports/action-rows.ts';
import type { ActionWrites } from '../../../lib/ports/action-writes.ts';
import type { Signals } from '../../../lib/ports/signals.ts';
import { product, type PlantedParts } from '../engine/app-under-test.ts';
import { humanOf } from '../engine/action-policy.ts';

const acting = (change: (deps: ActDeps) => Partial<ActDeps>): PlantedParts => ({
  acting: (deps) => ({ ...deps, ...change(deps) }),
});

const targets = (change: (actuator: Actuator, deps: ActDeps) => Partial<Actuator>): PlantedParts =>
  acting((deps) => {
    const { kubernetes } = deps.actuators;
    const changed = { ...kubernetes, ...change(kubernetes, deps) };
    return { actuators: { ...deps.actuators, kubernetes: changed } };
  });

const rows = (change: (rows: ActionRows, deps: ActDeps) => Partial<ActionRows>): PlantedParts =>
  acting((deps) => ({ actionRows: { ...deps.actionRows, ...change(deps.actionRows, deps) } }));

const signals = (change: (signals: Signals) => Partial<Signals>): PlantedParts =>
  acting((deps) => ({ signals: { ...deps.signals, ...change(deps.signals) } }));

type Rewrite = (writes: ActionWrites, deps: ActDeps) => ActionWrites | Promise<ActionWrites>;

/** What the function that acts writes of an action is something else. */
const writing = (rewrite: Rewrite): PlantedParts => acting((deps) => rewriting(deps, rewrite));

const rewriting = (deps: ActDeps, rewrite: Rewrite): Pick<ActDeps, 'store'> => ({
  store: {
    ...deps.store,
    commit: async (transaction) => {
      const { action } = transaction;
      if (action === undefined) return deps.store.commit(transaction);
      return deps.store.commit({ ...transaction, action: await rewrite(action, deps) });
    },
  },
});

const ofTenants = (policy: Policy, change: (tenant: TenantPolicy) => TenantPolicy): Policy => ({
  ...policy,
  tenants: policy.tenants.map(change),
});

/** What is sent is found out as it is sent: the version before, whatever that is by now. */
async function sendRelative(actuator: Actuator, deps: ActDeps, plan: Plan, step: PlanStep) {
  const [tenant] = deps.policy.tenants;
  const target = tenant?.actions.targets.find(({ id }) => id === plan.target.id);
  if (tenant === undefined || target === undefined) return actuator.send(plan, step);
  const drafted = await actuator.plan({
    tenant,
    target,
    request: { verb: plan.verb, targetId: target.id, parameters: {}, reason: '' },
    incidentId: plan.incidentId,
    actionId: plan.actionId,
    healthyVersions: [],
    nowMs: deps.clock.now(),
  });
  const [fresh] = drafted.ok ? drafted.value.steps : [];
  return actuator.send(plan, fresh ?? step);
}

export const relativeUndo = targets((actuator, deps) => ({
  send: (plan, step) => sendRelative(actuator, deps, plan, step),
}));

/** No answer is taken for a no: the next call goes out as if there had been none. */
export const lostTakenForFailure = targets((actuator, deps) => ({
  send: async (plan, step) => {
    const sent = await sendRelative(actuator, deps, plan, step);
    if (sent.ok || !sent.error.isLost) return sent;
    return err({ ...sent.error, kind: 'unavailable', isLost: false });
  },
  look: async (plan, step) => {
    const seen = await actuator.look(plan, step);
    return seen.ok ? ok({ ...seen.value, facts: step.from, mark: null }) : seen;
  },
}));

/** A call whose answer was lost is made again at once. */
export const resentBlindly = targets((actuator) => ({
  send: async (plan, step) => {
    const sent = await actuator.send(plan, step);
    return sent.ok || !sent.error.isLost ? sent : actuator.send(plan, step);
  },
}));

/** The patch says what is to be, and not how it must be before. */
export const preconditionLeftOut = targets((actuator) => ({
  send: (plan, step) => {
    const { call } = step;
    if (call.kind !== 'kube-patch' || !Array.isArray(call.body)) return actuator.send(plan, step);
    const operations = call.body as readonly { readonly op?: unknown }[];
    const body = operations.filter(({ op }) => op !== 'test') as typeof call.body;
    return actuator.send(plan, { ...step, call: { ...call, body } });
  },
}));

/** Whoever finds an action in the midst of a call makes the call. */
export const takenOverBySending = rows((held) => ({
  load: async (tenant, actionId) => {
    const loaded = await held.load(tenant, actionId);
    return loaded.ok && loaded.value?.state === 'executing'
      ? ok({ ...loaded.value, sentAtMs: null, sends: 0 })
      : loaded;
  },
}));

/** An approval is good for whatever is planned by now. */
export const approvalNotBound: PlantedParts = {
  app: {
    approveAction: async (deps, answer) => {
      const loaded = await deps.actionRows.load(answer.tenant, answer.actionId);
      const planHash = loaded.ok ? (loaded.value?.planHash ?? '') : '';
      return product.approveAction(deps, { ...answer, planHash });
    },
  },
};

/** Nobody takes the target for themselves. */
export const leaseNotTaken = writing((writes) => ({
  ...writes,
  leases: [],
  starts: writes.starts && {
    ...writes.starts,
    starts: writes.starts.starts.map((start) => ({ ...start, locks: [] })),
  },
}));

/** Every holder has the same number. */
export const fenceIgnored = writing((writes) => ({
  ...writes,
  leases: writes.leases.map((lease) => ({ ...lease, fence: 0 })),
}));

/** What a process has read of the kill switch, for as long as it has this policy. */
const haltsRead = new WeakMap<Policy, Halt>();

/** The kill switch is read once, and then believed. */
export const haltReadOnce: PlantedParts = {
  acting: (deps) => {
    const loadHalt: ActionRows['loadHalt'] = async (tenant) => {
      const known = haltsRead.get(deps.policy);
      if (known !== undefined) return ok(known);
      const halt = await deps.actionRows.loadHalt(tenant);
      if (halt.ok) haltsRead.set(deps.policy, halt.value);
      return halt;
    };
    const { commit } = deps.store;
    return {
      ...deps,
      actionRows: { ...deps.actionRows, loadHalt },
      store: {
        ...deps.store,
        commit: ({ action, ...transaction }) =>
          commit({
            ...transaction,
            ...(action === undefined ? {} : { action: { ...action, mustNotBeHalted: false } }),
          }),
      },
    };
  },
};

/** What was started lately is read as a run begins, and written over whatever came between. */
export const limitsOutsideTransaction: PlantedParts = {
  acting: (deps) => {
    const { actionRows } = deps;
    let known: ReturnType<ActionRows['loadStarts']> | null = null;
    const loadStarts: ActionRows['loadStarts'] = (tenant) => {
      known ??= actionRows.loadStarts(tenant);
      return known;
    };
    const { store } = rewriting(deps, async (writes) => {
      if (writes.starts === null) return writes;
      const held = await actionRows.loadStarts(writes.starts.tenant);
      if (!held.ok) return writes;
      return { ...writes, starts: { ...writes.starts, version: held.value.version + 1 } };
    });
    return { ...deps, store, actionRows: { ...actionRows, loadStarts } };
  },
};

/** Who asked is forgotten. */
export const requesterCounted: PlantedParts = {
  app: {
    requestAction: (deps, wish) =>
      product.requestAction(deps, {
        ...wish,
        origin:
          wish.origin.kind === 'person' ? { ...wish.origin, personId: 'somebody' } : wish.origin,
      }),
  },
};

/** The pipeline is taken for the author of everything. */
export const authorCounted = acting((deps) => ({
  changes: {
    ...deps.changes,
    near: async (query) => {
      const found = await deps.changes.near(query);
      if (!found.ok) return found;
      return ok(found.value.map((change) => ({ ...change, author: 'pipeline' })));
    },
  },
}));

/** Where one author is not known, those who are may approve. */
export const knownAuthorsForgotten: PlantedParts = {
  app: {
    approveAction: (deps, answer) => {
      const load: ActionRows['load'] = async (tenant, actionId) => {
        const loaded = await deps.actionRows.load(tenant, actionId);
        if (!loaded.ok || loaded.value === null || loaded.value.plan === null) return loaded;
        const plan = { ...loaded.value.plan, knownAuthors: [] };
        return ok({ ...loaded.value, plan });
      };
      const actionRows = { ...deps.actionRows, load };
      return product.approveAction({ ...deps, actionRows }, answer);
    },
  },
};

/** Every account is a person. */
export const accountsCounted: PlantedParts = {
  actionPolicy: (policy) =>
    ofTenants(policy, (tenant) => ({
      ...tenant,
      people: Object.entries(humanOf).flatMap(([account, human]) => {
        const person = tenant.people.find(({ id }) => id === human);
        if (person === undefined) return [];
        return {
          ...person,
          id: account,
          name: account,
          email: null,
          logins: [human, account],
          apiNames: [account],
        };
      }),
    })),
};

/** Who had the right once has it for ever. */
export const rolesNotReadAgain = acting((deps) => ({
  policy: ofTenants(deps.policy, (tenant) => ({
    ...tenant,
    people: tenant.people.map((person) => ({ ...person, roles: ['responder', 'approver'] })),
  })),
}));

/** Nothing measured is nothing wrong. */
export const missingTakenForGood = signals((asked) => ({
  measure: async (tenant, check, atMs) => {
    const measured = await asked.measure(tenant, check, atMs);
    return measured.ok && measured.value.kind === 'none'
      ? ok({ kind: 'value', value: 0 })
      : measured;
  },
}));

/** That an alert is over is taken from our own log. */
export const alertFromOwnLog = acting((deps) => ({
  signals: { ...deps.signals, alertAtSource: () => Promise.resolve(ok('cannot-tell')) },
  policy: ofTenants(deps.policy, (tenant) => ({
    ...tenant,
    sources: tenant.sources.map((source) => ({ ...source, apiUrl: null })),
  })),
}));

/** Whether the incident is over is not asked once somebody has approved. */
export const resolvedStillStarts = acting((deps) => ({
  store: {
    ...deps.store,
    loadIncident: async (tenant, id) => {
      const loaded = await deps.store.loadIncident(tenant, id);
      if (!loaded.ok || loaded.value?.state !== 'resolved') return loaded;
      const states = new Set(loaded.value.actions.map((action) => action.state));
      if (!states.has('approved') || states.has('validating')) return loaded;
      // What it lacks as an open one is never asked for before it starts.
      return ok({ ...loaded.value, state: 'triggered' } as unknown as Incident);
    },
    commit: async (transaction) => {
      const { incident: write } = transaction;
      if (write === undefined) return deps.store.commit(transaction);
      const held = await deps.store.loadIncident(write.incident.tenant, write.incident.id);
      if (!held.ok || held.value?.state !== 'resolved') return deps.store.commit(transaction);
      // Only that it starts is of interest here: what would follow from it is left undone.
      const isPlain = write.commit.events.every(({ type }) => type.startsWith('action.'));
      if (!isPlain) return err({ kind: 'conflict', message: 'left undone' });
      const { version, lastHash, actions } = write.incident;
      const incident = { ...held.value, version, lastHash, actions };
      return deps.store.commit({ ...transaction, incident: { ...write, incident } });
    },
  },
}));

/** An approval is good for as long as anybody may remember it. */
export const approvalNeverExpires: PlantedParts = {
  actionPolicy: (policy) =>
    ofTenants(policy, (tenant) => {
      const { actions } = tenant;
      const guardrails = { ...actions.guardrails, approvalWithinMs: minutes(30) };
      return { ...tenant, actions: { ...actions, guardrails } };
    }),
};

const slotMs = 4 * 60_000;

/** A rule forgets what it has done, and does it again when it has not helped. */
export const undoUndone = acting((deps) => ({
  policy: ofTenants(deps.policy, (tenant) => ({
    ...tenant,
    actions: {
      ...tenant.actions,
      guardrails: { ...tenant.actions.guardrails, cooldownMs: minutes(0) },
      runbooks: tenant.actions.runbooks.map((runbook) => ({
        ...runbook,
        id: `${runbook.id}-${Math.floor(deps.clock.now() / slotMs)}`,
      })),
    },
  })),
  store: {
    ...deps.store,
    loadCommits: async (tenant, id) => {
      const commits = await deps.store.loadCommits(tenant, id);
      if (!commits.ok) return commits;
      const isKept = ({ type }: { readonly type: string }): boolean => type !== 'action.started';
      return ok(commits.value.map((each) => ({ ...each, events: each.events.filter(isKept) })));
    },
  },
}));

/** What cannot be read three times is left alone, and nobody hears of it. */
export const givenUpSilently = writing((writes) => {
  const { state, failures } = writes.action;
  const isLost = (state === 'uncertain' || state === 'observing') && failures >= 3;
  return isLost ? { ...writes, action: { ...writes.action, nextAtMs: null } } : writes;
});
