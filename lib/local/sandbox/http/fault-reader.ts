import { isJsonObject, ownValue, type JsonObject } from '../../shared/json.ts';

type IsGood = (value: unknown) => boolean;

export const isText: IsGood = (value) => typeof value === 'string' && value !== '';

export const isWhole =
  (least: number, most: number): IsGood =>
  (value) =>
    Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most;

/** What the faults of a sandbox look like. */
export interface FaultShape<Kind extends string> {
  /** For whoever sends another one. */
  readonly help: string;
  /** Every field that a fault may have, and whether a value of it will do. */
  readonly fields: Readonly<Record<string, IsGood>>;
  /** By kind, the fields that it must have. */
  readonly needs: Readonly<Record<Kind, readonly string[]>>;
}

/**
 * Reads the faults that a sandbox is told; a text says what is wrong with them. The caller vouches
 * that what fits the shape is a `Fault`.
 */
export function faultReader<Fault extends { readonly kind: string }>({
  help,
  fields,
  needs,
}: FaultShape<Fault['kind']>): (body: JsonObject | undefined) => readonly Fault[] | string {
  const isFault = (item: unknown): item is Fault => {
    if (!isJsonObject(item)) return false;
    const needed = ownValue(needs, String(ownValue(item, 'kind')));
    return (
      Array.isArray(needed) &&
      needed.every((name: string) => Object.hasOwn(item, name)) &&
      Object.entries(item).every(
        ([name, value]) => Object.hasOwn(fields, name) && fields[name]?.(value) === true,
      )
    );
  };
  return (body) => {
    const listed: unknown = body === undefined ? undefined : ownValue(body, 'faults');
    if (!Array.isArray(listed)) {
      return 'The body must be {"faults": [...]}, an empty list for none.';
    }
    const wrong = listed.findIndex((item) => !isFault(item));
    if (wrong >= 0) return `This is no fault: ${JSON.stringify(listed[wrong])}. ${help}`;
    return listed.filter(isFault);
  };
}
