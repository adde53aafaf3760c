import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ROOT, startTocsin, type Tocsin } from '../e2e/harness/tocsin.ts';
import { monotonicMs } from './monotonic.ts';

const PER_SECOND = 50;
const INCIDENTS = 10;

/** Milliseconds from the POST of a slash command to its whole answer. */
export interface SlackCommandTimes {
  readonly perSecond: number;
  /** The first one, which finds the function not yet loaded. */
  readonly firstMs: number;
  /** 50 in a second about ten incidents, mostly such as change something. */
  readonly manyMs: readonly number[];
  /** The same about one incident. */
  readonly oneMs: readonly number[];
}

interface Workspace {
  readonly signingSecret: string;
  readonly teamId: string;
  readonly userId: string;
}

/** What people type, in turns: mostly what changes something. */
const TEXTS = ['note $ seen', 'show $', 'status $ identified', 'assign $ sme me', 'note $ gone'];

let triggers = 0;

/** Slash commands as Slack posts them, on a `tocsin up` with the example policy in a folder of its own. */
export async function measureSlackCommands(folder: string): Promise<SlackCommandTimes> {
  const tocsin = await startTocsin({ folder, policyFile: join(ROOT, 'policy/tocsin.yaml') });
  try {
    const workspace = workspaceOf(tocsin);
    const say = (text: string): Promise<Answer> => command(tocsin, workspace, text);
    const { ms: firstMs } = await say('help');
    const ids: string[] = [];
    for (let n = 0; n < INCIDENTS; n += 1)
      ids.push(idIn((await say(`declare P2 bench ${n}`)).text));
    const manyMs = await second(say, ids);
    const oneMs = await second(say, ids.slice(0, 1));
    return { perSecond: PER_SECOND, firstMs, manyMs, oneMs };
  } finally {
    await tocsin.stop();
  }
}

async function second(
  say: (text: string) => Promise<Answer>,
  ids: readonly string[],
): Promise<readonly number[]> {
  const answers = await Promise.all(
    Array.from({ length: PER_SECOND }, async (_, n) => {
      await wait((n * 1_000) / PER_SECOND);
      const id = ids[n % ids.length] ?? '';
      return say((TEXTS[n % TEXTS.length] ?? '').replace('$', id));
    }),
  );
  const failed = answers.filter(({ text }) => /may or may not|cannot be reached/.test(text));
  if (failed.length > 0) throw new Error(`${failed.length} failed: ${failed[0]?.text ?? ''}`);
  return answers.map(({ ms }) => ms);
}

interface Answer {
  readonly ms: number;
  readonly text: string;
}

async function command(
  { url }: Tocsin,
  { signingSecret, teamId, userId }: Workspace,
  text: string,
): Promise<Answer> {
  triggers += 1;
  const body = new URLSearchParams({
    team_id: teamId,
    channel_id: 'C0BENCH',
    user_id: userId,
    command: '/incident',
    text,
    trigger_id: `bench.${triggers}`,
  }).toString();
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signed = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`);
  const fromMs = monotonicMs();
  const response = await fetch(`${url}/v1/slack/commands`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${signed.digest('hex')}`,
    },
    body,
  });
  const answer = await response.text();
  if (response.status !== 200) throw new Error(`Answered ${response.status}: ${answer}`);
  return { ms: monotonicMs() - fromMs, text: answer };
}

function idIn(text: string): string {
  const [id] = /[0-9a-z]{5}-[0-9a-z]{7}/.exec(text) ?? [];
  if (id === undefined) throw new Error(`No incident was opened: ${text}`);
  return id;
}

/** Whom the example policy names, and the key that the sandbox made for the workspace. */
function workspaceOf({ dataDir }: Tocsin): Workspace {
  const file = readFileSync(join(dataDir, 'slack-sandbox/keys.json'), 'utf8');
  const signingSecret = /"signingSecrets":\s*\[\s*"([^"]+)"/.exec(file)?.[1];
  if (signingSecret === undefined) throw new Error('The sandbox keeps no signing secret.');
  return { signingSecret, teamId: 'TEXAMPLE1', userId: 'UADA001' };
}
