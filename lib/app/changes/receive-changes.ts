import type { ChangeRecord } from '../../domain/action/rows.ts';
import type { ChangeSourceKind } from '../../domain/policy/action-policy.ts';
import type { Policy, SourcePolicy } from '../../domain/policy/policy.ts';
import { placeChange, type ChangeOrigin } from '../../domain/runbook/place-change.ts';
import type { ToldChange } from '../../domain/runbook/told-change.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { DeliveryKey, DeliveryOutcome } from '../../ports/store.ts';
import { keepReceipt } from '../keep-delivery.ts';
import { quarantine } from '../operator-incident.ts';
import type { ReceiveChangesDeps } from './deps.ts';
import { keepMessage } from './keep-message.ts';
import { tellOpenIncidents } from './tell-open-incidents.ts';

export interface ChangeMessage {
  /** The kind whose path was called. */
  readonly kind: ChangeSourceKind;
  readonly header: (name: string) => string | undefined;
  readonly body: Uint8Array;
  readonly requestId: string;
}

export type ChangesReceived =
  | {
      readonly kind: 'taken';
      readonly outcome: DeliveryOutcome;
      /** The same bytes came before: nothing was done. */
      readonly isRepeat: boolean;
    }
  | { readonly kind: 'unauthorized' }
  /** Our own trouble: the sender is to come again. Nothing was promised. */
  | { readonly kind: 'busy'; readonly failure: PortFailure };

/**
 * Takes one message of a change feed. Whose it is follows from its credential alone. Each message
 * is taken once, by its bytes: a replay changes nothing. What cannot be read is kept and reported
 * to the operators; everything else that was proven gets `taken` or `busy`.
 */
export async function receiveChanges(
  deps: ReceiveChangesDeps,
  message: ChangeMessage,
): Promise<ChangesReceived> {
  const secret = await deps.secrets.intake();
  if (!secret.ok) return { kind: 'busy', failure: secret.error };
  const { kind, header, body } = message;
  const sourceId = deps.verifyChange({
    kind,
    header,
    body,
    nowMs: deps.clock.now(),
    sources: deps.policy.tenants.flatMap(({ actions }) => actions.changeSources),
    secrets: secret.value.sources,
  });
  const origin = sourceId === null ? null : changeOriginOf(deps.policy, sourceId);
  if (origin === null) return { kind: 'unauthorized' };
  const taken = await takeOnce(deps, message, origin);
  return taken.ok ? { kind: 'taken', ...taken.value } : { kind: 'busy', failure: taken.error };
}

/** The change source with this id and whose it is. Source ids are unique over all tenants. */
function changeOriginOf(policy: Policy, sourceId: string): ChangeOrigin | null {
  for (const tenant of policy.tenants) {
    const source = tenant.actions.changeSources.find(({ id }) => id === sourceId);
    if (source !== undefined) return { tenant, source };
  }
  return null;
}

type Taken = Result<{ readonly outcome: DeliveryOutcome; readonly isRepeat: boolean }, PortFailure>;

async function takeOnce(
  deps: ReceiveChangesDeps,
  message: ChangeMessage,
  origin: ChangeOrigin,
): Promise<Taken> {
  const bodyHash = deps.hashing.digestBytes(message.body);
  const key: DeliveryKey = {
    tenant: origin.tenant.id,
    sourceId: origin.source.id,
    groupHash: bodyHash.slice(0, 32),
    setDigest: bodyHash,
  };
  const known = await deps.store.loadDelivery(key);
  if (!known.ok) return known;
  if (known.value !== null) {
    const { deliveryId, outcome } = known.value;
    const receivedAtMs = deps.clock.now();
    const { requestId } = message;
    const repeat = { key, receivedAtMs, bodyHash, deliveryId, requestId };
    const receipt = await keepReceipt(deps, repeat);
    return receipt.ok ? ok({ outcome, isRepeat: true }) : receipt;
  }
  const outcome = await take(deps, message, origin);
  if (!outcome.ok) return outcome;
  if (outcome.value.kind === 'quarantined') return ok({ outcome: outcome.value, isRepeat: false });
  const kept = await keepMessage(deps, { key, bodyHash, outcome: outcome.value, ...message });
  return kept.ok ? ok({ outcome: outcome.value, isRepeat: false }) : kept;
}

/** Everything here may be done again: the message is kept, and thereby done, last. */
async function take(
  deps: ReceiveChangesDeps,
  { kind, body, requestId }: ChangeMessage,
  origin: ChangeOrigin,
): Promise<Result<DeliveryOutcome, PortFailure>> {
  const { tenant } = origin;
  const decoded = deps.decodeChanges(kind, body);
  if (!decoded.ok) {
    const { reason } = decoded.error;
    const source = reporting(origin);
    const taken = await quarantine(deps, { tenant, source, reason, body, requestId });
    return taken.ok ? ok(taken.value.outcome) : taken;
  }
  if (decoded.value.kind === 'nothing') return ok(without(decoded.value.reason));
  const told = decoded.value.changes;
  const nowMs = deps.clock.now();
  const placed = told.flatMap((change) => placeChange(change, origin, nowMs) ?? []);
  if (placed.length === 0) return ok(without(nobodys(told, origin)));
  return keepAll(deps, placed);
}

/** As whom the operators hear of a body that cannot be read. */
const reporting = ({ source }: ChangeOrigin): SourcePolicy => ({
  id: source.id,
  kind: 'alertmanager',
  labels: {},
  apiUrl: null,
  unreadableSeverity: 'P2',
});

const without = (reason: string): DeliveryOutcome => ({
  kind: 'suppressed',
  incidentIds: [],
  alerts: 0,
  reason,
});

function nobodys(told: readonly ToldChange[], { source }: ChangeOrigin): string {
  const [subject = ''] = told.map((change) => change.subject);
  return (
    `${subject === '' ? 'a change without a name' : subject} is no service of the change source ` +
    `${source.id}: name it under its services in the policy`
  );
}

async function keepAll(
  deps: ReceiveChangesDeps,
  changes: readonly ChangeRecord[],
): Promise<Result<DeliveryOutcome, PortFailure>> {
  for (const change of changes) {
    const put = await deps.changes.put(change);
    if (!put.ok) return put;
  }
  const told = await tellOpenIncidents(deps, changes);
  if (!told.ok) return told;
  const services = [...new Set(changes.map(({ service }) => service))].join(', ');
  const count = changes.length === 1 ? 'a change' : `${changes.length} changes`;
  const reason = `${count} of ${services}`;
  const incidentIds = told.value;
  const kind = incidentIds.length === 0 ? 'suppressed' : 'attached';
  return ok({ kind, incidentIds, alerts: 0, reason });
}
