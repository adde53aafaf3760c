import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { describeOutcome, describeTotals, Totals } from './report.ts';
import { runSeed } from './run.ts';

/**
 * `npm run sim -- [--seeds 200] [--from 1] [--actions] [--explain]`: runs seeds one after the other and ends
 * with 1 when one breaks an invariant. `--actions` runs the seeds with targets to act on. `--explain` prints what happened in each of them.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '200' },
      from: { type: 'string', default: '1' },
      actions: { type: 'boolean', default: false },
      explain: { type: 'boolean', default: false },
    },
  });
  const from = Number(values.from);
  const count = Number(values.seeds);
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(count) || count < 1) {
    console.error(
      `--seeds is ${values.seeds} and --from is ${values.from}; both are whole numbers, ` +
        'and --seeds is at least 1.',
    );
    return 2;
  }
  const totals = new Totals();
  const started = performance.mark('started');
  for (let seed = from; seed < from + count; seed += 1) {
    const outcome = await runSeed(seed, {
      isExplained: values.explain,
      hasActions: values.actions,
    });
    totals.add(outcome);
    if (values.explain || outcome.violation !== null) console.log(describeOutcome(outcome));
  }
  const ended = performance.mark('ended');
  console.log(describeTotals(totals, ended.startTime - started.startTime));
  return totals.failed.length === 0 ? 0 : 1;
}

process.exitCode = await main();
