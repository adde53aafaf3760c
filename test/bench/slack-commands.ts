import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ROOT, startTocsin, type Tocsin } from '../e2e/harness/tocsin.ts';
import { monotonicMs } from './monotonic.ts';
import { percentile } from './statistics.ts';

/**
 * `node test/bench/slack-commands.ts`: slash commands as Slack posts them, from the POST to the whole
 * answer, on the one-machine runtime: 50 in each second, about ten incidents and all about one.
 */
const PER_SECOND = 50;
const INCIDENTS = 10;
const TARGET_P99_MS = 1_000;

interface Workspace {
  readonly signingSecret: string;
  readonly teamId: string;
  readonly userId: string;
}

/** What people type, in turns: mostly what changes something. */
const TEXTS = ['note $ seen', 'show $', 'status $ identified', 'assign $ sme me', 'note $ gone'];

let triggers = 0;

const folder = mkdtempSync(join(tmpdir(), 'tocsin-slack-bench-'));
const tocsin = await startTocsin({ folder, policyFile: join(ROOT, 'policy/tocsin.yaml') });
try {
  await measure(tocsin, workspaceOf(tocsin));
} finally {
  await tocsin.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function measure(of: Tocsin, workspace: Workspace): Promise<void> {
  const say = (text: string): Promise<Answer> => command(of, workspace, text);
  const first = await say('help');
  report('the first command, a cold start', [first.ms]);
  const ids: string[] = [];
  for (let n = 0; n < INCIDENTS; n += 1) ids.push(idIn((await say(`declare P2 bench ${n}`)).text));
  report(`${PER_SECOND} in a second about ${INCIDENTS} incidents`, await second(say, ids));
  report(`${PER_SECOND} in a second about one incident`, await second(say, ids.slice(0, 1)));
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

function report(what: string, durationsMs: readonly number[]): void {
  const [p50, p99] = [0.5, 0.99].map((share) => percentile(durationsMs, share).toFixed(0));
  process.stdout.write(`${what}: p50 ${p50} ms, p99 ${p99} ms (target ${TARGET_P99_MS} ms)\n`);
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
