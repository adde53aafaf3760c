/** What an error of an AWS service means to whoever called it. */
export interface AwsError {
  readonly kind: 'not_found' | 'throttled' | 'timeout' | 'unavailable' | 'rejected' | 'too_large';
  /** The service's code, such as `ThrottlingException`, or the name of the error. */
  readonly name: string;
  /** One line, cut: some servers repeat the whole request. */
  readonly message: string;
}

const maxMessageLength = 200;

/** The codes that say more than their status does, over all services we call. */
const kindsByName: ReadonlyMap<string, AwsError['kind']> = new Map([
  // Throttling, as the SDK itself counts it.
  ['ThrottlingException', 'throttled'],
  ['ThrottledException', 'throttled'],
  ['Throttling', 'throttled'],
  ['Throttled', 'throttled'],
  ['RequestLimitExceeded', 'throttled'],
  ['RequestThrottledException', 'throttled'],
  ['TooManyRequestsException', 'throttled'],
  ['SlowDown', 'throttled'],
  ['ConcurrentModificationException', 'unavailable'],
  // Time.
  ['TimeoutError', 'timeout'],
  ['AbortError', 'timeout'],
  ['RequestTimeout', 'timeout'],
  ['RequestTimeoutException', 'timeout'],
  // Size.
  ['EntityTooLarge', 'too_large'],
  ['RequestEntityTooLarge', 'too_large'],
  ['RequestEntityTooLargeException', 'too_large'],
  ['RequestTooLarge', 'too_large'],
  // Absence. A missing bucket or bus is a mistake in the set-up, not an object that is not there.
  ['NoSuchBucket', 'rejected'],
  ['NoSuchKey', 'not_found'],
  ['NotFound', 'not_found'],
  ['NotFoundException', 'not_found'],
  ['ResourceNotFoundException', 'not_found'],
]);

/** Reads what the SDK threw. Nothing that it threw is known to be of any type. */
export function readAwsError(cause: unknown): AwsError {
  const { name, message } = cause instanceof Error ? cause : new Error(String(cause));
  return describeAwsError({ name, message, status: statusOf(cause) });
}

/** The same for a code and a status that were read off an answer; status 0: nobody answered. */
export function describeAwsError(error: {
  readonly name: string;
  readonly message: string;
  readonly status: number;
}): AwsError {
  const { name, message, status } = error;
  const line = message.replace(/\s+/g, ' ').slice(0, maxMessageLength).toWellFormed();
  return { kind: kindsByName.get(name) ?? kindByStatus(status), name, message: line };
}

function kindByStatus(status: number): AwsError['kind'] {
  if (status === 404) return 'not_found';
  if (status === 408) return 'timeout';
  if (status === 413) return 'too_large';
  if (status === 429) return 'throttled';
  return status >= 300 && status < 500 ? 'rejected' : 'unavailable';
}

function statusOf(cause: unknown): number {
  if (typeof cause !== 'object' || cause === null || !('$metadata' in cause)) return 0;
  const metadata = cause.$metadata;
  if (typeof metadata !== 'object' || metadata === null) return 0;
  return 'httpStatusCode' in metadata ? Number(metadata.httpStatusCode) || 0 : 0;
}
