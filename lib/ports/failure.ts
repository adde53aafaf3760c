/** How a port can fail. `message` is for operators and never holds a secret. */
export interface PortFailure {
  readonly kind:
    'conflict' | 'not_found' | 'throttled' | 'timeout' | 'unavailable' | 'rejected' | 'too_large';
  readonly message: string;
  /** How long the other side asked to wait, where it said so. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** Whether the same call may succeed later. A conflict needs a fresh decision, not a retry. */
export function isRetryable(failure: PortFailure): boolean {
  switch (failure.kind) {
    case 'throttled':
    case 'timeout':
    case 'unavailable':
      return true;
    case 'conflict':
    case 'not_found':
    case 'rejected':
    case 'too_large':
      return false;
  }
}
