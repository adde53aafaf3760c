import { act } from '../../../lib/app/act.ts';
import { pageFromStream } from '../../../lib/app/page-from-stream.ts';
import { pageInline } from '../../../lib/app/page-inline.ts';
import { receiveAlerts } from '../../../lib/app/receive-alerts.ts';
import { receivePagerEvent } from '../../../lib/app/receive-pager-event.ts';
import { relayEvents } from '../../../lib/app/relay-events.ts';
import { runClock } from '../../../lib/app/run-clock.ts';
import type { Pager } from '../../../lib/ports/pager.ts';
import type { Store } from '../../../lib/ports/store.ts';
import type { Clock } from '../../../lib/ports/system.ts';

/** The use cases that the simulated platform calls: the product's own. */
export const product = {
  act,
  pageFromStream,
  pageInline,
  receiveAlerts,
  receivePagerEvent,
  relayEvents,
  runClock,
} as const;

export type AppUnderTest = typeof product;

/** What a planted bug puts in the place of the product's parts. */
export interface PlantedParts {
  readonly app?: Partial<AppUnderTest>;
  /** Stands where the adapter stands: its own calls are not seen by the faults. */
  readonly store?: (store: Store, clock: Clock) => Store;
  readonly pager?: (pager: Pager) => Pager;
}
