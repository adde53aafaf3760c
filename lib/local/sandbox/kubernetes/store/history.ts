import type { KubeObject } from '../fields.ts';
import type { Kind } from './kinds.ts';

/** One change, as a watch tells of it. */
export interface StoreEvent {
  readonly version: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly kind: Kind;
  readonly object: KubeObject;
  /** Before the change; null for a new one. */
  readonly before: KubeObject | null;
}

/** What happened lately, and who wants to hear of it. */
export interface History {
  readonly tell: (event: StoreEvent) => void;
  /** What happened after that version; `undefined` when it is not remembered any more. */
  readonly since: (version: number) => readonly StoreEvent[] | undefined;
  readonly subscribe: (listener: (event: StoreEvent) => void) => () => void;
}

/** As many changes as a watch may be behind; real ones remember five minutes. */
const REMEMBERED = 5_000;

export function createHistory(firstVersion: number): History {
  const listeners = new Set<(event: StoreEvent) => void>();
  let events: StoreEvent[] = [];
  return {
    tell: (event) => {
      events.push(event);
      if (events.length > REMEMBERED * 2) events = events.slice(-REMEMBERED);
      for (const listener of [...listeners]) listener(event);
    },
    since: (from) => {
      const oldest = events[0]?.version ?? from + 1;
      const isForgotten = from < firstVersion || from + 1 < oldest;
      return isForgotten ? undefined : events.filter((event) => event.version > from);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
