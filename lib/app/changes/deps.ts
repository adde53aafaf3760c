import type { ChangeSourceKind } from '../../domain/policy/action-policy.ts';
import type { Unreadable } from '../../domain/alert/alert.ts';
import type { ToldChanges } from '../../domain/runbook/told-change.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { EpochMs } from '../../domain/shared/time.ts';
import type { Changes } from '../../ports/action-rows.ts';
import type { IntakeSecret, Secrets } from '../../ports/secrets.ts';
import type { IntakeDeps } from '../deps.ts';

/** What taking changes off the network needs: the codecs are given, so that this stays pure. */
export interface ReceiveChangesDeps extends IntakeDeps {
  readonly changes: Changes;
  readonly secrets: Pick<Secrets, 'intake'>;
  /** The id of the change source that proves itself, or null. */
  readonly verifyChange: (attempt: {
    readonly kind: ChangeSourceKind;
    readonly header: (name: string) => string | undefined;
    readonly body: Uint8Array;
    readonly nowMs: EpochMs;
    readonly sources: readonly { readonly id: string; readonly kind: ChangeSourceKind }[];
    readonly secrets: IntakeSecret['sources'];
  }) => string | null;
  readonly decodeChanges: (
    kind: ChangeSourceKind,
    body: Uint8Array,
  ) => Result<ToldChanges, Unreadable>;
}
