import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { FindAwsCredentials } from '../../../lib/cli/api.ts';
import { createCommands } from '../../../lib/cli/commands.ts';
import type { RunUp } from '../../../lib/cli/commands/up.ts';
import { runCommandLine } from '../../../lib/cli/main.ts';
import { plainPaint, type Paint } from '../../../lib/cli/terminal.ts';
import { encodeConnection } from '../../../lib/codec/local-connection.ts';

/** What a command line did, as the person or the script that ran it sees it. */
export interface Outcome {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly paint?: Paint;
  readonly nowMs?: number;
  readonly runUp?: RunUp;
  readonly findAwsCredentials?: FindAwsCredentials;
  /** What the person at the terminal answers; nobody sits at one when absent. */
  readonly says?: string;
}

/** The instant of all answers below. */
export const nowMs = Date.parse('2026-11-21T03:48:00.000Z');

const cleanups: (() => void)[] = [];

afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** Runs a command line as `bin/tocsin.ts` does, on a terminal that only remembers. */
export async function run(argv: readonly string[], around: Surroundings = {}): Promise<Outcome> {
  let out = '';
  let err = '';
  const paint = around.paint ?? plainPaint;
  let atMs = around.nowMs ?? nowMs;
  const exitCode = await runCommandLine(argv, {
    commands: commandsFor(around),
    host: {
      out: { paint, write: (text) => void (out += text) },
      err: { paint, write: (text) => void (err += text) },
      env: around.env ?? {},
      cwd: around.cwd ?? temporaryFolder(),
      nowMs: () => atMs,
      sleep: (ms) => Promise.resolve(void (atMs += ms)),
      ask: (question) => {
        if (around.says !== undefined) err += question;
        return Promise.resolve(around.says ?? null);
      },
    },
  });
  return { exitCode, out, err };
}

export const commandsFor = ({ runUp, findAwsCredentials }: Surroundings = {}) =>
  createCommands({
    runUp: runUp ?? (() => Promise.resolve(0)),
    findAwsCredentials: findAwsCredentials ?? (() => Promise.reject(new Error('not asked for'))),
  });

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-cli-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A request as it arrived. */
export interface Received {
  readonly method: string;
  /** Path and query, not decoded. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An answer: JSON of an object, a text as it is, or whatever the function does. */
export type Answer = object | string | ((response: ServerResponse) => void);

export interface FakeApi {
  readonly url: string;
  readonly received: readonly Received[];
  /** A data directory whose `connection.json` leads here. */
  readonly dataDir: string;
}

/** Speaks the shapes of docs/api.md; keys are `METHOD /path`, with the query where it matters. */
export async function fakeApi(answers: Readonly<Record<string, Answer>>): Promise<FakeApi> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      received.push({ method, url, headers, body: Buffer.concat(chunks).toString('utf8') });
      const path = url.split('?')[0] ?? '';
      const answer = answers[`${method} ${url}`] ?? answers[`${method} ${path}`];
      send(response, answer ?? status(404, { error: { kind: 'not_found', message: 'Not here.' } }));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => {
    server.close();
    server.closeAllConnections();
  });
  // A TCP server's address is an object.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, received, dataDir: dataDirFor(url) };
}

/** An answer with another status than 200. */
export const status =
  (code: number, body: object | string): Answer =>
  (response) => {
    response.statusCode = code;
    send(response, body);
  };

function send(response: ServerResponse, answer: Answer): void {
  if (typeof answer === 'function') answer(response);
  else response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
}

function dataDirFor(url: string): string {
  const folder = temporaryFolder();
  const connection = encodeConnection({ url, person: 'ada', token: 'token-of-ada' });
  writeFileSync(join(folder, 'connection.json'), connection);
  return folder;
}
