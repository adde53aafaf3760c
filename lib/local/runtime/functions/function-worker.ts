import { parentPort, workerData } from 'node:worker_threads';
import type { FunctionError, WorkerReply, WorkerRequest, WorkerStart } from './invocation.ts';
import { loadHandler, type Handler } from './load-handler.ts';

/**
 * The thread that one function runs in. Its environment is exactly what the host gives; it loads the
 * bundle once, then runs every event that comes, several at a time when the host sends several.
 */

// The host passes a `WorkerStart`, and nobody else starts this file.
const start = workerData as WorkerStart;

const reply = (message: WorkerReply): void => {
  parentPort?.postMessage(message);
};

try {
  const handler = await loadHandler(start.directory, start.handler);
  parentPort?.on('message', (request: WorkerRequest) => {
    void run(handler, request);
  });
  reply({ kind: 'ready' });
} catch (error) {
  reply({ kind: 'init_failed', error: describeError(error) });
}

async function run(handler: Handler, request: WorkerRequest): Promise<void> {
  try {
    const answer = await handler(JSON.parse(request.event), contextOf(request));
    // `undefined`, a function and a symbol have no JSON; Lambda answers null for them.
    const payload = (JSON.stringify(answer) as string | undefined) ?? 'null';
    reply({ kind: 'answered', id: request.id, payload });
  } catch (error) {
    reply({ kind: 'failed', id: request.id, error: describeError(error) });
  }
}

function contextOf({ requestId, timeoutMs }: WorkerRequest): object {
  const deadlineMs = performance.now() + timeoutMs;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: start.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: start.functionArn,
    memoryLimitInMB: String(start.memoryMb),
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${start.functionName}`,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Math.max(0, Math.round(deadlineMs - performance.now())),
  };
}

function describeError(error: unknown): FunctionError {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error) };
  const trace = error.stack?.split('\n') ?? [];
  return { errorType: error.name, errorMessage: error.message, trace };
}
