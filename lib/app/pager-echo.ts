import type { PagerDutyEvent } from '../domain/incident/pagerduty-event.ts';
import { isOwnEcho } from '../domain/paging/rest-mark.ts';
import { ok, type Result } from '../domain/shared/result.ts';
import { seconds } from '../domain/shared/time.ts';
import type { PortFailure } from '../ports/failure.ts';
import { tenantOf, type Deps } from './deps.ts';
import type { PagerEventDeps, PagerEventIntake } from './keep-pager-event.ts';

/** What the incident over there is after each event that changes its state. */
export const statusOf = {
  acknowledged: 'acknowledged',
  unacknowledged: 'triggered',
  reopened: 'triggered',
  resolved: 'resolved',
} as const;

/** PagerDuty waits 5 s for an answer. */
const actingUserTimeoutMs = seconds(1.5);

/** Whether a person over there did what was so here already. */
export async function isNews(
  { pagerRest }: PagerEventDeps,
  event: PagerDutyEvent,
): Promise<boolean> {
  if (!(event.kind in statusOf)) return false;
  // Nobody's doing: an acknowledgement ran out over there.
  if (event.kind === 'unacknowledged' && event.agent === null) return true;
  const { agent } = event;
  return agent?.type === 'user_reference' && !(await isOurUser(pagerRest, agent.id));
}

/** Whether we write there as this user. What cannot be asked counts as somebody else. */
async function isOurUser(
  pagerRest: PagerEventDeps['pagerRest'],
  agentId: string,
): Promise<boolean> {
  const own = await pagerRest?.actingUser(actingUserTimeoutMs);
  return own?.ok === true && own.value === agentId;
}

/** Whether an event is about something that we wrote there ourselves. */
export async function isEcho(
  deps: Deps,
  intake: PagerEventIntake,
  incidentId: string,
): Promise<Result<boolean, PortFailure>> {
  const { event } = intake;
  switch (event.kind) {
    case 'annotated':
      return ok(isOwnEcho(event.note, incidentId));
    case 'responder_added':
    case 'status_update':
      return ok(isOwnEcho(event.message, incidentId));
    case 'priority_updated':
      return isOwnPriority(deps, intake, incidentId);
    case 'triggered':
    case 'acknowledged':
    case 'unacknowledged':
    case 'resolved':
    case 'reopened':
    case 'reassigned':
    case 'delegated':
    case 'escalated':
    case 'ping':
    case 'other':
      return ok(false);
  }
}

/** The priority is the one that the policy gives the severity: it says nothing new. */
async function isOwnPriority(
  { store, policy }: Deps,
  { tenant, event }: PagerEventIntake,
  incidentId: string,
): Promise<Result<boolean, PortFailure>> {
  const incident = await store.loadIncident(tenant, incidentId);
  if (!incident.ok) return incident;
  const severity = incident.value?.severity;
  const kept = severity && tenantOf(policy, tenant)?.paging.priorities[severity];
  return ok(typeof kept === 'string' && kept === event.pdIncident?.priority?.name);
}
