/**
 * One attribute of a table item. `B` is bytes as the SDK gives them, and base64 text as a stream
 * record carries them to a function.
 */
export interface Attribute {
  readonly S?: string;
  readonly N?: string;
  readonly B?: Uint8Array | string;
}

/** An item as it is read, by key or from the stream. Attributes nobody knows are ignored. */
export type Image = Readonly<Record<string, Attribute>>;

/** An item as it is written. */
export type Item = Readonly<
  Record<string, { readonly S: string } | { readonly N: string } | { readonly B: Uint8Array }>
>;

/** Where an item is. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** An item that this version cannot read: `reason` names the item and what to do. */
export interface UnreadableItem {
  readonly kind: 'unreadable';
  readonly reason: string;
}

/** Text of an attribute, or null when it is absent or of another type. */
export const textOf = (image: Image, name: string): string | null => image[name]?.S ?? null;

/** Number of an attribute, or null when it is absent or of another type. */
export function numberOf(image: Image, name: string): number | null {
  const text = image[name]?.N;
  return text === undefined ? null : Number(text);
}

/** Bytes of an attribute, or null when it is absent or of another type. */
export function bytesOf(image: Image, name: string): Uint8Array | null {
  const bytes = image[name]?.B;
  if (bytes === undefined) return null;
  return typeof bytes === 'string' ? Buffer.from(bytes, 'base64') : bytes;
}

/** The key of an item, for messages and for reading it again. */
export const keyOf = (image: Image): ItemKey => ({
  pk: textOf(image, 'pk') ?? '',
  sk: textOf(image, 'sk') ?? '',
});
