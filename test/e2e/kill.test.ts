import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAlertStream, type AlertStream } from './harness/alert-stream.ts';
import { newEpisode, type Episode } from './harness/episodes.ts';
import { eventually } from './harness/eventually.ts';
import { viewPagerDuty, type PagerDutyView, type PagerIncident } from './harness/pagerduty.ts';
import { answering, freePort, startProgram } from './harness/program.ts';
import { randomFrom } from './harness/random.ts';
import { readTable, type TableContent } from './harness/table.ts';
import { launchTocsin, sourceToken, TEST_POLICY, type Tocsin } from './harness/tocsin.ts';
import { createUndo } from './harness/undo.ts';

const KILLS = 50;
const EPISODES_PER_KILL = 20;
/** It takes under a second here when nothing else runs; a machine that tests may do other things. */
const RESTART_LIMIT_MS = 5000;
/** Any other one chooses other moments. `TOCSIN_KILL_SEED` repeats a run. */
const seed = Number(process.env['TOCSIN_KILL_SEED'] ?? Date.now() % 1_000_000);
const random = randomFrom(seed);

const folder = mkdtempSync(join(tmpdir(), 'tocsin-kill-'));
const undo = createUndo();
const episodes: Episode[] = [];
const restartsMs: number[] = [];
let tocsin: Tocsin;
let start: () => Promise<Tocsin>;
let pagerDuty: PagerDutyView;
let stream: AlertStream;

beforeAll(async () => {
  undo.add(() => rmSync(folder, { recursive: true, force: true }));
  const [port, pagerPort] = [await freePort(), await freePort()];
  const policyFile = join(folder, 'policy.yaml');
  // Nobody's deadline falls into this test.
  const policy = readFileSync(TEST_POLICY, 'utf8').replace('respond: 2m', 'respond: 30m');
  writeFileSync(policyFile, policy);
  pagerDuty = await startPagerDuty(pagerPort, port);
  const env = {
    PAGERDUTY_EVENTS_URL: `http://127.0.0.1:${pagerPort}`,
    PAGERDUTY_API_URL: `http://127.0.0.1:${pagerPort}`,
    PAGERDUTY_WEBHOOK_SECRET: WEBHOOK_SECRET,
  };
  start = () => launchTocsin({ folder, policyFile, port, env });
  tocsin = await start();
  undo.add(() => tocsin.killGroup());
  await tocsin.ready();
  const token = sourceToken(tocsin, 'prometheus');
  stream = startAlertStream(`${tocsin.url}/v1/alerts/alertmanager`, token);
  undo.add(stream.stop);
}, 180_000);

afterAll(undo.run, 60_000);

const WEBHOOK_SECRET = 'secret-of-the-webhooks-of-this-test';

/** PagerDuty must not die with Tocsin. */
async function startPagerDuty(port: number, tocsinPort: number): Promise<PagerDutyView> {
  const webhookUrl = `http://127.0.0.1:${tocsinPort}/v1/pagerduty/webhook`;
  const ledger = join(folder, 'pagerduty.jsonl');
  const program = startProgram({
    path: process.execPath,
    args: [PAGERDUTY, String(port), ledger, webhookUrl, WEBHOOK_SECRET],
    outputFile: join(folder, 'pagerduty.log'),
  });
  undo.add(program.stop);
  const base = `http://127.0.0.1:${port}/sandbox/pagerduty`;
  await answering(program, { url: base, withinMs: 30_000 });
  return viewPagerDuty(base);
}

const PAGERDUTY = join(import.meta.dirname, 'harness/pagerduty-process.ts');

/** Lets Tocsin live for a moment, kills all of it, and starts it again. */
async function killOnce(kill: number): Promise<void> {
  // One in ten dies before it is up.
  if (random.chance(0.1)) {
    await wait(random.below(800));
  } else {
    const readyMs = await tocsin.ready();
    // The very first start builds the functions and is no restart.
    if (kill > 0) restartsMs.push(readyMs);
    await wait(random.below(900));
    expect(groupOf(databasePid()), 'the database is in the group').toBe(tocsin.pid);
  }
  await tocsin.killGroup();
  tocsin = await start();
}

const databasePid = (): number => {
  const record = readFileSync(join(tocsin.dataDir, 'dynamodb', 'process.json'), 'utf8');
  // Written by lib/local/dynamodb/orphan.ts.
  return (JSON.parse(record) as { readonly pid: number }).pid;
};

