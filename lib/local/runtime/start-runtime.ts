import { join } from 'node:path';
import { createSnsView } from '../aws/sns-ledger.ts';
import { makeDirectory } from '../shared/files.ts';
import { createTeardown, type Teardown } from '../shared/teardown.ts';
import { systemTimekeeper, type Timekeeper } from '../shared/timekeeper.ts';
import type { LocalDatabase } from './database.ts';
import { AsyncInvoker, LAMBDA_RETRY_DELAYS_MS, type AsyncStatus } from './events/async-invoker.ts';
import { createAsyncJournal } from './events/async-journal.ts';
import { startSchedules } from './events/schedules.ts';
import { createFunctionSet, type FunctionSet } from './function-set.ts';
import { DEFAULT_HOST_SETTINGS, type HostStatus } from './functions/function-host.ts';
import type { InvocationResult } from './functions/invocation.ts';
import { DEFAULT_LOG_FILE_BYTES, createLogSink } from './functions/log-sink.ts';
import { startApiServer, type ApiServer, type Authorize } from './http/api-server.ts';
import { startLocalServices, type LocalServices } from './local-services.ts';
import type { RuntimeOptions } from './options.ts';
import { loadTemplate } from './template/load-template.ts';
import { TemplateError, type TemplateModel } from './template/model.ts';

/** A running one-machine Tocsin. */
export interface Runtime {
  /** Base URL of the HTTP API, without a trailing slash. */
  readonly url: string;
  /** Everything that the template says, as it is run here. */
  readonly template: TemplateModel;
  readonly services: LocalServices;
  /** Base URL of DynamoDB; `undefined` for a template without tables. */
  readonly dynamodbUrl: string | undefined;
  /** Runs a function, named by label, physical name or logical id, on an event. */
  readonly invoke: (functionName: string, event: unknown) => Promise<InvocationResult>;
  readonly status: () => RuntimeStatus;
  /** Lets running requests end, then stops everything; what is undone is done at the next start. */
  readonly stop: () => Promise<void>;
}

/** What is going on, for `/healthz`-like views and for tests. */
export interface RuntimeStatus {
  readonly url: string;
  readonly functions: readonly HostStatus[];
  readonly asynchronous: AsyncStatus;
  /** Messages per dead-letter queue; anything above 0 wants a person. */
  readonly deadLetters: Readonly<Record<string, number>>;
}

/** How long a stop waits for running requests. */
const STOP_GRACE_MS = 5000;

const REFUSE_EVERYBODY: Authorize = () => ({
  kind: 'refused',
  statusCode: 403,
  message: 'Forbidden',
});

/** What the stages of the start share. */
interface Starting {
  readonly options: RuntimeOptions;
  readonly timekeeper: Timekeeper;
  readonly teardown: Teardown;
  readonly log: (label: string, text: string) => void;
}

/**
 * Runs the synthesized template on this machine: its routes, functions, tables, streams, rules,
 * schedules, secrets, buckets and topics. Throws `TemplateError` for a template that it cannot run
 * faithfully, and Node's own error when the port is taken; nothing keeps running then.
 */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const teardown = createTeardown();
  try {
    return await start(options, teardown);
  } catch (error) {
    await teardown.run();
    throw error;
  }
}

async function start(options: RuntimeOptions, teardown: Teardown): Promise<Runtime> {
  makeDirectory(options.dataDir);
  const timekeeper = options.timekeeper ?? systemTimekeeper;
  const starting: Starting = { options, timekeeper, teardown, log: startLog(options, teardown) };
  // First the port, since the functions are told their own address; it answers 503 until the end.
  const server = await openPort(starting);
  const template = loadTemplate(options.assemblyDir, { apiUrl: server.url });
  const parts = await startParts(starting, template, server);
  serve(parts, starting);
  const { services, functions, asynchronous, database } = parts;
  return {
    url: server.url,
    template,
    services,
    dynamodbUrl: database?.url,
    invoke: (name, event) => functions.invoke(name, JSON.stringify(event)),
    status: () => ({
      url: server.url,
      functions: functions.status(),
      asynchronous: asynchronous.status(),
      deadLetters: services.deadLetters.counts(),
    }),
    stop: () => teardown.run(),
  };
}

