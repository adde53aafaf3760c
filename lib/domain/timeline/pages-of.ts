import type { Commit, IncidentEvent } from '../incident/event.ts';
import type { PageEvent, PageRequested } from '../incident/page-event.ts';
import type { EpochMs } from '../shared/time.ts';

/** Where one page stands, from being asked for to its one outcome. */
export interface PageLine {
  readonly intentId: string;
  readonly channel: PageRequested['channel'];
  readonly action: PageRequested['action'];
  readonly text: string;
  readonly askedAtMs: EpochMs;
  readonly state: 'waiting' | 'retrying' | 'held' | 'accepted' | 'superseded' | 'given up';
  /** When it came to this state. */
  readonly sinceMs: EpochMs;
  /** What the other side said, or why it was not sent; null when there is nothing to tell. */
  readonly reason: string | null;
}

/** Every page of an incident, in the order in which they were asked for. */
export function pagesOf(commits: readonly Commit[]): readonly PageLine[] {
  const lines = new Map<string, PageLine>();
  for (const { atMs, events } of commits) {
    for (const event of events.filter(isPageEvent)) {
      if (event.type === 'page.requested') lines.set(event.intentId, asked(event, atMs));
      const known = lines.get(event.intentId);
      if (known === undefined || event.type === 'page.requested') continue;
      lines.set(event.intentId, { ...known, ...changeOf(event), sinceMs: atMs });
    }
  }
  return [...lines.values()];
}

const isPageEvent = (event: IncidentEvent): event is PageEvent => event.type.startsWith('page.');

const asked = ({ intentId, channel, action, text }: PageRequested, atMs: EpochMs): PageLine => ({
  intentId,
  channel,
  action,
  text,
  askedAtMs: atMs,
  state: 'waiting',
  sinceMs: atMs,
  reason: null,
});

function changeOf(event: Exclude<PageEvent, PageRequested>): Pick<PageLine, 'state' | 'reason'> {
  switch (event.type) {
    case 'page.accepted':
      return { state: 'accepted', reason: null };
    case 'page.attempt_failed':
      return { state: 'retrying', reason: event.failure };
    case 'page.held':
      return { state: 'held', reason: event.reason };
    case 'page.superseded':
      return { state: 'superseded', reason: event.reason };
    case 'page.dead_lettered':
      return { state: 'given up', reason: event.failure };
  }
}
