import type { Commit } from '../../domain/incident/event.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import type { Image, Item, ItemKey, UnreadableItem } from './attributes.ts';
import { lastPart, padSeq, part } from './key-parts.ts';
import { payloadOf, readPayload } from './payload.ts';

/** Partition of an incident: its snapshot and its log. */
export const incidentPk = (tenant: string, incidentId: string): string =>
  `T#${part(tenant)}#I#${lastPart(incidentId)}`;

/** Key of one commit. Commits of one incident sort by their first sequence number. */
export const commitKey = (commit: Pick<Commit, 'tenant' | 'incidentId' | 'firstSeq'>): ItemKey => ({
  pk: incidentPk(commit.tenant, commit.incidentId),
  sk: `C#${padSeq(commit.firstSeq)}`,
});

/** The item of a commit: written once, never changed. */
export function commitItem(commit: Commit): Item {
  const { pk, sk } = commitKey(commit);
  return { pk: { S: pk }, sk: { S: sk }, kind: { S: 'commit' }, ...payloadOf(commit) };
}

/** The commit in an item, as read by key or as the stream's NewImage carries it. */
export function decodeCommitImage(image: Image): Result<Commit, UnreadableItem> {
  const payload = readPayload(image);
  // The payload is what `commitItem` wrote; the schema version vouches for its shape.
  return payload.ok ? ok(payload.value as Commit) : payload;
}