function startLog({ dataDir, onOutput }: RuntimeOptions, teardown: Teardown): Starting['log'] {
  const sink = createLogSink({
    directory: join(dataDir, 'log'),
    maxFileBytes: DEFAULT_LOG_FILE_BYTES,
    onOutput,
  });
  teardown.add(sink.flush);
  return sink.write;
}

async function openPort({ options, timekeeper, teardown }: Starting): Promise<ApiServer> {
  const server = await startApiServer({
    host: options.host ?? '127.0.0.1',
    port: options.port,
    allowedHosts: options.allowedHosts ?? [],
    authorize: options.authorize ?? REFUSE_EVERYBODY,
    timekeeper,
  });
  teardown.add(() => server.stop(0));
  return server;
}

/** Everything that is up before the first request is let in. */
interface Parts {
  readonly template: TemplateModel;
  readonly server: ApiServer;
  readonly services: LocalServices;
  readonly database: LocalDatabase | undefined;
  readonly functions: FunctionSet;
  readonly asynchronous: AsyncInvoker;
}

async function startParts(
  starting: Starting,
  template: TemplateModel,
  server: ApiServer,
): Promise<Parts> {
  const { options, timekeeper, teardown } = starting;
  const database = await startDatabase(starting, template);
  const services = await startLocalServices({
    template,
    dataDir: options.dataDir,
    timekeeper,
    seedSecret: options.seedSecret ?? (() => undefined),
    // Events come from functions only, and those start below.
    deliver: (functionName, event) => {
      asynchronous.enqueue(functionName, event);
    },
  });
  teardown.add(() => services.endpoint.stop(0));
  const functions = createFunctions(starting, { template, server, services, database });
  teardown.add(() => functions.stop());
  const asynchronous = createAsynchronous(starting, { template, services, functions });
  teardown.add(() => {
    asynchronous.stop();
  });
  const stopMappings = await database?.startMappings({
    mappings: template.streamMappings,
    functions: template.functions,
    invoke: functions.invoke,
    deadLetter: services.deadLetters.send,
  });
  if (stopMappings !== undefined) teardown.add(stopMappings);
  return { template, server, services, database, functions, asynchronous };
}

function createFunctions(
  { options, timekeeper, log }: Starting,
  parts: Pick<Parts, 'template' | 'server' | 'services' | 'database'>,
): FunctionSet {
  const { template, server, services, database } = parts;
  const servicesUrl = services.endpoint.url;
  return createFunctionSet(template.functions, {
    aws: { ...services.credentials, servicesUrl, dynamodbUrl: database?.url },
    overrides: options.environment?.(server.url) ?? {},
    settings: { ...DEFAULT_HOST_SETTINGS, ...options.functionSettings },
    timekeeper,
    log,
  });
}

function createAsynchronous(
  { options, timekeeper, log }: Starting,
  { template, services, functions }: Pick<Parts, 'template' | 'services' | 'functions'>,
): AsyncInvoker {
  return new AsyncInvoker({
    functions: template.functions,
    invoke: functions.invoke,
    journal: createAsyncJournal(join(options.dataDir, 'async')),
    deadLetter: services.deadLetters.send,
    log,
    timekeeper,
    retryDelaysMs: options.retryDelaysMs ?? LAMBDA_RETRY_DELAYS_MS,
  });
}

async function startDatabase(
  { options, teardown }: Starting,
  { tables }: TemplateModel,
): Promise<LocalDatabase | undefined> {
  if (tables.length === 0) return undefined;
  if (options.startDatabase === undefined) {
    throw new TemplateError('The template has tables, and the runtime was given no database.');
  }
  const database = await options.startDatabase({ dataDir: options.dataDir, tables });
  teardown.add(database.stop);
  return database;
}

/** Opens the doors: background work first, then requests. A stop closes them in reverse. */
function serve(parts: Parts, { options, timekeeper, teardown }: Starting): void {
  const { template, server, services, functions, asynchronous } = parts;
  functions.warm(template);
  asynchronous.resume();
  server.serve({
    routes: template.routes,
    invoke: functions.invoke,
    mounts: options.mounts?.({ url: server.url, snsView: createSnsView(services.snsLedger) }) ?? [],
  });
  teardown.add(() => server.stop(STOP_GRACE_MS));
  const stopSchedules = startSchedules(template.schedules, {
    timekeeper,
    deliver: (functionName, event) => {
      asynchronous.enqueue(functionName, event, { durable: false });
    },
  });
  teardown.add(stopSchedules);
}
