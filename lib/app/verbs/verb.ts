import type { Incident } from '../../domain/incident/state.ts';
import type { Principal } from '../../domain/incident/principal.ts';
import type { PersonPolicy, TenantPolicy } from '../../domain/policy/policy.ts';
import type { EpochMs } from '../../domain/shared/time.ts';
import type { FormName } from '../../domain/verbs/form.ts';
import type { VerbReply } from '../../domain/verbs/reply.ts';
import type { ActionRows } from '../../ports/action-rows.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { PagerRest } from '../../ports/pager.ts';
import type { StoredDelivery } from '../../ports/store.ts';
import type { IntakeDeps, PagingDeps } from '../deps.ts';

/** What a verb needs of its caller: to look, to act, or to let an action run. */
export type Right = 'read' | 'respond' | 'approve';

/** Whoever acts by a verb: a person whom the channel has verified. */
export type Caller = Extract<Principal, { readonly kind: 'person' }>;

/** What verbs work with. */
export interface VerbDeps extends IntakeDeps {
  readonly pagerRest: Pick<PagerRest, 'onCalls' | 'services'>;
  readonly consoleUrl: PagingDeps['consoleUrl'];
  /** To ask for actions and to approve them; nothing here can carry one out. */
  readonly actionRows: ActionRows;
}

/** One request of one person, after it was found out who that is and what it is about. */
export interface VerbCall {
  readonly deps: VerbDeps;
  /** The caller's own tenant: nothing outside of it exists for a verb. */
  readonly tenant: TenantPolicy;
  readonly person: PersonPolicy;
  readonly by: Caller;
  /** What follows the verb and the incident's id. */
  readonly args: string;
  readonly incident: Incident | null;
  /** Whether a button or a form names the incident: then it names all else of the same one. */
  readonly isDrawn: boolean;
  /** When what a form is about happened; null: now. */
  readonly occurredAtMs: EpochMs | null;
  /** The message that the caller pointed at; null when it was none. */
  readonly message: { readonly text: string; readonly sentAtMs: EpochMs } | null;
  readonly requestId: string;
  /** Digest of the request as it was signed: names it among all requests. */
  readonly seal: string;
  /** The request itself, for the transaction that carries it out: it cannot be used twice. */
  readonly delivery: (incidentId: string) => StoredDelivery;
  /**
   * Uses the request up by itself, before something that no incident's transaction carries. False:
   * it was used before, and nothing is to be done.
   */
  readonly useUp: () => Promise<Result<boolean, PortFailure>>;
}

/** A call about an incident that was found. */
export interface IncidentCall extends VerbCall {
  readonly incident: Incident;
}

/** What was filled in on a form; a field that is missing is empty. */
export type Fields = Readonly<Record<string, string>>;

interface Described {
  readonly name: string;
  readonly aliases: readonly string[];
  /** What may follow the name, for example `[note]`; empty when nothing does. */
  readonly usage: string;
  /** With the name at most 44 characters: one line on a phone. */
  readonly summary: string;
  readonly right: Right | ((args: string) => Right);
}

/** Forms of verbs that need no incident to be found. */
type GeneralForm = 'declare' | 'plan';

/** A verb that is about one incident. */
export interface IncidentVerb extends Described {
  readonly subject: 'incident';
  /** Among which incidents the one is looked for that nobody named. */
  readonly among: 'open' | 'closed';
  /** Its text may begin with any word, so that one which only looks like an id is no mistake. */
  readonly isProse: boolean;
  /** Whether a click does it at once: then the button must show the incident as it is. */
  readonly heedsStamp: boolean;
  readonly run: (call: IncidentCall) => Promise<VerbReply>;
  /** What is asked back about a message that could belong to several incidents. */
  readonly askWhich?: (call: VerbCall, candidates: readonly Incident[]) => VerbReply;
  /** The form that it takes, and what becomes of that. */
  readonly form?: {
    readonly name: Exclude<FormName, GeneralForm>;
    readonly submit: (call: IncidentCall, fields: Fields) => Promise<VerbReply>;
  };
}

/** A verb that is about no incident, or that can do without one (`perhaps`). */
export interface GeneralVerb extends Described {
  readonly subject: 'none' | 'perhaps';
  readonly run: (call: VerbCall) => Promise<VerbReply>;
  readonly form?: {
    readonly name: GeneralForm;
    readonly submit: (call: VerbCall, fields: Fields) => Promise<VerbReply>;
  };
}

export type Verb = IncidentVerb | GeneralVerb;
