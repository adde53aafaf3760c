import type { JsonObject } from '../shared/json.ts';
import { latest, type EpochMs } from '../shared/time.ts';
import { fieldManager } from './patch.ts';
import { instantAt, objectsAt, textAt } from './read.ts';

/** When we last wrote an object, by the server's own clock; null when we did not. */
export function writtenAtMs(object: JsonObject): EpochMs | null {
  return objectsAt(object, ['metadata', 'managedFields'])
    .filter((entry) => textAt(entry, ['manager']) === fieldManager)
    .map((entry) => instantAt(entry, ['time']))
    .reduce<EpochMs | null>(
      (newest, time) =>
        time === null || newest === null ? (time ?? newest) : latest(newest, time),
      null,
    );
}
