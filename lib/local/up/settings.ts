import { resolve } from 'node:path';
import { STAGE_NAMES, type StageName } from '../../infra/stage.ts';
import { choosePagerDuty, type PagerDutyChoice } from './pagerduty-choice.ts';
import { chooseSlack, type SlackChoice } from './slack-choice.ts';
import { StartProblem } from './start-problem.ts';

/** What the command line says; all may be absent. */
export interface UpRequest {
  readonly port: string | undefined;
  readonly data: string | undefined;
  readonly policy: string | undefined;
  readonly stage: string | undefined;
  readonly person: string | undefined;
}

/** What the surroundings say. */
export interface UpSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The name that the system knows the person at the keyboard by. */
  readonly userName: string;
}

/** How this start is to be. */
export interface UpSettings {
  /** 0: any free port. */
  readonly port: number;
  /** Absolute. */
  readonly dataDir: string;
  readonly stage: StageName;
  /** Absolute; null: the stage's own policy of this repository. */
  readonly policyFile: string | null;
  /** In whose name the command line on this machine acts. */
  readonly person: string;
  readonly pagerDuty: PagerDutyChoice;
  readonly slack: SlackChoice;
  /** Another DynamoDB instead of the embedded one. */
  readonly dynamodbUrl: string | undefined;
}

/** Above the ports of well-known programs, below those that systems hand out. */
export const DEFAULT_PORT = 8484;

export const DEFAULT_DATA_DIR = '.tocsin';

/** Puts options, environment and defaults together, in this order. Throws `StartProblem`. */
export function readSettings(request: UpRequest, around: UpSurroundings): UpSettings {
  const { env, cwd } = around;
  return {
    port: readPort(request.port, env['TOCSIN_PORT']),
    dataDir: resolve(cwd, request.data ?? DEFAULT_DATA_DIR),
    stage: readStage(request.stage),
    policyFile: request.policy === undefined ? null : resolve(cwd, request.policy),
    person: readPerson(request.person, around),
    pagerDuty: choosePagerDuty(env),
    slack: chooseSlack(env),
    dynamodbUrl: env['AWS_ENDPOINT_URL_DYNAMODB'],
  };
}

export const HIGHEST_PORT = 65_535;

function readPort(option: string | undefined, variable: string | undefined): number {
  const [name, given] = option === undefined ? ['TOCSIN_PORT', variable] : ['--port', option];
  const text = given?.trim() ?? '';
  if (text === '') return DEFAULT_PORT;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= HIGHEST_PORT) return port;
  throw new StartProblem(
    `${name} is ${JSON.stringify(text)}, which is no port. Allowed are 1 to ${HIGHEST_PORT}, and 0 ` +
      `for any free one; the default is ${DEFAULT_PORT}.`,
  );
}

function readStage(given: string | undefined): StageName {
  if (given === undefined) return 'sandbox';
  const stage = STAGE_NAMES.find((name) => name === given);
  if (stage !== undefined) return stage;
  throw new StartProblem(
    `There is no stage ${JSON.stringify(given)}. Stages are ${STAGE_NAMES.join(', ')}; on one ` +
      'machine it is sandbox unless you say otherwise.',
  );
}

/** The letters of an IAM user name, since that is where the name stands in AWS. */
const PERSON = /^[\w+=.@-]{1,64}$/;

function readPerson(option: string | undefined, { env, userName }: UpSurroundings): string {
  if (option !== undefined && !PERSON.test(option)) {
    throw new StartProblem(
      `--person is ${JSON.stringify(option)}. Allowed are 1 to 64 letters, digits and the ` +
        'characters _ + = . @ -, without spaces.',
    );
  }
  const candidates = [option, env['USER'], env['LOGNAME'], userName];
  return candidates.find((name) => name !== undefined && PERSON.test(name)) ?? 'operator';
}
