import { StartProblem } from './start-problem.ts';

/** Who is paged: the sandbox on this machine, or whoever the environment names. */
export type PagerDutyChoice = { readonly kind: 'sandbox' } | OutsidePagerDuty;

/** A real account, or any server that speaks its protocol. */
export interface OutsidePagerDuty {
  readonly kind: 'outside';
  /** Base addresses, without a slash at the end. */
  readonly eventsUrl: string;
  readonly apiUrl: string;
  /** Null: generated keys are used, which a real account would refuse. */
  readonly routingKey: string | null;
  readonly apiToken: string | null;
  readonly apiFrom: string | null;
  /** Secrets of the webhook subscription; several during a rotation. */
  readonly webhookSecrets: readonly string[];
}

type Env = Readonly<Record<string, string | undefined>>;

const REAL_EVENTS_URL = 'https://events.pagerduty.com';
const REAL_API_URL = 'https://api.pagerduty.com';

/**
 * Reads who is paged from the environment. Without `PAGERDUTY_ROUTING_KEY` and
 * `PAGERDUTY_EVENTS_URL` it is the sandbox. Throws `StartProblem`, which never shows a value that may
 * be a secret.
 */
export function choosePagerDuty(env: Env): PagerDutyChoice {
  const routingKey = valueOf(env, 'PAGERDUTY_ROUTING_KEY');
  const eventsUrl = addressOf(env, 'PAGERDUTY_EVENTS_URL');
  const apiUrl = addressOf(env, 'PAGERDUTY_API_URL');
  if (routingKey === null && eventsUrl === null) return sandboxUnless(apiUrl);
  if (routingKey !== null) checkRoutingKey(routingKey);
  else if (isPagerDutyItself(eventsUrl)) throw keyMissing(String(eventsUrl));
  return {
    kind: 'outside',
    eventsUrl: eventsUrl ?? REAL_EVENTS_URL,
    apiUrl: apiUrl ?? REAL_API_URL,
    routingKey,
    apiToken: valueOf(env, 'PAGERDUTY_API_TOKEN'),
    apiFrom: valueOf(env, 'PAGERDUTY_API_FROM'),
    webhookSecrets: listOf(env, 'PAGERDUTY_WEBHOOK_SECRET'),
  };
}

const keyMissing = (eventsUrl: string): StartProblem =>
  new StartProblem(
    `PAGERDUTY_EVENTS_URL is ${eventsUrl}, but PAGERDUTY_ROUTING_KEY is not set. ` +
      'Set it to the integration key of a service (Events API v2), or unset both to page the ' +
      'sandbox.',
  );

/** Values with commas between them. */
const listOf = (env: Env, name: string): readonly string[] =>
  (env[name] ?? '')
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '');

/** A setting that would have no effect is a mistake that would show only in an emergency. */
function sandboxUnless(apiUrl: string | null): PagerDutyChoice {
  if (apiUrl === null) return { kind: 'sandbox' };
  throw new StartProblem(
    `PAGERDUTY_API_URL is ${apiUrl}, but neither PAGERDUTY_ROUTING_KEY nor PAGERDUTY_EVENTS_URL ` +
      'says whom to page. Set one of them too, or unset it to page the sandbox.',
  );
}

function valueOf(env: Env, name: string): string | null {
  const value = env[name]?.trim() ?? '';
  return value === '' ? null : value;
}

function addressOf(env: Env, name: string): string | null {
  const value = valueOf(env, name);
  if (value === null) return null;
  const url = URL.parse(value);
  if (url !== null && ['http:', 'https:'].includes(url.protocol) && url.search === '') {
    return value.replace(/\/+$/, '');
  }
  throw new StartProblem(
    `${name} is ${JSON.stringify(value)}, which is no address. Allowed is a base address such as ` +
      `${REAL_EVENTS_URL} or http://127.0.0.1:9000, without a query. Correct it, or unset it.`,
  );
}

/** https://developer.pagerduty.com/docs/events-api-v2-overview: 32 characters. */
function checkRoutingKey(key: string): void {
  if (/^[0-9A-Za-z]{32}$/.test(key)) return;
  throw new StartProblem(
    `PAGERDUTY_ROUTING_KEY is no integration key: it has ${key.length} characters, and a key of ` +
      'the Events API v2 has 32 letters and digits. Copy it from the service in PagerDuty ' +
      '(Integrations, Events API v2), or unset it to page the sandbox.',
  );
}

function isPagerDutyItself(url: string | null): boolean {
  const host = url === null ? '' : (URL.parse(url)?.hostname ?? '');
  return host === 'pagerduty.com' || host.endsWith('.pagerduty.com');
}
