import { randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogLevel, WebClient } from '@slack/web-api';
import { onTestFinished } from 'vitest';
import { createSlackSandbox, type SlackSandbox } from '../../../lib/local/sandbox/slack/sandbox.ts';
import type {
  SlackSandboxApp,
  SlackSandboxSettings,
  SlackSandboxWorkspace,
} from '../../../lib/local/sandbox/slack/settings.ts';
import { listen } from '../../../lib/local/shared/listener.ts';
import { systemTimekeeper, type Timekeeper } from '../../../lib/local/shared/timekeeper.ts';

export const TOKEN = 'xoxb-of-the-shop';
export const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
export const TEAM = 'T0SHOP';
export const ADA = 'U0ADA';
export const GRACE = 'U0GRACE';
export const GIL = 'U0GIL';
export const SAM = 'U0SAM';
export const INCIDENTS = 'C0INCIDENTS';
/** Where the app is no member. */
export const GENERAL = 'C0GENERAL';

const LOOPBACK = { host: '127.0.0.1', port: 0 };

export const SHOP: SlackSandboxWorkspace = {
  teamId: TEAM,
  enterpriseId: null,
  name: 'Example Shop',
  botToken: TOKEN,
  signingSecret: SECRET,
  users: [
    { id: ADA, handle: 'ada', name: 'Ada', email: 'ada@example.com', kind: 'member' },
    { id: GRACE, handle: 'grace', name: 'Grace', email: null, kind: 'member' },
    { id: GIL, handle: 'gil', name: 'Gil', email: null, kind: 'guest' },
    { id: SAM, handle: 'sam', name: 'Sam', email: null, kind: 'stranger' },
  ],
  channels: [
    { id: INCIDENTS, name: 'incidents', hasApp: true },
    { id: GENERAL, name: 'general', hasApp: false },
  ],
};

export const APP: SlackSandboxApp = {
  name: 'Tocsin',
  commands: [{ command: '/incident', description: 'Steer incidents', usageHint: 'help' }],
  shortcuts: [
    { name: 'Declare incident', type: 'global', callbackId: 'tocsin:declare' },
    { name: 'Add to timeline', type: 'message', callbackId: 'tocsin:note' },
  ],
  scopes: [
    'chat:write',
    'channels:manage',
    'channels:read',
    'channels:history',
    'channels:join',
  ].concat([
    'groups:write',
    'groups:read',
    'groups:history',
    'users:read',
    'users:read.email',
    'commands',
  ]),
  commandsUrl: 'http://127.0.0.1:1/commands',
  interactionsUrl: 'http://127.0.0.1:1/interactions',
};

/** JSON of an answer: tests look into it by name, and a missing name is `undefined`. */
export interface Body {
  readonly [key: string]: unknown;
}

export interface Running {
  readonly sandbox: SlackSandbox;
  /** Of the view: `http://127.0.0.1:…/sandbox/slack`. */
  readonly url: string;
  readonly web: WebClient;
  readonly call: (method: string, path: string, body?: object) => Promise<Answer>;
  /** What somebody does in Slack. */
  readonly people: (act: string, fields: object) => Promise<Answer>;
  /** The whole of the first workspace, as somebody sees it. */
  readonly state: (as?: string) => Promise<State>;
}

export interface Answer {
  readonly status: number;
  readonly body: Body;
}

export interface State extends Body {
  readonly bot_user_id: string;
  readonly channels: readonly (Body & {
    readonly messages: readonly Body[];
    readonly only_you: readonly Body[];
  })[];
  readonly view: Body | null;
}

export type Settings = Partial<Omit<SlackSandboxSettings, 'app'>> & {
  readonly app?: Partial<SlackSandboxApp>;
};

