import type { JsonObject } from '../../../../domain/shared/json.ts';
import type { Timekeeper } from '../../../shared/timekeeper.ts';
import type { KubeObject } from '../fields.ts';
import type { StoreEvent } from '../store/history.ts';
import type { Store } from '../store/store.ts';
import type { ObjectAddress } from './address.ts';
import { selection } from './list.ts';
import { statusOf } from './refusal.ts';
import type { Reply } from './reply.ts';

/** How an object looks to who watches: whole, or as rows of a table. */
export type Show = (object: KubeObject) => JsonObject;

export interface WatchRequest {
  readonly address: ObjectAddress;
  readonly query: URLSearchParams;
  readonly show: Show;
}

/** A watch without a limit of its own ends after so long, and its client begins anew. */
const LIMIT_S = 1800;

/** What happens to the chosen objects, from the version that the client has seen on. */
export function watch(store: Store, timekeeper: Timekeeper, request: WatchRequest): Reply {
  const { address, query, show } = request;
  const isChosen = selection(address, query);
  const from = query.get('resourceVersion') ?? '';
  return {
    kind: 'stream',
    open: (stream) => {
      const tell = (event: StoreEvent): void => {
        const told = event.kind === address.resource ? seen(event, isChosen) : undefined;
        if (told !== undefined) stream.write({ type: told, object: show(event.object) });
      };
      if (from === '' || from === '0') {
        for (const object of store.list(address.resource).filter(isChosen)) {
          stream.write({ type: 'ADDED', object: show(object) });
        }
      } else {
        const missed = store.since(Number(from));
        if (missed === undefined) {
          stream.write({ type: 'ERROR', object: statusOf(tooOld(from)) });
          stream.end();
          return () => undefined;
        }
        for (const event of missed) tell(event);
      }
      const release = store.subscribe(tell);
      const seconds = Number(query.get('timeoutSeconds') ?? '') || LIMIT_S;
      const cancel = timekeeper.after(seconds * 1000, stream.end);
      return () => {
        cancel();
        release();
      };
    },
  };
}

const tooOld = (version: string) => ({
  code: 410,
  reason: 'Expired',
  message: `too old resource version: ${version}`,
});

/** An object that stops fitting the selector is gone for who watches, and the other way about. */
function seen(
  { type, object, before }: StoreEvent,
  isChosen: (object: KubeObject) => boolean,
): StoreEvent['type'] | undefined {
  const is = isChosen(object);
  if (type !== 'MODIFIED' || before === null) return is ? type : undefined;
  const was = isChosen(before);
  if (is && was) return 'MODIFIED';
  if (is) return 'ADDED';
  return was ? 'DELETED' : undefined;
}
