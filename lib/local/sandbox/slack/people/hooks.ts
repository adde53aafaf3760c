/** Where a response URL leads: to whom, and to what it was given out with. */
export interface Hook {
  readonly userId: string;
  readonly channel: string;
  readonly threadTs: string | null;
  /** The message whose button was clicked; `null` for a command. */
  readonly source: { readonly ts: string; readonly isEphemeral: boolean } | null;
}

/** Response URLs: each for five answers within 30 minutes. */
export interface Hooks {
  readonly issue: (hook: Hook, nowMs: number) => string;
  /** Where an answer goes; an error in Slack's words when the address is used up or unknown. */
  readonly use: (id: string, nowMs: number) => Hook | 'expired_url' | 'used_url';
  readonly clear: () => void;
}

const MAX_USES = 5;
const LIFETIME_MS = 30 * 60_000;
const MAX_KEPT = 1000;

export function createHooks(newId: () => string): Hooks {
  const issued = new Map<
    string,
    { readonly hook: Hook; readonly endsAtMs: number; left: number }
  >();
  return {
    issue: (hook, nowMs) => {
      if (issued.size >= MAX_KEPT) issued.clear();
      const id = newId();
      issued.set(id, { hook, endsAtMs: nowMs + LIFETIME_MS, left: MAX_USES });
      return id;
    },
    use: (id, nowMs) => {
      const found = issued.get(id);
      if (found === undefined || nowMs > found.endsAtMs) return 'expired_url';
      if (found.left === 0) return 'used_url';
      found.left -= 1;
      return found.hook;
    },
    clear: () => issued.clear(),
  };
}
