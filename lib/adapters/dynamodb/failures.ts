import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
  type CancellationReason,
} from '@aws-sdk/client-dynamodb';
import { InvariantError } from '../../domain/shared/invariant.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { UnreadableItem } from '../../codec/table/attributes.ts';
import type { PortFailure } from '../../ports/failure.ts';

type Kind = PortFailure['kind'];

/** Mistakes in our own code are no answer of the table: they go on up. */
const ourMistakes = [InvariantError, TypeError, RangeError, ReferenceError];

/** Runs one call of the SDK and turns what it throws into a failure. `doing` completes "could not". */
export async function attempt<Output>(
  doing: string,
  call: () => Promise<Output>,
): Promise<Result<Output, PortFailure>> {
  try {
    return ok(await call());
  } catch (cause) {
    if (ourMistakes.some((mistake) => cause instanceof mistake)) throw cause;
    return err(failureOf(doing, cause));
  }
}

/** An item that cannot be read will not be readable on a retry either. */
export const rejectedItem = ({ reason }: UnreadableItem): PortFailure => ({
  kind: 'rejected',
  message: reason,
});

/** What an error of the SDK means to the caller. */
export function failureOf(doing: string, cause: unknown): PortFailure {
  const { name, message } = cause instanceof Error ? cause : new Error(String(cause));
  return {
    kind: kindOf(cause, name, message),
    // Some servers repeat the whole request in their message.
    message: `DynamoDB could not ${doing}: ${name}: ${message.slice(0, 200)}`,
    cause,
  };
}

function kindOf(cause: unknown, name: string, message: string): Kind {
  if (cause instanceof TransactionCanceledException) {
    return kindOfReasons(cause.CancellationReasons ?? []);
  }
  if (cause instanceof ConditionalCheckFailedException) return 'conflict';
  return kindByName(name) ?? kindByText(message, name) ?? kindByStatus(cause);
}

/**
 * A conflict is not retried here, neither a failed condition nor a transaction in the way: the
 * other writer has most likely decided on the same incident, so the same write would fail its
 * condition anyway, and would be paid for. The use case reads again and decides anew.
 */
function kindOfReasons(reasons: readonly CancellationReason[]): Kind {
  const codes = reasons.map(({ Code }) => Code ?? 'None');
  const has = (...names: string[]): boolean => codes.some((code) => names.includes(code));
  if (has('ConditionalCheckFailed', 'TransactionConflict', 'DuplicateItem')) return 'conflict';
  if (has('ThrottlingError', 'ProvisionedThroughputExceeded', 'RequestLimitExceeded')) {
    return 'throttled';
  }
  if (has('ItemCollectionSizeLimitExceeded')) return 'too_large';
  if (has('ValidationError')) {
    const texts = reasons.map(({ Message }) => Message ?? '').join(' ');
    return kindByText(texts, 'ValidationException') ?? 'rejected';
  }
  return 'unavailable';
}

function kindByName(name: string): Kind | null {
  switch (name) {
    case 'ThrottlingException':
    case 'ThrottlingError':
    case 'ProvisionedThroughputExceededException':
    case 'RequestLimitExceeded':
    case 'LimitExceededException':
      return 'throttled';
    // The same token with other content: our first answer was lost, so look at what is there.
    case 'IdempotentParameterMismatchException':
    case 'TransactionInProgressException':
    case 'TransactionConflictException':
      return 'conflict';
    case 'TimeoutError':
    case 'RequestTimeout':
    case 'RequestTimeoutException':
      return 'timeout';
    case 'ItemCollectionSizeLimitExceededException':
    case 'RequestEntityTooLarge':
      return 'too_large';
    default:
      return null;
  }
}

function kindByText(message: string, name: string): Kind | null {
  if (name !== 'ValidationException') return null;
  return /\bsize\b|exceed|too large|length less than/i.test(message) ? 'too_large' : 'rejected';
}

/** No status at all means that nobody answered: the write may have been applied. */
function kindByStatus(cause: unknown): Kind {
  const status = statusOf(cause);
  if (status === 413) return 'too_large';
  if (status === 429) return 'throttled';
  return status >= 400 && status < 500 ? 'rejected' : 'unavailable';
}

function statusOf(cause: unknown): number {
  if (typeof cause !== 'object' || cause === null || !('$metadata' in cause)) return 0;
  const metadata = cause.$metadata;
  if (typeof metadata !== 'object' || metadata === null) return 0;
  return 'httpStatusCode' in metadata ? Number(metadata.httpStatusCode) || 0 : 0;
}
