import type { Json } from '../../../domain/shared/json.ts';
import { readTextIfPresent, writeFileAtomically } from '../../shared/files.ts';
import { parseJson } from '../../shared/json.ts';
import type { Timekeeper } from '../../shared/timekeeper.ts';
import { isObject, listAt, numberAt } from './fields.ts';
import type { Store, StoreDump } from './store/store.ts';

/** What was kept in the file; `undefined` when there is nothing, or nothing that can be read. */
export function readStore(path: string): StoreDump | undefined {
  // What parses is JSON.
  const kept = parseJson(readTextIfPresent(path) ?? '') as Json | undefined;
  const version = numberAt(kept, 'version');
  if (version === undefined) return undefined;
  return { version, objects: listAt(kept, 'objects').filter(isObject) };
}

/** So many changes are written as one; a kill loses no more than this. */
const DELAY_MS = 100;

/** Writes the cluster after every change; gives what writes the last one and ends it. */
export function keepStore(store: Store, path: string, timekeeper: Timekeeper): () => void {
  let cancel: (() => void) | undefined;
  const write = (): void => {
    cancel = undefined;
    writeFileAtomically(path, JSON.stringify(store.dump()));
  };
  const release = store.subscribe(() => {
    cancel ??= timekeeper.after(DELAY_MS, write);
  });
  write();
  return () => {
    release();
    if (cancel === undefined) return;
    cancel();
    write();
  };
}
