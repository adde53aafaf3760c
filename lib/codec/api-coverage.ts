import type { Coverage } from '../domain/coverage/coverage.ts';
import type { Json } from '../domain/shared/json.ts';
import { toIso, type EpochMs } from '../domain/shared/time.ts';

/** The proof as the API gives it. Instants that are open on one side are null. */
export const coverageJson = (coverage: Coverage): Readonly<Record<string, Json>> => ({
  tenant: coverage.tenant,
  from: toIso(coverage.fromMs),
  until: toIso(coverage.untilMs),
  isProved: coverage.gaps.length === 0 && coverage.unproved.length === 0,
  routes: coverage.routes.map(({ routingKey, services, endsAt, people }) => ({
    routingKey,
    services,
    endsAt,
    people,
  })),
  gaps: coverage.gaps.map(({ kind, subject, text, fromMs, untilMs }) => ({
    kind,
    subject,
    text,
    from: iso(fromMs),
    until: iso(untilMs),
  })),
  unproved: coverage.unproved,
});

const iso = (atMs: EpochMs | null): string | null => (atMs === null ? null : toIso(atMs));
