import type { Item } from '../../codec/table/attributes.ts';

/**
 * Bytes of an item as DynamoDB counts them: names and values in UTF-8, a number half a byte a
 * digit and one more. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemBytes(item: Item): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value),
    0,
  );
}

function valueBytes(value: Item[string]): number {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('B' in value) return value.B.byteLength;
  return Math.ceil(value.N.length / 2) + 1;
}
