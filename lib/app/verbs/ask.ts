import type { PersonPolicy, TenantPolicy } from '../../domain/policy/policy.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { EpochMs } from '../../domain/shared/time.ts';
import type { DrawnTarget } from '../../domain/verbs/stamp.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { Caller, Fields, Verb, VerbCall } from './verb.ts';

/** What somebody asks for whom a channel has verified. */
export interface Ask {
  readonly tenant: TenantPolicy;
  readonly person: PersonPolicy;
  readonly by: Caller;
  readonly verb: Verb;
  /** What follows the verb; empty for clicks and forms. */
  readonly args: string;
  /** The incident of the button or the form that was used; null when something was typed. */
  readonly drawn: DrawnTarget | null;
  /** What was filled in; null when it is no form that was sent. */
  readonly fields: Fields | null;
  /** When what a form is about happened; null: now. */
  readonly occurredAtMs: EpochMs | null;
  readonly message: VerbCall['message'];
  readonly requestId: string;
  readonly seal: string;
  /** The incident whose own place the caller speaks in; null elsewhere. */
  readonly here: () => Promise<Result<string | null, PortFailure>>;
}
