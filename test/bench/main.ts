import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { arch, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureColdStarts } from './cold.ts';
import { compare } from './comparison.ts';
import { coldLines, comparisonLines, slackLines, streamLines, unitLines } from './lines.ts';
import { startPagerSink } from './pager-sink.ts';
import { formatReport, type Line } from './report.ts';
import type { Amounts } from './scenarios.ts';
import { measureSlackCommands } from './slack-commands.ts';
import { measureStreamThroughput } from './stream-throughput.ts';
import { measureWriteUnits, type UnitAmounts } from './write-units.ts';

/**
 * `npm run bench`: one run on one machine, each figure beside its target. `--quick` does a little of
 * everything but the stream, to see that it works; its figures mean nothing.
 */
interface Extent {
  readonly amounts: Amounts;
  readonly units: UnitAmounts;
  readonly coldSamples: number;
  readonly hasStream: boolean;
}

const FULL: Extent = {
  amounts: {
    rounds: 3,
    singles: 150,
    resolves: 30,
    duplicates: 1000,
    distinct: 10_000,
    grouped: 10_000,
    groups: 50,
  },
  units: { singles: 20, repeats: 50, grouped: 2_000, groups: 10 },
  coldSamples: 15,
  hasStream: true,
};

const QUICK: Extent = {
  amounts: {
    rounds: 1,
    singles: 15,
    resolves: 5,
    duplicates: 50,
    distinct: 50,
    grouped: 400,
    groups: 2,
  },
  units: { singles: 3, repeats: 5, grouped: 200, groups: 1 },
  coldSamples: 1,
  hasStream: false,
};

const isQuick = process.argv.includes('--quick');
const extent = isQuick ? QUICK : FULL;
const folder = mkdtempSync(join(tmpdir(), 'tocsin-bench-'));
// Leaves by `exit`, at which everything that was started is killed.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const say = (text: string): void => void process.stderr.write(`${text}\n`);
try {
  process.stdout.write(`${machine()}\n\n${formatReport(await measure())}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(): Promise<readonly Line[]> {
  const sink = await startPagerSink();
  try {
    const { amounts } = extent;
    for (const name of ['tocsin', 'units', 'slack', 'cold']) mkdirSync(join(folder, name));
    const compared = await compare({ folder, sink, amounts, say });
    say('write units');
    const units = await measureWriteUnits(join(folder, 'units'), { sink, amounts: extent.units });
    say('commands of Slack');
    const slack = await measureSlackCommands(join(folder, 'slack'));
    say('cold starts');
    const cold = await measureColdStarts(join(folder, 'cold'), {
      samples: extent.coldSamples,
      sinkUrl: sink.url,
    });
    return [
      ...comparisonLines(compared, amounts),
      ...unitLines(units),
      ...slackLines(slack),
      ...coldLines(cold),
      ...(extent.hasStream ? await measureStream() : []),
    ];
  } finally {
    await sink.stop();
  }
}

async function measureStream(): Promise<readonly Line[]> {
  say('stream');
  return streamLines(await measureStreamThroughput());
}

function machine(): string {
  const { model = 'unknown' } = cpus()[0] ?? {};
  const quick = isQuick ? ' A quick run: the figures mean nothing.' : '';
  return `Node ${process.versions.node}, ${arch()}, ${cpus().length} x ${model.trim()}.${quick}`;
}
