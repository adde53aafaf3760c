import type { Plan } from '../../../lib/domain/action/plan.ts';
import type { Sample } from '../../../lib/domain/action/observation.ts';
import { haltActions } from '../../../lib/app/actions/halt.ts';
import { lockTarget } from '../../../lib/app/actions/locks.ts';
import type { Incident } from '../../../lib/domain/incident/state.ts';
import { epochMs, minutes } from '../../../lib/domain/shared/time.ts';
import { samplePlan } from '../../contract/action-samples.ts';
import { asked, call, planned } from '../api/action-world.ts';
import { ada, checkoutDown, createWorld, grace, type World } from '../api/world.ts';

/** A plan in which everything that a cluster or a change feed told is this text. */
export const planSaying = (text: string): Partial<Plan> => {
  const { steps, target } = samplePlan();
  const [first] = steps;
  return {
    title: `T ${text}`,
    basis: `B ${text}`,
    changes: [{ what: text, from: `F ${text}`, to: `To ${text}` }],
    steps: first === undefined ? [] : [{ ...first, says: `S ${text}` }],
    target: { ...target, name: text, namespace: text, uid: text },
    owner: { kind: 'helm', name: text, says: `O ${text}` },
    risks: [`R ${text}`],
    undo: `U ${text}`,
    dryRun: { kind: 'passed', says: `D ${text}` },
    followUps: [{ says: `A ${text}`, afterMs: null }],
    authors: [text],
  };
};

/** A change near the incident and a checklist, both of this text. */
export async function withWork(world: World, incident: Incident, text: string): Promise<Incident> {
  const changed = await world.act(incident, {
    kind: 'record-change',
    change: {
      changeId: `c ${text}`,
      title: `C ${text}`,
      url: 'https://git.example.com/shop/commit/1',
      author: `W ${text}`,
      service: `V ${text}`,
      changedAtMs: epochMs(world.clock.now() - minutes(7)),
      reason: `Y ${text}`,
      likelihoodPct: 90,
    },
  });
  const checklist = { runbookId: 'restore', title: `L ${text}`, steps: ['a', `b ${text}`] };
  await world.act(changed, {
    kind: 'start-checklist',
    checklist: { ...checklist, willNot: `N ${text}` },
  });
  const by = { kind: 'person', via: 'slack', id: text, name: `P ${text}` } as const;
  return world.act(changed, { kind: 'tick-step', runbookId: 'restore', step: 0, isDone: true, by });
}

/** What the signals say, all of it this text. */
export const sampleSaying = (world: World, text: string): Sample => ({
  atMs: world.clock.now(),
  workload: { kind: 'good', says: `w ${text}` },
  alert: { kind: 'bad', says: `a ${text}` },
  metric: { kind: 'unknown', says: `m ${text}` },
});

/** The incident's page and the page of actions, with one denied action and one that is proposed. */
export async function actingPage(text: string): Promise<readonly string[]> {
  const world = createWorld({ isConsoleOpen: true });
  const incident = await world.raise(checkoutDown);
  await withWork(world, incident, text);
  const denied = await asked(world, incident);
  await planned(world, incident, { actionId: denied, plan: planSaying(text) });
  await call(world, `actions/${denied}/deny`, { body: { reason: text }, as: grace });
  await world.clock.advance(minutes(1));
  const wish = { verb: 'restart', target: 'checkout', reason: `why ${text}`.trim() };
  const path = `incidents/${incident.id}/actions`;
  const { answer } = await call(world, path, { body: wish, as: ada });
  const { id: proposed } = answer['action'] as { readonly id: string };
  await planned(world, incident, { actionId: proposed, plan: planSaying(text) });
  const by = { kind: 'person', via: 'api', id: text, name: `H ${text}` } as const;
  const reason = `r ${text}`;
  const untilMs = epochMs(world.clock.now() + minutes(5));
  await lockTarget(world.app, { tenant: 'default', targetId: 'checkout', by, reason, untilMs });
  await haltActions(world.app, { tenant: 'default', by, reason });
  const pages = [`/incidents/${incident.id}`, '/actions'].map((url) => world.ask({ url }));
  const ids = [denied, proposed].toSorted((a, b) => b.length - a.length);
  return (await Promise.all(pages)).map(({ body }) =>
    ids.reduce((page, id) => page.replaceAll(id, 'ACTION'), body),
  );
}
