import {
  countAt,
  instant,
  instantAt,
  nameOf,
  namespaceOf,
  textAt,
  uidOf,
  withValue,
} from '../fields.ts';
import type { Store } from '../store/store.ts';
import { EVENT, type Note } from './world.ts';

/** Real ones are forgotten after an hour. */
const KEPT = 300;

/** Writes an Event; one that says the same of the same is counted up. */
export function noteEvent(
  store: Store,
  { about, type, reason, message, by }: Note,
  { nowMs, suffix }: { readonly nowMs: number; readonly suffix: () => string },
): void {
  const all = store.list(EVENT);
  const known = all.find(
    (event) =>
      textAt(event, 'involvedObject', 'uid') === uidOf(about) &&
      textAt(event, 'reason') === reason &&
      textAt(event, 'message') === message,
  );
  if (known !== undefined) {
    const counted = withValue(known, ['count'], countAt(known, 'count') + 1);
    store.replace(EVENT, withValue(counted, ['lastTimestamp'], instant(nowMs)));
    return;
  }
  store.create(EVENT, {
    metadata: { name: `${nameOf(about)}.${suffix()}${suffix()}`, namespace: namespaceOf(about) },
    involvedObject: {
      apiVersion: textAt(about, 'apiVersion'),
      kind: textAt(about, 'kind'),
      namespace: namespaceOf(about),
      name: nameOf(about),
      uid: uidOf(about),
    },
    type,
    reason,
    message,
    source: { component: by },
    reportingComponent: by,
    reportingInstance: '',
    count: 1,
    firstTimestamp: instant(nowMs),
    lastTimestamp: instant(nowMs),
  });
  if (all.length < KEPT) return;
  const oldest = all.reduce((one, other) =>
    instantAt(one, 'lastTimestamp') <= instantAt(other, 'lastTimestamp') ? one : other,
  );
  store.remove(EVENT, oldest);
}
