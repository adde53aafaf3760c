import { StartProblem } from './start-problem.ts';

/** Where people talk: the sandbox on this machine, or the workspace that the environment names. */
export type SlackChoice = { readonly kind: 'sandbox' } | OutsideSlack;

/** A real workspace, or any server that speaks Slack's protocol. */
export interface OutsideSlack {
  readonly kind: 'outside';
  /** Base of the Web API, with a slash at the end. */
  readonly apiUrl: string;
  readonly botToken: string;
  /** Several during a rotation. */
  readonly signingSecrets: readonly string[];
}

type Env = Readonly<Record<string, string | undefined>>;

const REAL_API_URL = 'https://slack.com/api/';

/**
 * Reads which Slack it is from the environment. Without `SLACK_BOT_TOKEN` and
 * `SLACK_SIGNING_SECRET` it is the sandbox. Throws `StartProblem`, which never shows a value that
 * may be a secret.
 */
export function chooseSlack(env: Env): SlackChoice {
  const botToken = valueOf(env, 'SLACK_BOT_TOKEN');
  const signingSecrets = valueOf(env, 'SLACK_SIGNING_SECRET')
    .split(',')
    .map((secret) => secret.trim())
    .filter((secret) => secret !== '');
  const apiUrl = addressOf(env);
  if (botToken === '' && signingSecrets.length === 0) return sandboxUnless(apiUrl);
  if (botToken === '') throw half('SLACK_SIGNING_SECRET', 'SLACK_BOT_TOKEN');
  if (signingSecrets.length === 0) throw half('SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET');
  if (apiUrl === null) checkCredentials(botToken, signingSecrets);
  return { kind: 'outside', apiUrl: apiUrl ?? REAL_API_URL, botToken, signingSecrets };
}

const valueOf = (env: Env, name: string): string => env[name]?.trim() ?? '';

function addressOf(env: Env): string | null {
  const value = valueOf(env, 'SLACK_API_URL');
  if (value === '') return null;
  const url = URL.parse(value);
  if (url !== null && ['http:', 'https:'].includes(url.protocol) && url.search === '') {
    return `${value.replace(/\/+$/, '')}/`;
  }
  throw new StartProblem(
    `SLACK_API_URL is ${JSON.stringify(value)}, which is no address. Allowed is the base of a ` +
      `Web API such as ${REAL_API_URL} or http://127.0.0.1:9000/api/, without a query. Correct ` +
      'it, or unset it.',
  );
}

/** A setting that would have no effect is a mistake that would show only in an emergency. */
function sandboxUnless(apiUrl: string | null): SlackChoice {
  if (apiUrl === null) return { kind: 'sandbox' };
  throw new StartProblem(
    `SLACK_API_URL is ${apiUrl}, but SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET are not set. Set ` +
      'them too, or unset it to use the sandbox.',
  );
}

/** With the token alone nobody could click; with the secret alone nobody would see anything. */
const half = (given: string, missing: string): StartProblem =>
  new StartProblem(
    `${given} is set, but ${missing} is not. A workspace needs both, from the pages “OAuth & ` +
      'Permissions” and “Basic Information” of the app. Set it too, or unset both to use the ' +
      'sandbox.',
  );

/** https://docs.slack.dev/authentication/tokens and .../verifying-requests-from-slack. */
function checkCredentials(botToken: string, signingSecrets: readonly string[]): void {
  if (!botToken.startsWith('xoxb-')) {
    throw new StartProblem(
      'SLACK_BOT_TOKEN is no bot token, which begins with xoxb-. Copy the “Bot User OAuth Token” ' +
        'of the app, or unset it to use the sandbox.',
    );
  }
  const wrong = signingSecrets.find((secret) => !/^[0-9a-f]{32}$/.test(secret));
  if (wrong === undefined) return;
  throw new StartProblem(
    `SLACK_SIGNING_SECRET is no signing secret: it has ${wrong.length} characters, and one has ` +
      '32 hexadecimal digits. Copy it from “Basic Information” of the app; during a rotation give ' +
      'both with a comma between them.',
  );
}
