import type { Coverage, Gap, Reach, RouteFacts, Turn } from '../../domain/coverage/coverage.ts';
import { coverageSpanMs } from '../../domain/coverage/coverage.ts';
import {
  deadChannel,
  describeRoute,
  findPersonGaps,
  findRouteGaps,
  type Span,
} from '../../domain/coverage/find-gaps.ts';
import { routesOf } from '../../domain/coverage/routes.ts';
import type { TenantPolicy } from '../../domain/policy/policy.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import { after, seconds } from '../../domain/shared/time.ts';
import type { Chat } from '../../ports/chat.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { PagerRest, PagerService, PagerServices } from '../../ports/pager.ts';
import type { Clock } from '../../ports/system.ts';
import { inParallel } from '../concurrency.ts';

export interface CoverageDeps {
  readonly clock: Clock;
  readonly pagerRest: Pick<PagerRest, 'isConfigured' | 'services' | 'onCalls' | 'user'>;
  readonly chat: Pick<Chat, 'describeChannel'>;
}

/** Of each request: the API answers within 30 s. */
const requestTimeoutMs = seconds(5);
const requestsAtOnce = 8;

/**
 * Follows every route of a tenant's policy to the people at its end, for the next seven days. Fails
 * when PagerDuty cannot be asked; what cannot be known is listed as not proved, never as a gap.
 */
export async function proveCoverage(
  deps: CoverageDeps,
  tenant: TenantPolicy,
): Promise<Result<Coverage, PortFailure>> {
  const fromMs = deps.clock.now();
  const span: Span = { fromMs, untilMs: after(fromMs, coverageSpanMs) };
  const chat = await proveChannel(deps, tenant);
  const isConfigured = await deps.pagerRest.isConfigured();
  if (!isConfigured.ok) return isConfigured;
  if (!isConfigured.value) {
    return ok({
      tenant: tenant.id,
      ...span,
      routes: [],
      gaps: chat.gaps,
      unproved: [...chat.unproved, noToken],
    });
  }
  const services = await deps.pagerRest.services(requestTimeoutMs);
  if (!services.ok) return services;
  const facts = await gatherRoutes(deps, { tenant, span, known: services.value });
  if (!facts.ok) return facts;
  const people = await provePeople(deps, tenant, facts.value);
  if (!people.ok) return people;
  const gaps = facts.value.flatMap((route) => findRouteGaps(route, span));
  return ok({
    tenant: tenant.id,
    ...span,
    routes: facts.value.map(shown),
    gaps: [...gaps, ...people.value, ...chat.gaps],
    unproved: [...facts.value.flatMap(notFollowed), ...chat.unproved],
  });
}

const noToken =
  'The PagerDuty secret has no "apiToken" and "apiFrom": no route can be followed to a person.';

/** What a key of an orchestration leads to is only known where the policy says so. */
const notFollowed = ({ route, key, service }: RouteFacts): readonly string[] =>
  key === 'orchestrated' && service === null
    ? [
        `${describeRoute(route)}: the routing key ${JSON.stringify(route.routingKey)} leads to an event orchestration, which cannot be followed. Name pagerdutyServiceId in the policy.`,
      ]
    : [];

const shown = ({ route, service, turns }: RouteFacts): Coverage['routes'][number] => ({
  routingKey: route.routingKey,
  services: route.services,
  endsAt: service?.name ?? null,
  people: [...new Set(turns.filter(({ level }) => level === 1).map(({ userName }) => userName))],
});

interface Survey {
  readonly tenant: TenantPolicy;
  readonly span: Span;
  readonly known: PagerServices;
}

async function gatherRoutes(
  deps: CoverageDeps,
  { tenant, span, known }: Survey,
): Promise<Result<readonly RouteFacts[], PortFailure>> {
  const gathered = await inParallel(routesOf(tenant), requestsAtOnce, async (route) => {
    const { routingKey, expectedServiceIds } = route;
    const isOrchestrated = known.orchestrated.includes(routingKey);
    const key = isOrchestrated
      ? ('orchestrated' as const)
      : known.routingKeys.includes(routingKey)
        ? ('present' as const)
        : ('missing' as const);
    const service = known.services.find(({ id, routingKeys }) =>
      isOrchestrated ? expectedServiceIds.includes(id) : routingKeys.includes(routingKey),
    );
    if (service === undefined) return ok({ route, key, service: null, turns: [] });
    const turns = await turnsOf(deps, service, span);
    return turns.ok ? ok({ route, key, service, turns: turns.value }) : turns;
  });
  const facts: RouteFacts[] = [];
  for (const one of gathered) {
    if (!one.ok) return one;
    facts.push(one.value);
  }
  return ok(facts);
}

async function turnsOf(
  { pagerRest }: CoverageDeps,
  { escalationPolicy }: PagerService,
  { fromMs: sinceMs, untilMs }: Span,
): Promise<Result<readonly Turn[], PortFailure>> {
  const query = { sinceMs, untilMs, escalationPolicyId: escalationPolicy.id };
  const turns = await pagerRest.onCalls(query, requestTimeoutMs);
  if (!turns.ok) return turns;
  return ok(
    turns.value.map(({ user, level, schedule, fromMs, untilMs: endMs }) => ({
      level,
      userId: user.id,
      userName: user.name,
      schedule,
      fromMs,
      untilMs: endMs,
    })),
  );
}

async function provePeople(
  { pagerRest }: CoverageDeps,
  { people }: TenantPolicy,
  facts: readonly RouteFacts[],
): Promise<Result<readonly Gap[], PortFailure>> {
  const turns = new Map(facts.flatMap((of) => of.turns).map((turn) => [turn.userId, turn]));
  const found = await inParallel([...turns.values()], requestsAtOnce, async (turn) => {
    const user = await pagerRest.user(turn.userId, requestTimeoutMs);
    // Whoever was deleted while on call is reached by nothing.
    if (!user.ok && user.error.kind !== 'not_found') return user;
    const reach: Reach = {
      userId: turn.userId,
      reachedBy: user.ok ? user.value.reachedBy : [],
      isKnown: people.some(({ pagerdutyUserId }) => pagerdutyUserId === turn.userId),
    };
    return ok(findPersonGaps(turn, reach));
  });
  const gaps: Gap[] = [];
  for (const one of found) {
    if (!one.ok) return one;
    gaps.push(...one.value);
  }
  return ok(gaps);
}

/** Slack that does not answer is no gap: it is only messages that wait. */
async function proveChannel(
  { chat }: CoverageDeps,
  { id, slack }: TenantPolicy,
): Promise<Pick<Coverage, 'gaps' | 'unproved'>> {
  if (slack === null) return { gaps: [], unproved: [] };
  const found = await chat.describeChannel(id, slack.channel);
  if (found.ok) {
    const { isArchived } = found.value;
    return { gaps: isArchived ? [deadChannel(slack.channel, 'is archived')] : [], unproved: [] };
  }
  const { about, reason } = found.error;
  if (about === 'channel') {
    return { gaps: [deadChannel(slack.channel, `cannot be found (${reason})`)], unproved: [] };
  }
  if (about === 'access') {
    return { gaps: [deadChannel(slack.channel, `refuses Tocsin (${reason})`)], unproved: [] };
  }
  return { gaps: [], unproved: [`Slack could not be asked about ${slack.channel}: ${reason}.`] };
}
