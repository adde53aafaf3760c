import type { ChatPlace } from '../../domain/announce/message.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { SlackDeps } from './deps.ts';

/** The incident whose own channel or thread a place is; null for any other place. */
export async function incidentOfPlace(
  { chatRows }: Pick<SlackDeps, 'chatRows'>,
  tenant: string,
  place: ChatPlace | null,
): Promise<Result<string | null, PortFailure>> {
  if (place === null) return ok(null);
  const found = await chatRows.findByPlace(tenant, place);
  if (!found.ok || found.value !== null || place.threadTs === null) return found;
  return chatRows.findByPlace(tenant, { ...place, threadTs: null });
}
