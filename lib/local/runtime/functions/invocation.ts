/** Lambda's description of what went wrong in a function. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/**
 * How one invocation ended:
 * - `ok`: the function answered; `payload` is its answer as JSON text (`null` for no answer);
 * - `function_error`: it threw, its code did not load, or its thread died;
 * - `timed_out`: it took longer than the template's Timeout;
 * - `too_large`: the event or the answer is above Lambda's payload limit; an event was not delivered;
 * - `throttled`: too many invocations were waiting; this one was not started.
 */
export type InvocationResult =
  | { readonly kind: 'ok'; readonly payload: string }
  | { readonly kind: 'function_error'; readonly error: FunctionError }
  | { readonly kind: 'timed_out'; readonly error: FunctionError }
  | { readonly kind: 'too_large'; readonly what: 'event' | 'answer'; readonly bytes: number }
  | { readonly kind: 'throttled' };

/** Lambda's limits on payloads, in bytes of JSON (docs: Lambda quotas, 6 MB and 1 MB). */
export const MAX_SYNC_PAYLOAD_BYTES = 6 * 1024 * 1024;
export const MAX_ASYNC_PAYLOAD_BYTES = 1024 * 1024;

/** What a thread is started with. */
export interface WorkerStart {
  readonly directory: string;
  readonly handler: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMb: number;
}

/** Host to thread: run the handler on this event. Events and answers cross as JSON text, as in Lambda. */
export interface WorkerRequest {
  readonly id: number;
  readonly requestId: string;
  readonly event: string;
  /** What the handler is told of the time it has left; the host enforces it. */
  readonly timeoutMs: number;
}

/** Thread to host: the code is loaded or failed to load, or one invocation ended. */
export type WorkerReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'init_failed'; readonly error: FunctionError }
  | { readonly kind: 'answered'; readonly id: number; readonly payload: string }
  | { readonly kind: 'failed'; readonly id: number; readonly error: FunctionError };
