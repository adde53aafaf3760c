import type { PageContent } from '../domain/paging/compose.ts';
import type { Result } from '../domain/shared/result.ts';
import type { DurationMs } from '../domain/shared/time.ts';
import type { PortFailure } from './failure.ts';

/** The primary pager. Harmless to repeat: the vendor deduplicates on `dedupKey`. */
export interface Pager {
  readonly send: (page: PageContent, timeoutMs: DurationMs) => Promise<Result<void, PortFailure>>;
}

/** What the pager's own record says of an incident, asked for when a webhook is old. */
export interface PagerIncident {
  readonly pagerIncidentId: string;
  readonly status: 'triggered' | 'acknowledged' | 'resolved';
  readonly url: string;
  /** Deduplication keys of the alerts in it. */
  readonly dedupKeys: readonly string[];
}

export interface PagerDirectory {
  readonly findIncident: (
    tenant: string,
    pagerIncidentId: string,
  ) => Promise<Result<PagerIncident, PortFailure>>;
}

/** The second channel: a plain text to whoever subscribed. Has no key, so claim before. */
export interface FallbackPager {
  readonly send: (
    message: { readonly subject: string; readonly text: string },
    timeoutMs: DurationMs,
  ) => Promise<Result<void, PortFailure>>;
}
