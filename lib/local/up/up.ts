import { join } from 'node:path';
import type { Terminal } from '../../cli/terminal.ts';
import { connectionFileName, encodeConnection } from '../../codec/local-connection.ts';
import type { StageName } from '../../infra/stage.ts';
import { writeFileAtomically } from '../shared/files.ts';
import { createTeardown, type Teardown } from '../shared/teardown.ts';
import { systemTimekeeper } from '../shared/timekeeper.ts';
import { ensureAssembly, type Synthesize } from './assembly-cache.ts';
import { lockDataDir } from './data-dir-lock.ts';
import { explainStart } from './explain.ts';
import { readPolicy, shortPath } from './policy.ts';
import { assertPortFree } from './port.ts';
import { runAssembly, type Running } from './run-assembly.ts';
import {
  DEFAULT_DATA_DIR,
  readSettings,
  type UpRequest,
  type UpSettings,
  type UpSurroundings,
} from './settings.ts';
import { shellWord } from './shell.ts';
import { watchSignals } from './signals.ts';
import { welcome } from './welcome.ts';

/** Everything outside that a start needs. */
export interface UpHost extends UpSurroundings {
  readonly out: Terminal;
  readonly err: Terminal;
  /** Root of this repository. */
  readonly rootDir: string;
  readonly synthesize: Synthesize;
  /** The policy of a stage when nobody names another. */
  readonly findPolicy: (stage: StageName) => string;
}

/** A stop that takes longer than this is cut short; what was undone is done at the next start. */
const STOP_LIMIT_MS = 4_500;

/**
 * Runs Tocsin on this machine until it is asked to end, and gives the exit code: 0 after a stop that
 * was asked for, 1 when it did not start or broke down. Nothing is left running either way.
 */
export async function up(request: UpRequest, host: UpHost): Promise<0 | 1> {
  const signals = watchSignals(systemTimekeeper.nowMs);
  const teardown = createTeardown();
  const breakdown = Promise.withResolvers<Error>();
  const starting = { host, teardown, onBreakdown: breakdown.resolve };
  const settings = await start(request, starting);
  if (settings === undefined) {
    await teardown.run();
    signals.release();
    return 1;
  }
  const end = await Promise.race([signals.untilAsked(), breakdown.promise]);
  if (end === undefined) host.err.write('\nStopping.\n');
  else host.err.write(`\n${host.err.paint.red('error:')} ${end.message} Tocsin stops.\n`);
  const exitCode = end === undefined ? 0 : 1;
  await stop(teardown, exitCode);
  const kept = shortPath(settings.dataDir, host.cwd);
  host.err.write(`Stopped. Everything is kept in ${kept}; start it again to go on.\n`);
  signals.release();
  return exitCode;
}

async function stop(teardown: Teardown, exitCode: number): Promise<void> {
  const cancel = systemTimekeeper.after(STOP_LIMIT_MS, () => process.exit(exitCode));
  await teardown.run();
  cancel();
}

interface Starting {
  readonly host: UpHost;
  readonly teardown: Teardown;
  readonly onBreakdown: (error: Error) => void;
}

/** Starts everything and says so, or says why not and gives `undefined`. */
async function start(request: UpRequest, starting: Starting): Promise<UpSettings | undefined> {
  const { host } = starting;
  let settings: UpSettings | undefined;
  try {
    settings = readSettings(request, host);
    await startWith(settings, starting);
    return settings;
  } catch (error) {
    const { err } = host;
    err.write(`${err.paint.red('error:')} ${explainStart(error, settings).trimEnd()}\n`);
    return undefined;
  }
}

async function startWith(settings: UpSettings, starting: Starting): Promise<void> {
  const { host, teardown } = starting;
  const { dataDir, stage, person } = settings;
  const policyFile = settings.policyFile ?? host.findPolicy(stage);
  const { policy, warnings } = readPolicy(policyFile, host.cwd);
  const lock = lockDataDir(dataDir);
  teardown.add(lock.release);
  await assertPortFree(settings.port);
  const assemblyDir = await ensureAssembly({
    rootDir: host.rootDir,
    dataDir,
    stage,
    policyFile,
    synthesize: host.synthesize,
    onBuild: () => host.err.write('Building the functions, since something changed or is new.\n'),
  });
  const running = await runAssembly({
    ...starting,
    settings,
    policy,
    assemblyDir,
    rootDir: host.rootDir,
    err: host.err,
  });
  const facts = {
    url: running.url,
    policy,
    policyFile: shortPath(policyFile, host.cwd),
    policyWarnings: warnings.length,
    dataDir: shortPath(dataDir, host.cwd),
    pagerDuty: settings.pagerDuty,
    slack: settings.slack,
    sourceTokens: running.secrets.sourceTokens,
    person,
    cliOptions: cliOptionsFor(settings, host.cwd),
  };
  writeConnection(settings, running);
  host.out.write(welcome(facts, host.out.paint));
}

/** Tells the command line on this machine where to go, and with which token. */
function writeConnection({ dataDir, person }: UpSettings, { url, secrets }: Running): void {
  const connection = encodeConnection({ url, person, token: secrets.personToken });
  writeFileAtomically(join(dataDir, connectionFileName), connection);
}

function cliOptionsFor({ dataDir }: UpSettings, cwd: string): string {
  const short = shortPath(dataDir, cwd);
  return short === DEFAULT_DATA_DIR ? '' : ` --data ${shellWord(short)}`;
}
