import { err, ok } from '../../domain/shared/result.ts';
import type { PageContent } from '../../domain/paging/compose.ts';
import type { FallbackPager, Pager, PagerDirectory, PagerIncident } from '../../ports/pager.ts';

/** What the outside world holds under one key. */
export interface PagedIncident {
  readonly dedupKey: string;
  readonly status: PagerIncident['status'];
  /** Accepted events under this key, repeats included. */
  readonly events: readonly PageContent['action'][];
}

/** A pager as the vendor behaves: one open incident a key, repeats folded in. */
export interface MemoryPager extends Pager, PagerDirectory {
  readonly accepted: () => readonly PageContent[];
  readonly incidents: () => readonly PagedIncident[];
}

const statusAfter: Readonly<Record<PageContent['action'], PagerIncident['status']>> = {
  trigger: 'triggered',
  acknowledge: 'acknowledged',
  resolve: 'resolved',
};

/**
 * A trigger opens an incident or repeats on an open one, acknowledged or not; acknowledge and
 * resolve of what is not open change nothing.
 */
export function createMemoryPager(): MemoryPager {
  const accepted: PageContent[] = [];
  const incidents = new Map<string, PagedIncident>();
  return {
    send(page) {
      accepted.push(structuredClone(page));
      incidents.set(page.dedupKey, changed(incidents.get(page.dedupKey), page));
      return Promise.resolve(ok(undefined));
    },
    findIncident(_tenant, pagerIncidentId) {
      const found = incidents.get(pagerIncidentId);
      return Promise.resolve(
        found === undefined
          ? err({ kind: 'not_found', message: `The pager has no incident ${pagerIncidentId}.` })
          : ok({
              pagerIncidentId,
              status: found.status,
              url: `https://pager.example/incidents/${pagerIncidentId}`,
              dedupKeys: [found.dedupKey],
            }),
      );
    },
    accepted: () => [...accepted],
    incidents: () => [...incidents.values()],
  };
}

function changed(
  before: PagedIncident | undefined,
  { dedupKey, action }: PageContent,
): PagedIncident {
  const events = [...(before?.events ?? []), action];
  const status = before?.status ?? 'resolved';
  const isOpen = status !== 'resolved';
  if (action === 'trigger') return { dedupKey, events, status: isOpen ? status : 'triggered' };
  return { dedupKey, events, status: isOpen ? statusAfter[action] : status };
}

/** A second channel that keeps what it was told. It has no key: a repeat is a second message. */
export interface MemoryFallbackPager extends FallbackPager {
  readonly messages: () => readonly { readonly subject: string; readonly text: string }[];
}

export function createMemoryFallbackPager(): MemoryFallbackPager {
  const messages: { readonly subject: string; readonly text: string }[] = [];
  return {
    send(message) {
      messages.push({ ...message });
      return Promise.resolve(ok(undefined));
    },
    messages: () => [...messages],
  };
}
