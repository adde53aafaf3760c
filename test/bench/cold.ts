import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesizeTocsin } from '../../bin/synth.ts';
import { buildBundles } from '../../lib/infra/bundle.ts';
import { createOutboxWorld, type OutboxWorld } from './outbox-world.ts';
import { medianWalls, runFresh, type FreshRun } from './fresh-process.ts';
import { newAlert } from './scenarios.ts';
import { BENCH_POLICY, webhookBody } from './tocsin-responder.ts';

/** A bundle by itself. */
export interface BundleFigures {
  readonly name: string;
  readonly kb: number;
  readonly loadMs: number;
}

/** What a cold start costs, each in fresh processes of Node 24. */
export interface ColdFigures {
  readonly emptyMs: number;
  readonly bareDynamoDbMs: number;
  readonly bundles: readonly BundleFigures[];
  /** Load, and the first delivery taken and paged. */
  readonly ingestFirstDeliveryMs: number;
  /** Load and first write of the bare DynamoDB handler. */
  readonly bareFirstWriteMs: number;
  /** Load, and the first page of the outbox sent. */
  readonly pageFirstPageMs: number;
  /** Load and first POST of a handler without any package. */
  readonly barePostMs: number;
  /** Whether sending a page loads the built-in fetch. */
  readonly pageLoadsFetch: boolean;
}

const ROOT = join(import.meta.dirname, '../..');

/** Builds every bundle as it is deployed and starts each in fresh processes, in turn. */
export async function measureColdStarts(
  folder: string,
  { samples, sinkUrl }: { readonly samples: number; readonly sinkUrl: string },
): Promise<ColdFigures> {
  const built = await build(folder);
  const world = await createOutboxWorld({ folder, sinkUrl, policyFile: built.policyFile });
  try {
    return await measure(built, world, samples);
  } finally {
    await world.stop();
  }
}

interface Built {
  readonly names: readonly string[];
  readonly dirOf: (name: string) => string;
  readonly policyFile: string;
}

async function build(folder: string): Promise<Built> {
  const { bundles } = await synthesizeTocsin({
    stage: 'sandbox',
    outDir: join(folder, 'assembly'),
    policyFile: BENCH_POLICY,
    validate: false,
  });
  const others = join(folder, 'others');
  await buildBundles({
    rootDir: ROOT,
    functionsDir: join(import.meta.dirname, 'handlers'),
    outDir: others,
    policyJson: '{}',
  });
  mkdirSync(join(others, 'empty'), { recursive: true });
  writeFileSync(join(others, 'empty/index.js'), 'exports.handler=async()=>({statusCode:202});');
  const dirs = new Map(bundles.map(({ name, dir }) => [name, dir]));
  const dirOf = (name: string): string => dirs.get(name) ?? join(others, name);
  return {
    names: [...dirs.keys()],
    dirOf,
    policyFile: join(dirOf('ingest'), 'policy.json'),
  };
}

async function measure(
  { names, dirOf }: Built,
  world: OutboxWorld,
  samples: number,
): Promise<ColdFigures> {
  const { env } = world;
  const loading = (name: string): FreshRun => ({ bundleDir: dirOf(name), env });
  const calling = (name: string, event: object): FreshRun => ({ ...loading(name), event });
  const loads = await medianWalls(
    Object.fromEntries(
      ['empty', 'table-writer', ...names].map((name) => [name, () => loading(name)]),
    ),
    { samples, check: () => undefined },
  );
  const page = async (): Promise<FreshRun> => calling('page', await world.outboxEvent());
  const calls = await medianWalls(
    {
      ingest: () => calling('ingest', deliveryEvent(world.sourceToken)),
      bareWrite: () => calling('table-writer', {}),
      page,
      barePost: () => calling('http-poster', { event_action: 'trigger' }),
    },
    { samples, check: checkAnswer },
  );
  return {
    emptyMs: loads('empty'),
    bareDynamoDbMs: loads('table-writer'),
    bundles: names.map((name) => ({
      name,
      kb: statSync(join(dirOf(name), 'index.js')).size / 1024,
      loadMs: loads(name),
    })),
    ingestFirstDeliveryMs: calls('ingest'),
    bareFirstWriteMs: calls('bareWrite'),
    pageFirstPageMs: calls('page'),
    barePostMs: calls('barePost'),
    pageLoadsFetch: (await runFresh(await page())).hasFetch,
  };
}

function checkAnswer(name: string, { answer }: { readonly answer: unknown }): void {
  const good = name === 'page' ? '{"batchItemFailures":[]}' : '"statusCode":202';
  if (JSON.stringify(answer).includes(good)) return;
  throw new Error(`${name} answered ${JSON.stringify(answer)} in a fresh process.`);
}

/** A webhook as API Gateway hands it over, payload format 2.0. */
function deliveryEvent(token: string): object {
  return {
    version: '2.0',
    routeKey: 'POST /v1/alerts/alertmanager',
    rawPath: '/v1/alerts/alertmanager',
    rawQueryString: '',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    requestContext: {
      requestId: newAlert().mark,
      http: { method: 'POST', path: '/v1/alerts/alertmanager' },
    },
    isBase64Encoded: false,
    body: webhookBody([newAlert()]),
  };
}
