import type { Commit } from '../domain/incident/event.ts';
import { toIso } from '../domain/shared/time.ts';
import type { Bus, BusEvent } from '../ports/bus.ts';
import type { Log } from '../ports/system.ts';

/** A commit as the stream brought it; `position` is the stream's name for the record. */
export interface RelayedCommit {
  readonly position: string;
  readonly value: Commit;
}

/** Version of the detail's schema, documented in docs/events.md. */
const schemaVersion = 1;

/**
 * Publishes every event of some commits. Gives the position of the first commit that did not get
 * through whole, from which on the stream must come again; null when all did. Events of a commit
 * that comes again are published again: consumers deduplicate on `detail.id`.
 */
export async function relayEvents(
  { bus, log }: { readonly bus: Bus; readonly log: Log },
  commits: readonly RelayedCommit[],
): Promise<string | null> {
  const events = commits.flatMap(({ value, position }) =>
    busEventsOf(value).map((event) => ({ event, position })),
  );
  const published = await bus.publish(events.map(({ event }) => event));
  if (!published.ok) {
    log.error('No event reached the bus.', { why: published.error });
    return commits[0]?.position ?? null;
  }
  const [firstFailed] = published.value.failed;
  if (firstFailed === undefined) return null;
  log.error('Some events did not reach the bus.', { failed: published.value.failed.length });
  return events[firstFailed]?.position ?? null;
}

/** The events of a commit as the bus carries them. */
export function busEventsOf(commit: Commit): readonly BusEvent[] {
  return commit.events.map((event, index) => {
    const seq = commit.firstSeq + index;
    const { type, ...data } = event;
    const id = `${commit.tenant}/${commit.incidentId}/${seq}`;
    return {
      id,
      type,
      atMs: commit.atMs,
      detail: {
        schema: schemaVersion,
        id,
        tenant: commit.tenant,
        incidentId: commit.incidentId,
        seq,
        at: toIso(commit.atMs),
        type,
        causeId: commit.causeId,
        policyVersion: commit.policyVersion,
        data,
      },
    };
  });
}
