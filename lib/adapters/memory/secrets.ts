import { ok } from '../../domain/shared/result.ts';
import type {
  ConsoleSecret,
  IntakeSecret,
  PagerDutySecret,
  Secrets,
  SlackSecret,
  TargetsSecret,
} from '../../ports/secrets.ts';

/** Secrets that are given once and never change. */
export function createMemorySecrets(held: {
  readonly intake: IntakeSecret;
  readonly pagerduty: PagerDutySecret;
  readonly console: ConsoleSecret;
  readonly slack?: SlackSecret;
  readonly targets?: TargetsSecret;
}): Secrets {
  return {
    intake: () => Promise.resolve(ok(held.intake)),
    pagerduty: () => Promise.resolve(ok(held.pagerduty)),
    console: () => Promise.resolve(ok(held.console)),
    slack: () => Promise.resolve(ok(held.slack ?? { workspaces: {} })),
    targets: () => Promise.resolve(ok(held.targets ?? { tenants: {} })),
  };
}
