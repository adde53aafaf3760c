import { act } from '../../../lib/app/act.ts';
import {
  approveAction,
  cancelAction,
  denyAction,
} from '../../../lib/app/actions/approve-action.ts';
import type { ActDeps } from '../../../lib/app/actions/deps.ts';
import { haltActions, resumeActions } from '../../../lib/app/actions/halt.ts';
import { lockTarget, unlockTarget } from '../../../lib/app/actions/locks.ts';
import { requestAction } from '../../../lib/app/actions/request-action.ts';
import { actDue, actOnNews } from '../../../lib/app/actions/run-actions.ts';
import { createAnnouncer } from '../../../lib/app/announce/announce.ts';
import { pageFromStream } from '../../../lib/app/page-from-stream.ts';
import { pageInline } from '../../../lib/app/page-inline.ts';
import { receiveAlerts } from '../../../lib/app/receive-alerts.ts';
import { receivePagerEvent } from '../../../lib/app/receive-pager-event.ts';
import { reconcile } from '../../../lib/app/reconcile/reconcile.ts';
import { relayEvents } from '../../../lib/app/relay-events.ts';
import { runClock } from '../../../lib/app/run-clock.ts';
import { receiveSlack } from '../../../lib/app/slack/receive-slack.ts';
import type { Policy } from '../../../lib/domain/policy/policy.ts';
import type { Chat } from '../../../lib/ports/chat.ts';
import type { Pager, PagerRest } from '../../../lib/ports/pager.ts';
import type { Store } from '../../../lib/ports/store.ts';
import type { Clock } from '../../../lib/ports/system.ts';

/** The use cases that the simulated platform calls: the product's own. */
export const product = {
  act,
  actDue,
  actOnNews,
  approveAction,
  cancelAction,
  createAnnouncer,
  denyAction,
  haltActions,
  lockTarget,
  pageFromStream,
  pageInline,
  receiveAlerts,
  receivePagerEvent,
  receiveSlack,
  reconcile,
  relayEvents,
  requestAction,
  resumeActions,
  runClock,
  unlockTarget,
} as const;

export type AppUnderTest = typeof product;

/** What a planted bug puts in the place of the product's parts. */
export interface PlantedParts {
  readonly app?: Partial<AppUnderTest>;
  /** Stands where the adapter stands: its own calls are not seen by the faults. */
  readonly store?: (store: Store, clock: Clock) => Store;
  readonly rest?: (rest: PagerRest) => PagerRest;
  readonly pager?: (pager: Pager, slack: Chat | null) => Pager;
  /** What the function that acts is given instead, beneath the faults or above them. */
  readonly acting?: (deps: ActDeps) => ActDeps;
  /** The policy as everything that has to do with actions has it. */
  readonly actionPolicy?: (policy: Policy) => Policy;
}
