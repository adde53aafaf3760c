import { ok } from '../../../lib/domain/shared/result.ts';
import { seconds } from '../../../lib/domain/shared/time.ts';
import type { ReconcileDeps } from '../../../lib/app/reconcile/reconcile.ts';
import { product, type PlantedParts } from '../engine/app-under-test.ts';

const reconciling = (change: (deps: ReconcileDeps) => Partial<ReconcileDeps>): PlantedParts => ({
  app: { reconcile: (deps) => product.reconcile({ ...deps, ...change(deps) }) },
});

/** What was found counts from when it was found. */
export const countsFromTheFinding = reconciling(({ pagerRest, clock }) => ({
  pagerRest: {
    ...pagerRest,
    findByDedupKey: async (key, timeoutMs) => {
      const found = await pagerRest.findByDedupKey(key, timeoutMs);
      return found.ok && found.value !== null
        ? ok({ ...found.value, changedAtMs: clock.now() })
        : found;
    },
    listOpen: async (services, timeoutMs) => {
      const open = await pagerRest.listOpen(services, timeoutMs);
      if (!open.ok) return open;
      return ok(open.value.map((record) => ({ ...record, changedAtMs: clock.now() })));
    },
  },
}));

/** Both sides are compared while webhooks come, and not when they do not. */
export const comparesOnlyWithWebhooks: PlantedParts = {
  app: {
    reconcile: async (deps) => {
      const webhooks = await deps.pagerRest.subscriptions(seconds(1));
      const isOff = webhooks.ok && webhooks.value.some(({ state }) => state !== 'on');
      if (isOff) await deps.pagerRest.enableSubscription('SUB', seconds(1));
      return isOff
        ? ok({ isConfigured: true, compared: 0, healed: 0, failed: 0, switchedOn: 0 })
        : product.reconcile(deps);
    },
  },
};

/** Our own notes come back as somebody's. */
export const echoTaken: PlantedParts = {
  app: {
    receivePagerEvent: (deps, intake) => {
      const { event } = intake;
      if (event.kind !== 'annotated') return product.receivePagerEvent(deps, intake);
      const note = event.note.replace(/\[Tocsin .*\]/, '');
      return product.receivePagerEvent(deps, { ...intake, event: { ...event, note } });
    },
  },
};

/** What was written before is not looked for: an unknown outcome is taken for none. */
export const notesWrittenAgain: PlantedParts = {
  rest: (rest) => ({ ...rest, notes: () => Promise.resolve(ok([])) }),
};

/** What is not among the open ones is taken for lost, and somebody is paged once more. */
export const notListedIsLost = reconciling(({ pagerRest }) => ({
  pagerRest: { ...pagerRest, findByDedupKey: () => Promise.resolve(ok(null)) },
}));
