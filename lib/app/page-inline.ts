import { isGraver } from '../domain/policy/policy.ts';
import type { Incident } from '../domain/incident/state.ts';
import { durationMs, seconds, type DurationMs } from '../domain/shared/time.ts';
import { inParallel } from './concurrency.ts';
import type { PagingDeps } from './deps.ts';
import { primaryIntents, sendFrom } from './send-page.ts';

/** How long a delivery's answer may wait for its pages. The stream sends what did not leave. */
const inlineBudgetMs: DurationMs = seconds(1.5);
const pagesAtOnce = 8;

/**
 * Sends the pages of incidents to PagerDuty right after their commit, the gravest first, for 1.5 s
 * at most. Never fails: what does not leave now is in the outbox, the second channel's pages too.
 */
export async function pageInline(deps: PagingDeps, incidents: readonly Incident[]): Promise<void> {
  const endMs = deps.clock.now() + inlineBudgetMs;
  const ordered = [...incidents].sort((a, b) =>
    isGraver(a.severity, b.severity) ? -1 : isGraver(b.severity, a.severity) ? 1 : 0,
  );
  await inParallel(ordered, pagesAtOnce, async (incident) => {
    for (const intentId of primaryIntents(incident)) {
      const leftMs = endMs - deps.clock.now();
      if (leftMs <= 0) return;
      const sent = await sendFrom(deps, { incident, intentId, timeoutMs: durationMs(leftMs) });
      if (!sent.ok) {
        deps.log.warn('A page is left to the outbox.', { incident: incident.id, why: sent.error });
      }
    }
  });
}
