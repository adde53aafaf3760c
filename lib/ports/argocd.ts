import type { JsonObject } from '../domain/shared/json.ts';
import type { Result } from '../domain/shared/result.ts';
import type { PortFailure } from './failure.ts';

/** Which Application: `appNamespace` is null for those in Argo CD's own. */
export interface ApplicationRef {
  readonly server: string;
  readonly project: string;
  readonly name: string;
  readonly appNamespace: string | null;
}

/** `status` is the HTTP status, null when there was no answer. */
export interface ArgoCdFailure extends PortFailure {
  readonly status: number | null;
}

export type ArgoCdResult<Value> = Promise<Result<Value, ArgoCdFailure>>;

/** Argo CD's API, for the applications of one tenant. Writes are sent once. */
export interface ArgoCd {
  /** The Application as Argo CD has it, raw. */
  readonly application: (ref: ApplicationRef) => ArgoCdResult<JsonObject>;
  /** Whether its project's sync windows let an operation begin now; it is held when not. */
  readonly canSync: (ref: ApplicationRef) => ArgoCdResult<boolean>;
  /** A JSON Patch of the Application; `conflict` when a `test` in it does not hold. */
  readonly patch: (ref: ApplicationRef, patch: readonly JsonObject[]) => ArgoCdResult<JsonObject>;
  readonly rollback: (
    ref: ApplicationRef,
    to: { readonly historyId: number; readonly isDryRun: boolean },
  ) => ArgoCdResult<JsonObject>;
  readonly sync: (
    ref: ApplicationRef,
    to: { readonly revision: string; readonly isDryRun: boolean },
  ) => ArgoCdResult<JsonObject>;
}

export interface ArgoCds {
  readonly open: (tenant: string) => ArgoCd;
}
