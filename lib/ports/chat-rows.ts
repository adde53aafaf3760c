import type { ChatPlace } from '../domain/announce/message.ts';
import type { ChatRow, ChatWorkspace } from '../domain/announce/row.ts';
import type { EpochMs } from '../domain/shared/time.ts';
import type { StoreResult } from './store.ts';

/**
 * What the chat shows of each incident, beside the store and in the same table. Reads by key are
 * strongly consistent; a failed condition is `conflict`: load again and decide anew.
 */
export interface ChatRows {
  readonly load: (tenant: string, incidentId: string) => StoreResult<ChatRow | null>;
  /**
   * Writes a row whose `version` is one more than the stored one, 1 for a new one. From then on
   * `findByPlace` leads from each of `places` to the incident.
   */
  readonly save: (row: ChatRow, places?: readonly ChatPlace[]) => StoreResult<void>;
  /** Rows of a tenant due up to and including `untilMs`, earliest first, at most `limit`. Found by
   * an index: a row may be seen a moment late. */
  readonly loadPending: (
    tenant: string,
    untilMs: EpochMs,
    limit: number,
  ) => StoreResult<readonly ChatRow[]>;
  /** The incident whose own channel or thread this is. */
  readonly findByPlace: (tenant: string, place: ChatPlace) => StoreResult<string | null>;
  readonly loadWorkspace: (tenant: string) => StoreResult<ChatWorkspace | null>;
  /** As `save`, by the `version` that it carries. */
  readonly saveWorkspace: (workspace: ChatWorkspace) => StoreResult<void>;
}
