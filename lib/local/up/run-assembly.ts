import { join } from 'node:path';
import type { Terminal } from '../../cli/terminal.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { createSecretStore, type SecretStore } from '../aws/secret-store.ts';
import { databaseStarter } from '../dynamodb/start-database.ts';
import { startRuntime } from '../runtime/start-runtime.ts';
import { loadTemplate } from '../runtime/template/load-template.ts';
import type { SecretSpec } from '../runtime/template/model.ts';
import type { Teardown } from '../shared/teardown.ts';
import { systemTimekeeper } from '../shared/timekeeper.ts';
import { showTrouble } from './function-output.ts';
import { CONSOLE_VARIABLE, keepSecrets, type KeptSecrets } from './kept-secrets.ts';
import { preparePagerDuty, type PagerDutyHere } from './pagerduty.ts';
import { authorizePeople } from './people.ts';
import type { UpSettings } from './settings.ts';
import { prepareSlack, type SlackHere } from './slack.ts';
import { prepareTargets, type TargetsHere } from './targets.ts';

export interface RunRequest {
  readonly settings: UpSettings;
  readonly policy: Policy;
  readonly assemblyDir: string;
  /** Root of this repository. */
  readonly rootDir: string;
  readonly err: Terminal;
  /** Takes what has to be undone, in the order in which it was done. */
  readonly teardown: Teardown;
  /** Called once when something that all depends on has broken for good. */
  readonly onBreakdown: (error: Error) => void;
}

/** A Tocsin that takes requests. */
export interface Running {
  /** Base URL of the HTTP API, without a slash at the end. */
  readonly url: string;
  readonly secrets: KeptSecrets;
}

/** Runs an assembly with its secrets, with whoever is paged or talked to, and with the database. */
export async function runAssembly(request: RunRequest): Promise<Running> {
  const { settings, policy, assemblyDir, teardown } = request;
  const { dataDir, person } = settings;
  const { pagerDuty, slack, targets } = await prepareOthers(request);
  const { secrets: specs } = loadTemplate(assemblyDir, { apiUrl: 'http://127.0.0.1' });
  const store = createSecretStore(join(dataDir, 'secrets.json'));
  const secrets = keepSecrets({
    store,
    secrets: specs,
    policy,
    person,
    pagerDuty: pagerDuty.keys,
    slack: slack.keys,
    targets,
  });
  const warn = (message: string): void => {
    request.err.write(`${request.err.paint.yellow('warn:')} ${message}\n`);
  };
  const runtime = await startRuntime({
    assemblyDir,
    dataDir,
    port: settings.port,
    authorize: authorizePeople(() => consoleSecret(store, specs)),
    mounts: ({ url, snsView }) => [
      ...pagerDuty.mounts(url),
      ...slack.mounts(url),
      ...targets.mounts(url),
      { prefix: '/sandbox/sns/messages', handle: snsView },
    ],
    // The console is open to who can reach this machine's loopback; no template ever sets this.
    environment: (url) => ({
      ...pagerDuty.environment(url),
      ...slack.environment(url),
      ...targets.environment(url),
      TOCSIN_CONSOLE_OPEN: '1',
    }),
    startDatabase: databaseStarter({
      endpoint: settings.dynamodbUrl,
      warn,
      onGiveUp: request.onBreakdown,
    }),
    onOutput: showTrouble({
      err: request.err,
      timekeeper: systemTimekeeper,
      logDir: join(dataDir, 'log'),
    }),
  });
  teardown.add(runtime.stop);
  return { url: runtime.url, secrets };
}

interface Others {
  readonly pagerDuty: PagerDutyHere;
  readonly slack: SlackHere;
  readonly targets: TargetsHere;
}

/** Whoever is paged, talked to and acted on. They go after the runtime: pages may be on their way. */
async function prepareOthers(request: RunRequest): Promise<Others> {
  const { settings, policy, rootDir, teardown } = request;
  const { dataDir } = settings;
  const timekeeper = systemTimekeeper;
  const pagerDuty = preparePagerDuty({ choice: settings.pagerDuty, dataDir, policy, timekeeper });
  const slack = prepareSlack({ choice: settings.slack, dataDir, policy, timekeeper });
  teardown.add(() => pagerDuty.close());
  teardown.add(() => slack.close());
  const targets = await prepareTargets({ dataDir, rootDir, timekeeper });
  teardown.add(() => targets.close());
  return { pagerDuty, slack, targets };
}

function consoleSecret(store: SecretStore, specs: readonly SecretSpec[]): string | undefined {
  const spec = specs.find(({ variables }) => variables.includes(CONSOLE_VARIABLE));
  return spec === undefined ? undefined : store.get(spec.name)?.current.secretString;
}
