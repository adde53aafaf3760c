import type { JsonObject } from '../domain/shared/json.ts';
import { nameSome, type Bounded } from './cut.ts';

export interface KeptFields {
  /** Members that have a place of their own in the normalised alert. */
  readonly except: ReadonlySet<string>;
  /** Most characters of JSON text that all kept members have together. */
  readonly maxLength: number;
}

/** The members of a source's object that have no place elsewhere, as sent, while they fit. */
export function keepSourceFields(
  record: JsonObject,
  { except, maxLength }: KeptFields,
): Bounded<JsonObject> {
  let left = maxLength;
  const dropped: string[] = [];
  const kept = Object.entries(record).filter(([name, value]) => {
    if (except.has(name)) return false;
    const length = JSON.stringify(name).length + JSON.stringify(value).length;
    const fits = length <= left;
    if (fits) left -= length;
    else dropped.push(name);
    return fits;
  });
  const cuts =
    dropped.length === 0
      ? []
      : [`Source fields over ${maxLength} characters were left out: ${nameSome(dropped)}.`];
  return { value: Object.fromEntries(kept), cuts };
}
