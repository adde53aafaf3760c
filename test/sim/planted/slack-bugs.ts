import { ok } from '../../../lib/domain/shared/result.ts';
import { epochMs } from '../../../lib/domain/shared/time.ts';
import type { SlackRequest } from '../../../lib/domain/slack/request.ts';
import type { SlackDeps } from '../../../lib/app/slack/deps.ts';
import type { AnnounceDeps } from '../../../lib/app/announce/deps.ts';
import { product, type PlantedParts } from '../engine/app-under-test.ts';

/** Slack's side takes requests with other ports or another policy than it was given. */
const taking = (change: (deps: SlackDeps) => Partial<SlackDeps>): PlantedParts => ({
  app: { receiveSlack: (deps, post) => product.receiveSlack({ ...deps, ...change(deps) }, post) },
});

const announcing = (change: (deps: AnnounceDeps) => Partial<AnnounceDeps>): PlantedParts => ({
  app: { createAnnouncer: (deps) => product.createAnnouncer({ ...deps, ...change(deps) }) },
});

/** The page waits until Slack has heard of it. */
export const pageWaitsForSlack: PlantedParts = {
  pager: (pager, slack) => ({
    send: async (page, timeoutMs) => {
      await slack?.whoAmI('acme');
      return pager.send(page, timeoutMs);
    },
  }),
};

/** What became of a post is not looked for: no answer is taken for no post. */
export const postsNotLookedFor = announcing(({ chat }) => ({
  chat: { ...chat, findPosted: () => Promise.resolve(ok(null)) },
}));

/** Nobody goes on with what Slack has not taken. */
export const owedForgotten = announcing(({ rows }) => ({
  rows: { ...rows, loadPending: () => Promise.resolve(ok([])) },
}));

/** That Slack was away is forgotten at once, so that nobody has to be told what happened. */
export const outageForgotten = announcing(({ rows }) => ({
  rows: {
    ...rows,
    loadWorkspace: async (tenant) => {
      const loaded = await rows.loadWorkspace(tenant);
      return loaded.ok && loaded.value !== null
        ? ok({ ...loaded.value, downSinceMs: null })
        : loaded;
    },
  },
}));

/** Rows are written over whatever somebody else has written. */
export const rowVersionIgnored = announcing(({ rows }) => ({
  rows: {
    ...rows,
    save: async (row, places) => {
      const held = await rows.load(row.tenant, row.incidentId);
      const version = held.ok ? (held.value?.version ?? 0) + 1 : row.version;
      return rows.save({ ...row, version }, places);
    },
  },
}));

/** Whoever is in the policy may do everything. */
export const observerMayAct = taking(({ policy }) => ({
  policy: {
    ...policy,
    tenants: policy.tenants.map((tenant) => ({
      ...tenant,
      people: tenant.people.map((person) => ({ ...person, roles: ['responder'] as const })),
    })),
  },
}));

/** A good signature of anybody opens every workspace; the payload says which. */
export const anySecretIsGood = taking(({ verify, policy }) => ({
  verify: (attempt) => (verify(attempt).length === 0 ? [] : policy.tenants.map(({ id }) => id)),
}));

/** A signature is good for ever. */
export const ageNotChecked = taking(({ verify }) => ({
  verify: (attempt) => verify({ ...attempt, nowMs: epochMs(1000 * Number(attempt.timestamp)) }),
}));

/** A guest is whom the user id names. */
export const guestsWelcome = taking(({ decoders }) => ({
  decoders: {
    ...decoders,
    interactions: (body) => {
      const decoded = decoders.interactions(body);
      return decoded.ok && 'actor' in decoded.value
        ? ok({
            ...decoded.value,
            actor: { ...decoded.value.actor, isGuest: false, userTeamId: null },
          })
        : decoded;
    },
  },
}));

/** A button is carried out as if it had been typed, whatever it said. */
export const staleButtonActs = taking(({ decoders }) => ({
  decoders: {
    ...decoders,
    interactions: (body) => {
      const decoded = decoders.interactions(body);
      return decoded.ok ? ok(asTyped(decoded.value)) : decoded;
    },
  },
}));

function asTyped(request: SlackRequest): SlackRequest {
  if (request.kind !== 'block_action' || request.target === null) return request;
  const { actor, place, verb, target, triggerId } = request;
  const text = `${verb} ${target.incidentId}`;
  return { kind: 'command', actor, place, text, triggerId };
}

/** What was asked for is done, and the request not used up with it. */
export const requestNotUsedUp = taking(({ store }) => ({
  store: {
    ...store,
    loadDelivery: () => Promise.resolve(ok(null)),
    claim: () => Promise.resolve(ok(true)),
    commit: ({ delivery: _, ...transaction }) => store.commit(transaction),
  },
}));

/** Only what was done is worth a line. */
export const refusalsNotLogged = taking(({ log }) => ({
  log: {
    ...log,
    warn: () => undefined,
    info: (message, fields) => {
      if (fields?.['outcome'] !== 'refused') log.info(message, fields);
    },
  },
}));
