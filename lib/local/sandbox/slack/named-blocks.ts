import { isJsonObject, ownValue, type JsonObject } from '../../shared/json.ts';

/**
 * The blocks with a `block_id`, and their elements with an `action_id`, for each that came without:
 * Slack makes them up too.
 */
export function withIds(blocks: unknown, newId: () => string): readonly JsonObject[] {
  if (!Array.isArray(blocks)) return [];
  const named = (object: JsonObject, name: string): JsonObject =>
    ownValue(object, name) === undefined ? { ...object, [name]: newId() } : object;
  const element = (value: unknown): unknown =>
    isJsonObject(value) && isInteractive(value) ? named(value, 'action_id') : value;
  return blocks.filter(isJsonObject).map((block) => {
    const inner = Object.entries(block).map(([name, value]) => {
      if (name === 'elements' && Array.isArray(value)) return [name, value.map(element)] as const;
      if (name === 'accessory' || name === 'element') return [name, element(value)] as const;
      return [name, value] as const;
    });
    return named(Object.fromEntries(inner), 'block_id');
  });
}

/** Text and pictures are elements too, of a context. */
const isInteractive = (element: JsonObject): boolean =>
  !['plain_text', 'mrkdwn', 'image'].includes(String(ownValue(element, 'type')));

/** Every interactive element of a block. */
export function elementsOf({ elements, accessory, element }: JsonObject): readonly JsonObject[] {
  const listed: readonly unknown[] = Array.isArray(elements) ? elements : [];
  return [...listed, accessory, element].filter(isJsonObject).filter(isInteractive);
}