/** Starts a sandbox on a free port; it is closed after the test. */
export async function start({ app = {}, ...settings }: Settings = {}): Promise<Running> {
  const sandbox = createSlackSandbox({
    timekeeper: systemTimekeeper,
    randomBytes,
    app: { ...APP, ...app },
    workspaces: [SHOP],
    ...settings,
  });
  onTestFinished(() => sandbox.close());
  const url = `${await sandbox.listen(LOOPBACK)}/sandbox/slack`;
  const call: Running['call'] = async (method, path, body) => {
    const response = await fetch(url + path, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    // The sandbox answers JSON; what is in it is what the tests are about.
    return { status: response.status, body: (await response.json()) as Body };
  };
  return {
    sandbox,
    url,
    web: clientAt(url, TOKEN),
    call,
    people: (act, fields) =>
      call('POST', `/people/${act}`, { as: ADA, channel: INCIDENTS, ...fields }),
    state: async (as = ADA) => {
      const { body } = await call('GET', `/state?as=${as}`);
      const [workspace] = (body as unknown as { readonly workspaces: readonly State[] }).workspaces;
      if (workspace === undefined) throw new Error('The sandbox has no workspace.');
      return workspace;
    },
  };
}

/** The client that the adapter uses, configured as it is there. */
export const clientAt = (url: string, token: string): WebClient =>
  new WebClient(token, {
    slackApiUrl: `${url}/api/`,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    timeout: 5000,
    logger: silent(),
  });

const silent = () => ({
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
});

/** The error that a call was refused with. */
export async function refusal(call: Promise<unknown>): Promise<Body> {
  try {
    await call;
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'data' in error) return error.data as Body;
    throw error;
  }
  throw new Error('The call was not refused.');
}

/** A request that the app got. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly raw: Buffer;
  readonly form: URLSearchParams;
  readonly payload: Body;
}

export interface AppAnswer {
  readonly status?: number;
  readonly type?: string;
  readonly body?: string | object;
}

/** What the app does with a request; `silent` never answers. */
export type Behaviour = (received: Received) => AppAnswer | 'silent' | Promise<AppAnswer>;

export interface AppServer {
  readonly app: Pick<SlackSandboxApp, 'commandsUrl' | 'interactionsUrl'>;
  readonly received: readonly Received[];
}

/** An app on a free port; it is closed after the test. */
export async function serveApp(behave: Behaviour = () => ({})): Promise<AppServer> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      const form = new URLSearchParams(raw.toString('utf8'));
      // The sandbox made it; what is in it is what the tests are about.
      const payload = JSON.parse(form.get('payload') ?? '{}') as Body;
      const one = { path: request.url ?? '', headers: request.headers, raw, form, payload };
      received.push(one);
      void Promise.resolve(behave(one)).then((answer) => {
        if (answer === 'silent') return;
        const { status = 200, type = 'application/json', body = '' } = answer;
        response.writeHead(status, { 'content-type': type });
        response.end(typeof body === 'string' ? body : JSON.stringify(body));
      });
    });
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = await listen(server, LOOPBACK);
  return {
    app: { commandsUrl: `${url}/commands`, interactionsUrl: `${url}/interactions` },
    received,
  };
}

export function only<Item>(items: readonly Item[]): Item {
  const [first] = items;
  if (first === undefined || items.length !== 1) {
    throw new Error(`Expected one, found ${items.length}.`);
  }
  return first;
}

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'tocsin-slack-'));

/** The machine's timers, with an instant that the test moves. */
export function movableTime(
  startMs: number,
): Timekeeper & { readonly move: (byMs: number) => void } {
  let nowMs = startMs;
  return {
    nowMs: () => nowMs,
    after: systemTimekeeper.after,
    move: (byMs) => {
      nowMs += byMs;
    },
  };
}

export const button = (actionId: string, more: object = {}) => ({
  type: 'button' as const,
  action_id: actionId,
  text: { type: 'plain_text' as const, text: actionId },
  ...more,
});

export const section = (text: string) => ({
  type: 'section' as const,
  text: { type: 'mrkdwn' as const, text },
});
