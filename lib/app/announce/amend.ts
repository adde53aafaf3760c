import type { ChatPlace } from '../../domain/announce/message.ts';
import type { RowChange } from '../../domain/announce/row-changes.ts';
import { newChatRow, type ChatRow } from '../../domain/announce/row.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { PortFailure } from '../../ports/failure.ts';
import { isWorthDecidingAgain, maxAttempts, pause } from '../attempts.ts';
import type { AnnounceDeps } from './deps.ts';

export interface Amended {
  /** As it is stored now. */
  readonly row: ChatRow;
  /** The change was made; false when it no longer applied. */
  readonly isMade: boolean;
  /** Somebody else wrote the row meanwhile: what was known beside it may be old. */
  readonly isContended: boolean;
}

/**
 * Changes a row as it is stored, however often somebody else is first. A change that no longer
 * applies is left out, which shows in the row that comes back.
 */
export async function amend(
  deps: AnnounceDeps,
  row: ChatRow,
  change: { readonly to: RowChange; readonly places?: readonly ChatPlace[] },
): Promise<Result<Amended, PortFailure>> {
  let current = row;
  let last: PortFailure = { kind: 'conflict', message: 'The chat row was never free.' };
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const changed = change.to(current);
    if (changed === null) return ok({ row: current, isMade: false, isContended: attempt > 0 });
    const next = { ...changed, version: current.version + 1 };
    const saved = await deps.rows.save(next, change.places);
    if (saved.ok) return ok({ row: next, isMade: true, isContended: attempt > 0 });
    last = saved.error;
    if (!isWorthDecidingAgain(last)) return saved;
    await pause(deps, attempt + 1);
    const loaded = await loadRow(deps, row.tenant, row.incidentId);
    if (!loaded.ok) return loaded;
    current = loaded.value;
  }
  return err(last);
}

/** The row of an incident; a fresh one when nothing was ever shown of it. */
export async function loadRow(
  { rows }: Pick<AnnounceDeps, 'rows'>,
  tenant: string,
  incidentId: string,
): Promise<Result<ChatRow, PortFailure>> {
  const loaded = await rows.load(tenant, incidentId);
  return loaded.ok ? ok(loaded.value ?? newChatRow(tenant, incidentId)) : loaded;
}
