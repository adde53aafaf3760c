import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { FindAwsCredentials } from '../lib/cli/api.ts';
import type { CommandHost } from '../lib/cli/command.ts';
import { createCommands } from '../lib/cli/commands.ts';
import type { RunUp } from '../lib/cli/commands/up.ts';
import { runCommandLine } from '../lib/cli/main.ts';
import { paintFor, type Terminal } from '../lib/cli/terminal.ts';
import { systemTimekeeper } from '../lib/local/shared/timekeeper.ts';

const { env } = process;

function terminalOf(stream: NodeJS.WriteStream): Terminal {
  // Whoever read the output may be gone (`| head`); what runs must not end for that.
  stream.on('error', () => undefined);
  return {
    write: (text) => void stream.write(text),
    paint: paintFor({ isTTY: stream.isTTY, env }),
  };
}

/** Asks on the error output, so that what a command prints stays what it is. */
async function ask(question: string): Promise<string | null> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return null;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

const host: CommandHost = {
  out: terminalOf(process.stdout),
  err: terminalOf(process.stderr),
  env,
  cwd: process.cwd(),
  nowMs: systemTimekeeper.nowMs,
  sleep: (ms) => sleep(ms),
  ask,
};

/** The runtime, and for a synthesis the whole CDK, are loaded only when they are needed. */
const runUp: RunUp = async (options, { out, err, cwd }) => {
  const { up } = await import('../lib/local/up/up.ts');
  const { findPolicy } = await import('./policy.ts');
  return await up(options, {
    out,
    err,
    env,
    cwd,
    userName: userInfo().username,
    rootDir: fileURLToPath(new URL('..', import.meta.url)),
    findPolicy,
    synthesize: async ({ stage, policyFile, outDir }) => {
      const { synthesizeTocsin } = await import('./synth.ts');
      await synthesizeTocsin({ stage, policyFile, outDir, validate: false });
    },
  });
};

/** The SDK's own chain: variables, profiles, single sign-on, roles. */
const findAwsCredentials: FindAwsCredentials = async () => {
  const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
  const client = new DynamoDBClient({ region: env['AWS_REGION'] ?? 'us-east-1' });
  const { accessKeyId, secretAccessKey, sessionToken } = await client.config.credentials();
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
};

process.exitCode = await runCommandLine(process.argv.slice(2), {
  commands: createCommands({ runUp, findAwsCredentials }),
  host,
});
