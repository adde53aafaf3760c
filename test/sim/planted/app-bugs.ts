import type { Delivery } from '../../../lib/domain/alert/alert.ts';
import { ok, type Result } from '../../../lib/domain/shared/result.ts';
import { epochMs } from '../../../lib/domain/shared/time.ts';
import type { Clock } from '../../../lib/ports/system.ts';
import { product, type PlantedParts } from '../engine/app-under-test.ts';

/** Answers at once and stores afterwards, for speed. */
export const answeredBeforeStored: PlantedParts = {
  app: {
    receiveAlerts: (deps, request) => {
      void product.receiveAlerts(deps, request);
      const outcome = { kind: 'attached', incidentIds: [], alerts: 0, reason: '' } as const;
      const taken = { deliveryId: request.requestId, isRepeat: false, outcome, placed: [] };
      return Promise.resolve({ kind: 'taken', taken });
    },
  },
};

/** A trouble of ours is answered as if it had been stored. */
export const troubleAnsweredWithSuccess: PlantedParts = {
  app: {
    receiveAlerts: async (deps, request) => {
      const received = await product.receiveAlerts(deps, request);
      if (received.kind !== 'busy') return received;
      const outcome = { kind: 'attached', incidentIds: [], alerts: 0, reason: '' } as const;
      const taken = { deliveryId: request.requestId, isRepeat: false, outcome, placed: [] };
      return { kind: 'taken', taken };
    },
  },
};

/** Takes the status of the group for the status of each of its alerts. */
export const groupStatusForAlerts: PlantedParts = {
  app: {
    receiveAlerts: (deps, request) => {
      const decode = deps.decoders.alertmanager;
      const alertmanager = (body: Uint8Array): ReturnType<typeof decode> => {
        const decoded = decode(body);
        return decoded.ok ? levelled(decoded.value) : decoded;
      };
      return product.receiveAlerts(
        { ...deps, decoders: { ...deps.decoders, alertmanager } },
        request,
      );
    },
  },
};

function levelled(delivery: Delivery): Result<Delivery, never> {
  const status = delivery.alerts.some((alert) => alert.status === 'firing') ? 'firing' : 'resolved';
  return ok({ ...delivery, alerts: delivery.alerts.map((alert) => ({ ...alert, status })) });
}

/** The host of the clock runs five seconds ahead, and its word is taken for the time. */
export const clockAhead: PlantedParts = {
  app: {
    runClock: (deps) => {
      const clock: Clock = {
        ...deps.clock,
        now: () => epochMs(deps.clock.now() + 5_000),
      };
      return product.runClock({ ...deps, clock });
    },
  },
};

/** Webhooks are applied in the order in which they come, not in which things happened. */
export const webhooksByArrival: PlantedParts = {
  app: {
    receivePagerEvent: (deps, intake) =>
      product.receivePagerEvent(deps, {
        ...intake,
        event: { ...intake.event, occurredAtMs: deps.clock.now() },
      }),
  },
};

/** What the bus refused is not sent again. */
export const refusedEventsForgotten: PlantedParts = {
  app: {
    relayEvents: async (deps, commits) => {
      await product.relayEvents(deps, commits);
      return null;
    },
  },
};

/** Each attempt is a problem of its own to the pager. */
export const keyPerAttempt: PlantedParts = {
  pager: (pager) => {
    let attempts = 0;
    return {
      send: (page, timeoutMs) => {
        attempts += 1;
        return pager.send({ ...page, dedupKey: `${page.dedupKey}-${attempts}` }, timeoutMs);
      },
    };
  },
};

/** No answer is taken for a good answer. */
export const silenceTakenForConsent: PlantedParts = {
  pager: (pager) => ({
    send: async (page, timeoutMs) => {
      await pager.send(page, timeoutMs);
      return ok(undefined);
    },
  }),
};
