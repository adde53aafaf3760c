import { ok } from '../../domain/shared/result.ts';
import type { ConsoleSecret, IntakeSecret, PagerDutySecret, Secrets } from '../../ports/secrets.ts';

/** Secrets that are given once and never change. */
export function createMemorySecrets(held: {
  readonly intake: IntakeSecret;
  readonly pagerduty: PagerDutySecret;
  readonly console: ConsoleSecret;
}): Secrets {
  return {
    intake: () => Promise.resolve(ok(held.intake)),
    pagerduty: () => Promise.resolve(ok(held.pagerduty)),
    console: () => Promise.resolve(ok(held.console)),
  };
}
