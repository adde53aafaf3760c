import { err, ok } from '../../domain/shared/result.ts';
import { toIso } from '../../domain/shared/time.ts';
import type { OnCallQuery, PagerRest, PagerServices } from '../../ports/pager.ts';
import { membersOf, within } from './call.ts';
import { callRest, listRest, look, unreadable, type Answer, type RestDeps } from './rest-call.ts';
import { readAll, readOnCall, readService, readSubscription, readUser } from './rest-read.ts';

type Account = Pick<
  PagerRest,
  'isConfigured' | 'actingUser' | 'onCalls' | 'services' | 'user' | 'subscriptions'
>;

/** What is asked of the account: who is on call, what leads where. */
export const account = (deps: RestDeps): Account => ({
  isConfigured: async () => {
    const secret = await deps.secrets.pagerduty();
    if (!secret.ok) return secret;
    return ok(secret.value.apiToken !== null && secret.value.apiFrom !== null);
  },
  actingUser: (timeoutMs) => within(timeoutMs, (signal) => actingUser(deps, signal)),
  onCalls: (query, timeoutMs) => within(timeoutMs, (signal) => onCalls(deps, query, signal)),
  services: (timeoutMs) => within(timeoutMs, (signal) => services(deps, signal)),
  user: (userId, timeoutMs) =>
    look(
      deps,
      {
        path: `/users/${encodeURIComponent(userId)}`,
        query: { 'include[]': ['contact_methods', 'notification_rules'] },
        read: ({ user }) => readUser(user),
      },
      timeoutMs,
    ),
  subscriptions: (timeoutMs) =>
    within(timeoutMs, async (signal) => {
      const name = 'webhook_subscriptions';
      const found = await listRest(deps, { path: `/${name}`, name }, signal);
      return found.ok ? ok(readAll(found.value, readSubscription)) : found;
    }),
});

async function onCalls(
  deps: RestDeps,
  query: OnCallQuery,
  signal: AbortSignal,
): ReturnType<PagerRest['onCalls']> {
  const policyId = await policyOf(deps, query, signal);
  if (!policyId.ok) return policyId;
  const asked = {
    'escalation_policy_ids[]': [policyId.value],
    since: toIso(query.sinceMs),
    until: toIso(query.untilMs),
  };
  const found = await listRest(deps, { path: '/oncalls', name: 'oncalls', query: asked }, signal);
  if (!found.ok) return found;
  const turns = readAll(found.value, readOnCall);
  return ok(turns.toSorted((a, b) => a.level - b.level || (a.fromMs ?? 0) - (b.fromMs ?? 0)));
}

async function policyOf(deps: RestDeps, query: OnCallQuery, signal: AbortSignal): Answer<string> {
  if ('escalationPolicyId' in query) return ok(query.escalationPolicyId);
  const path = `/services/${encodeURIComponent(query.serviceId)}`;
  const shown = await callRest(deps, { method: 'GET', path }, signal);
  if (!shown.ok) return shown;
  const service = readService(membersOf(shown.value)['service'], []);
  return service === null || service.escalationPolicy.id === ''
    ? err(unreadable('no escalation policy of the service'))
    : ok(service.escalationPolicy.id);
}

/** Keys of event orchestrations begin so; those of services are 32 hexadecimal digits. */
const orchestrationKey = /^R/;

async function services(deps: RestDeps, signal: AbortSignal): Answer<PagerServices> {
  const secret = await deps.secrets.pagerduty();
  if (!secret.ok) return secret;
  const keys = Object.entries(secret.value.routingKeys);
  const query = { 'include[]': ['integrations'] };
  const found = await listRest(deps, { path: '/services', name: 'services', query }, signal);
  if (!found.ok) return found;
  return ok({
    services: readAll(found.value, (service) => readService(service, keys)),
    routingKeys: keys.map(([name]) => name),
    orchestrated: keys.filter(([, key]) => orchestrationKey.test(key)).map(([name]) => name),
  });
}

/** Id of the user whose address the secret names. */
export async function actingUser(deps: RestDeps, signal: AbortSignal): Answer<string> {
  const secret = await deps.secrets.pagerduty();
  if (!secret.ok) return secret;
  const email = secret.value.apiFrom?.toLowerCase() ?? '';
  const query = { query: email };
  const found = await callRest(deps, { method: 'GET', path: '/users', query }, signal);
  if (!found.ok) return found;
  const { users } = membersOf(found.value);
  const own = readAll(Array.isArray(users) ? users : [], readUser).find(
    (user) => user.email.toLowerCase() === email,
  );
  const message = 'PagerDuty has no user with the address that the secret names as "apiFrom".';
  return own === undefined ? err({ kind: 'not_found', message }) : ok(own.id);
}
