/** A JSON object as read from outside: every value still has to be looked at before it is used. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** True for a JSON object; arrays and null are none. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value of an own key, so that a key such as `constructor` is never found on the prototype. */
export function ownValue(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Parses JSON; `undefined` (which is no JSON value) when the text is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The lines of a JSON Lines text that parse; a torn last line of a killed process is left out. */
export function parseJsonLines(text: string): readonly JsonObject[] {
  return text
    .split('\n')
    .map((line) => parseJson(line))
    .filter(isJsonObject);
}
