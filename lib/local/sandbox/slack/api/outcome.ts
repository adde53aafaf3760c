import type { JsonObject } from '../../../shared/json.ts';

/** What a method answers, always with HTTP status 200: `ok`, or the name of what is wrong. */
export type Outcome = JsonObject & { readonly ok: boolean };

export const done = (members: JsonObject = {}): Outcome => ({ ok: true, ...members });

/** `messages` tell what is wrong with the arguments, one each. */
export function refused(error: string, messages: readonly string[] = []): Outcome {
  if (messages.length === 0) return { ok: false, error };
  return {
    ok: false,
    error,
    errors: messages,
    response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) },
  };
}
