import type { Delivery, SourceKind, Unreadable } from '../domain/alert/alert.ts';
import type { Result } from '../domain/shared/result.ts';
import type { PortFailure } from '../ports/failure.ts';
import type { IntakeSecret, Secrets } from '../ports/secrets.ts';
import { originOf, type IntakeDeps } from './deps.ts';
import { ingest } from './ingest.ts';
import type { Taken } from './intake.ts';
import { quarantine } from './operator-incident.ts';

/** What taking deliveries off the network needs: the codecs are given, so that this stays pure. */
export interface ReceiveDeps extends IntakeDeps {
  readonly secrets: Secrets;
  readonly verify: (attempt: {
    readonly authorization: string | undefined;
    readonly rawQueryString: string;
    readonly sourceKind: SourceKind;
    readonly sources: readonly { readonly id: string; readonly kind: SourceKind }[];
    readonly secrets: IntakeSecret['sources'];
  }) => string | null;
  readonly decoders: Readonly<
    Record<Exclude<SourceKind, 'tocsin'>, (body: Uint8Array) => Result<Delivery, Unreadable>>
  >;
  readonly setDigest: (delivery: Delivery) => string;
}

export interface AlertRequest {
  readonly sourceKind: Exclude<SourceKind, 'tocsin'>;
  readonly authorization: string | undefined;
  readonly rawQueryString: string;
  readonly body: Uint8Array;
  readonly requestId: string;
}

export type Received =
  | { readonly kind: 'taken'; readonly taken: Taken }
  | { readonly kind: 'unauthorized' }
  /** Our own trouble: the sender is to come again. Nothing was promised. */
  | { readonly kind: 'busy'; readonly failure: PortFailure };

/**
 * Takes one request of an alert source. Whoever proves to be a source gets `taken` or `busy` and
 * nothing else: what cannot be read is kept and reported to the operators.
 */
export async function receiveAlerts(deps: ReceiveDeps, request: AlertRequest): Promise<Received> {
  const secret = await deps.secrets.intake();
  if (!secret.ok) return { kind: 'busy', failure: secret.error };
  const sourceId = deps.verify({
    authorization: request.authorization,
    rawQueryString: request.rawQueryString,
    sourceKind: request.sourceKind,
    sources: deps.policy.tenants.flatMap(({ sources }) => sources),
    secrets: secret.value.sources,
  });
  const origin = sourceId === null ? null : originOf(deps.policy, sourceId);
  if (origin === null) return { kind: 'unauthorized' };
  const { body, requestId } = request;
  const decoded = deps.decoders[request.sourceKind](body);
  const taken = decoded.ok
    ? await ingest(deps, {
        origin,
        delivery: decoded.value,
        body,
        setDigest: deps.setDigest(decoded.value),
        requestId,
        operator: null,
      })
    : await quarantine(deps, { ...origin, reason: decoded.error.reason, body, requestId });
  return taken.ok ? { kind: 'taken', taken: taken.value } : { kind: 'busy', failure: taken.error };
}
