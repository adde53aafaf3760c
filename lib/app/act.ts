import type { IncidentCommand, Refusal } from '../domain/incident/command.ts';
import { decide } from '../domain/incident/decide.ts';
import { readDedupKey } from '../domain/incident/identity.ts';
import type { Incident } from '../domain/incident/state.ts';
import type { TenantPolicy } from '../domain/policy/policy.ts';
import { err, ok, type Result } from '../domain/shared/result.ts';
import type { PortFailure } from '../ports/failure.ts';
import type { StoredDelivery } from '../ports/store.ts';
import { isWorthDecidingAgain, maxAttempts, pause } from './attempts.ts';
import { commitDecision } from './commit.ts';
import { tenantOf, type Deps } from './deps.ts';

export interface Act {
  readonly tenant: string;
  readonly incidentId: string;
  readonly command: IncidentCommand;
  readonly causeId: string;
  /** The incident as just read or written: spares the first reading. */
  readonly known?: Incident;
  /** A provider's message to keep in the same transaction. */
  readonly delivery?: StoredDelivery;
}

export interface Acted {
  readonly incident: Incident;
  /** Why nothing else than overdue instants was recorded; null when the command was carried out. */
  readonly refusal: Refusal | null;
}

export type ActFailure =
  PortFailure | { readonly kind: 'no_such_incident'; readonly message: string };

/**
 * Carries out a command on an incident: load, decide, commit, and again from the start when
 * somebody else was first. Repeating a command that was carried out gives a refusal, not a second
 * event. A refused command leaves its `delivery` unstored, for the caller to keep with the reason.
 */
export async function act(deps: Deps, input: Act): Promise<Result<Acted, ActFailure>> {
  let last: PortFailure = { kind: 'conflict', message: 'The incident was never free.' };
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    if (attempt > 0) await pause(deps, attempt);
    const acted = await actOnce(deps, input, attempt === 0 ? input.known : undefined);
    if (acted.ok || acted.error.kind === 'no_such_incident') return acted;
    last = acted.error;
    if (!isWorthDecidingAgain(last)) return acted;
    const told = await wasToldBefore(deps, input);
    if (told !== null) return told;
  }
  return err(last);
}

/** An answer that was lost may have carried the delivery: then all of it is stored. */
async function wasToldBefore(deps: Deps, input: Act): Promise<Result<Acted, ActFailure> | null> {
  if (input.delivery === undefined) return null;
  const known = await deps.store.loadDelivery(input.delivery.key);
  if (!known.ok || known.value === null) return null;
  const incident = await deps.store.loadIncident(input.tenant, input.incidentId);
  return incident.ok && incident.value !== null
    ? ok({ incident: incident.value, refusal: null })
    : null;
}

async function actOnce(
  deps: Deps,
  input: Act,
  known: Incident | undefined,
): Promise<Result<Acted, ActFailure>> {
  const { tenant, incidentId, command } = input;
  const policy = tenantOf(deps.policy, tenant);
  const loaded =
    known === undefined ? await deps.store.loadIncident(tenant, incidentId) : ok(known);
  if (!loaded.ok) return loaded;
  const before = loaded.value;
  if (before === null || policy === null) {
    const message = `There is no incident ${incidentId} for tenant ${tenant}.`;
    return err({ kind: 'no_such_incident', message });
  }
  const follower = command.kind === 'reopen' ? await followerOf(deps, before) : ok(null);
  if (!follower.ok) return follower;
  return follower.value === null
    ? decideOn(deps, input, { before, policy })
    : ok({ incident: before, refusal: overtaken(follower.value) });
}

async function decideOn(
  deps: Deps,
  { command, causeId, delivery }: Act,
  { before, policy }: { readonly before: Incident; readonly policy: TenantPolicy },
): Promise<Result<Acted, ActFailure>> {
  const nowMs = deps.clock.now();
  const { decided, outcome } = decide(before, command, { policy, nowMs });
  const committed = await commitDecision(deps, {
    before,
    decided,
    nowMs,
    causeId,
    delivery: outcome.ok ? delivery : undefined,
  });
  if (!committed.ok) return committed;
  return ok({ incident: committed.value, refusal: outcome.ok ? null : outcome.error });
}

/** The incident that has followed a resolved one in its thread; null while that is the newest. */
export async function followerOf(
  { store }: Pick<Deps, 'store'>,
  { tenant, id, dedupKey }: Incident,
): Promise<Result<string | null, PortFailure>> {
  const key = readDedupKey(dedupKey);
  const thread = await store.loadThread(tenant, key?.threadHash ?? '');
  if (!thread.ok) return thread;
  const current = thread.value?.current?.incidentId ?? id;
  return ok(current === id ? null : current);
}

/** Two incidents about one problem would both page. */
const overtaken = (follower: string): Refusal => ({
  kind: 'not_allowed',
  message: `The problem has come back since as incident ${follower}: act on that one.`,
});
