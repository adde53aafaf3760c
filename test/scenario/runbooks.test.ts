import { describe, expect, it } from 'vitest';
import { tellOpenIncidents } from '../../lib/app/changes/tell-open-incidents.ts';
import { scoreOf } from '../../lib/app/actions/score.ts';
import type { ActionPolicy, RunbookPolicy } from '../../lib/domain/policy/action-policy.ts';
import { epochMs, minutes } from '../../lib/domain/shared/time.ts';
import { sampleChange } from '../contract/action-samples.ts';
import { createActionWorld, type ActionWorld } from './action-world.ts';
import { checkoutDown, over, type AlertSample, type PayloadSample } from './samples.ts';

const rollback: RunbookPolicy = {
  id: 'bad-deploy',
  title: 'A deploy that broke it',
  when: {
    match: [{ label: 'alertname', operator: '=', value: 'CheckoutDown' }],
    changedWithinMs: minutes(30),
    services: [],
  },
  action: { verb: 'rollback', target: null, parameters: {} },
  steps: [],
  proposes: 'Puts the version before the deploy back.',
  willNot: 'It touches no database.',
  mode: 'propose',
  revision: 1,
};

const byHand: RunbookPolicy = {
  ...rollback,
  id: 'payments-down',
  title: 'Payments are down',
  action: null,
  steps: ['Look at the status page of the bank.', 'Switch the second bank on.'],
  willNot: 'It moves no money.',
};

const withRunbooks =
  (...runbooks: readonly RunbookPolicy[]) =>
  (policy: ActionPolicy): ActionPolicy => ({
    ...policy,
    changeSources: [{ id: 'github', kind: 'github', services: {} }],
    runbooks,
  });

/** More of what `openOn` opened an incident for. */
const more = (...alerts: readonly AlertSample[]): PayloadSample => ({
  alerts,
  groupKey: '{}:{service="checkout"}',
});
const second = { ...checkoutDown, name: 'CheckoutSlow' };

const actionsOf = (world: ActionWorld) =>
  world.onlyIncident().actions.map(({ verb, targetId, state }) => `${verb} ${targetId} ${state}`);

describe('a runbook', () => {
  it('proposes its action once, with why it is about this, after the change was found', async () => {
    const world = createActionWorld(withRunbooks(rollback));

    const incident = await world.openOn();
    await world.fastForward(minutes(1));
    await world.post(more(checkoutDown, second));
    await world.fastForward(minutes(1));

    expect(actionsOf(world)).toEqual(['rollback checkout proposed']);
    expect(await world.events(incident, 'change.found', 'action.requested')).toMatchObject([
      { event: { changeId: 'github/deploy-of-checkout', likelihoodPct: 81, author: 'edsger' } },
      {
        event: {
          origin: { kind: 'runbook', runbookId: 'bad-deploy', mode: 'propose' },
          request: {
            reason:
              'Puts the version before the deploy back. Its alert CheckoutDown matches, and ' +
              'there was a change of checkout 10 min before (Deploy checkout v2).',
          },
        },
      },
    ]);
    expect(world.done).toEqual([]);
  });

  it('proposes nothing without a change, until the feed tells of one', async () => {
    const world = createActionWorld(withRunbooks(rollback));
    world.isFed = false;
    const incident = await world.openOn();
    expect(actionsOf(world)).toEqual([]);
    const atMs = epochMs(incident.openedAtMs - minutes(3));
    const change = sampleChange({ tenant: 'acme', atMs });
    await world.acting.changes.put(change);
    const told = await world.drive(tellOpenIncidents(world.acting, [change]));
    expect(told).toEqual({ ok: true, value: [incident.id] });
    await world.fastForward(minutes(1));
    expect(world.now(incident).changes).toHaveLength(1);
    expect(actionsOf(world)).toEqual(['rollback checkout proposed']);
  });

  it('gives people its steps where only they can decide', async () => {
    const world = createActionWorld(withRunbooks(byHand));
    const incident = await world.openOn();
    await world.post(more(checkoutDown, second));
    expect(world.now(incident).checklists).toMatchObject([
      {
        runbookId: 'payments-down',
        willNot: 'It moves no money.',
        steps: byHand.steps.map((text) => ({ text, done: null })),
      },
    ]);
    expect(await world.events(incident, 'checklist.started')).toHaveLength(1);
    expect(actionsOf(world)).toEqual([]);
  });

  it('acts by itself where it is trusted to', async () => {
    const world = createActionWorld(withRunbooks({ ...rollback, mode: 'automatic' }));
    await world.openOn();
    await world.fastForward(minutes(5));
    expect(world.done).toEqual(['checkout: v2 -> v1']);
  });

  it('leaves incidents of other services alone', async () => {
    const reports = { ...rollback, when: { ...rollback.when, services: ['reports'] } };
    const world = createActionWorld(withRunbooks(reports));
    await world.openOn();
    expect(actionsOf(world)).toEqual([]);
  });
});

describe('a runbook in shadow', () => {
  const shadow = withRunbooks({ ...rollback, mode: 'shadow' });

  it('does nothing, and is the same as what people did', async () => {
    const world = createActionWorld(shadow);
    const incident = await world.openOn();
    await world.fastForward(minutes(1));
    expect(actionsOf(world)).toEqual(['rollback checkout shadow']);
    const own = await world.proposed(incident);
    await world.approve(own, 'grace');
    await world.untilOver();
    await world.post(more(over(checkoutDown)));
    await world.untilOver();

    expect(await world.events(incident, 'action.compared')).toMatchObject([
      { event: { comparison: { kind: 'same' } } },
    ]);
    expect(await scoreOf(world.acting, 'acme')).toMatchObject({
      value: {
        isCut: false,
        runbooks: [{ runbookId: 'bad-deploy', shadows: 1, same: 1, precisionPct: 100 }],
      },
    });
    expect(world.done).toEqual(['checkout: v2 -> v1']);
  });

  it('is compared once, with what was rolled out by other means or with nothing', async () => {
    const world = createActionWorld(shadow);
    const incident = await world.openOn();
    await world.fastForward(minutes(5));
    await world.resolve(incident);
    await world.untilOver();
    expect(await world.events(incident, 'action.compared')).toMatchObject([
      { event: { comparison: { kind: 'nothing-done', says: 'Nobody did anything to checkout.' } } },
    ]);
  });
});