/** The process group is the third field after the name, which ends with the last parenthesis. */
const groupOf = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
};

describe(`kill -9, ${KILLS} times in a stream of alerts (seed ${seed})`, () => {
  let table: TableContent;
  let incidents: ReadonlyMap<string, readonly PagerIncident[]>;

  it('goes on after every kill until each delivery is taken', { timeout: 420_000 }, async () => {
    for (let kill = 0; kill < KILLS; kill += 1) {
      const fresh = Array.from({ length: EPISODES_PER_KILL }, (_, n) =>
        newEpisode(`Kill${seed}x${kill}x${n}x`, random),
      );
      episodes.push(...fresh);
      stream.add(fresh);
      await killOnce(kill);
    }
    restartsMs.push(await tocsin.ready());
    await stream.drained();
    expect(stream.refusals).toEqual([]);
    // What a kill interrupted is the stream's at once, and else the clock's within two minutes.
    await eventually('nothing waits to be sent', () => (isQuiet() ? true : undefined), {
      withinMs: 130_000,
      everyMs: 1000,
    });
    await tocsin.stop();
    table = readTable(tocsin.dataDir);
    incidents = Map.groupBy(await pagerDuty.incidents(), ({ title }) => markIn(title));
    print();
  });

  it('has kept every delivery that got a 202', () => {
    const known = new Set(table.deliveries.map(({ deliveryId }) => deliveryId));
    expect(stream.taken.filter(({ deliveryId }) => !known.has(deliveryId))).toEqual([]);
    const receipts = Map.groupBy(table.receipts, ({ firstDeliveryId }) => firstDeliveryId);
    const repeats = stream.taken.filter(({ isRepeat }) => isRepeat);
    const missing = [...Map.groupBy(repeats, ({ deliveryId }) => deliveryId)].filter(
      ([deliveryId, of]) => (receipts.get(deliveryId)?.length ?? 0) < of.length,
    );
    expect(missing).toEqual([]);
  });

  it('has paged each episode exactly once, and closed what is over', () => {
    const wrong = episodes.flatMap(({ mark, endsResolved }) => {
      const statuses = (incidents.get(mark) ?? []).map(({ status }) => status);
      const wanted = endsResolved ? 'resolved' : 'triggered';
      return statuses.length === 1 && statuses[0] === wanted ? [] : [{ mark, statuses, wanted }];
    });
    expect(wrong).toEqual([]);
    expect(incidents.size).toBe(episodes.length);
  });

  it('has left nothing half done', () => {
    const nowMs = Date.now();
    expect(table.due.filter(({ dueAtMs }) => dueAtMs <= nowMs)).toEqual([]);
    const gaps = [...Map.groupBy(table.commits, ({ incidentId }) => incidentId)].filter(
      ([, commits]) =>
        commits.some(({ firstSeq }, n) => firstSeq !== 1 + eventsIn(commits.slice(0, n))),
    );
    expect(gaps.map(([incidentId]) => incidentId)).toEqual([]);
    expect(deadLetters()).toEqual([]);
  });

  it(`is back within ${RESTART_LIMIT_MS / 1000} s`, () => {
    expect(median(restartsMs)).toBeLessThan(RESTART_LIMIT_MS);
  });

  function isQuiet(): boolean {
    return !readTable(tocsin.dataDir).due.some(({ row }) => row.kind === 'intent');
  }

  function print(): void {
    console.log(
      [
        `seed ${seed}: ${KILLS} kills, ${episodes.length} episodes`,
        `${stream.taken.length} deliveries taken, ${stream.retries()} tries without an answer`,
        `${table.deliveries.length} stored, ${table.receipts.length} receipts`,
        `${[...incidents.values()].flat().length} incidents in PagerDuty`,
        `restart: median ${Math.round(median(restartsMs))} ms, ` +
          `longest ${Math.round(Math.max(...restartsMs))} ms`,
      ].join('\n'),
    );
  }
});

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const markIn = (title: string): string => /Kill\d+x\d+x\d+x/.exec(title)?.[0] ?? title;

const eventsIn = (commits: readonly { readonly events: readonly unknown[] }[]): number =>
  commits.reduce((sum, { events }) => sum + events.length, 0);

/** What failed for good lies in a file for each queue; without any there is no folder. */
const deadLetters = (): readonly string[] =>
  globSync('queues/*', { cwd: tocsin.dataDir })
    .map((path) => readFileSync(join(tocsin.dataDir, path), 'utf8'))
    .filter((text) => text !== '');
