/** What may open a form: Slack gives it out with every interaction. */
export interface Triggers {
  readonly issue: (userId: string, nowMs: number) => string;
  /** The user that the form opens for, once; else Slack's error. */
  readonly take: (id: string, nowMs: number) => { readonly userId: string } | TriggerError;
  readonly clear: () => void;
}

export type TriggerError = 'invalid_trigger_id' | 'expired_trigger_id' | 'exchanged_trigger_id';

/** https://docs.slack.dev/interactivity/handling-user-interaction: three seconds. */
const LIFETIME_MS = 3000;

const MAX_KEPT = 1000;

export function createTriggers(newId: () => string): Triggers {
  const issued = new Map<string, { readonly userId: string; readonly endsAtMs: number }>();
  const used = new Set<string>();
  return {
    issue: (userId, nowMs) => {
      if (issued.size >= MAX_KEPT) {
        issued.clear();
        used.clear();
      }
      const id = newId();
      issued.set(id, { userId, endsAtMs: nowMs + LIFETIME_MS });
      return id;
    },
    take: (id, nowMs) => {
      const trigger = issued.get(id);
      if (trigger === undefined) return 'invalid_trigger_id';
      if (used.has(id)) return 'exchanged_trigger_id';
      if (nowMs > trigger.endsAtMs) return 'expired_trigger_id';
      used.add(id);
      return { userId: trigger.userId };
    },
    clear: () => {
      issued.clear();
      used.clear();
    },
  };
}
