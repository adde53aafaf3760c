import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const REPOSITORY = resolve(import.meta.dirname, '../..');

/**
 * Stands for npm at the other side of the process boundary: notes each call, then does what the
 * file `plan` beside it says.
 */
const NPM = `
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
const plan = readFileSync(new URL('plan', import.meta.url), 'utf8');
appendFileSync(new URL('calls', import.meta.url), process.argv.slice(2).join(' ') + '\\n');
mkdirSync('node_modules/.bin', { recursive: true });
writeFileSync('node_modules/.bin/node', '');
if (plan === 'fail') process.exit(3);
// Outlives its launcher, which is killed, but not for long.
if (plan === 'hang') setTimeout(() => undefined, 5_000);
else {
  mkdirSync('node_modules/left');
  writeFileSync('node_modules/left/package.json', '{}');
}
console.log('words of npm');
`;

const SAY_ARGUMENTS = `
console.log(JSON.stringify(process.argv.slice(2)));
process.exitCode = 7;
`;

let folder: string;
let root: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-launch-'));
  root = join(folder, 'package');
  mkdirSync(join(folder, 'npm'));
  writeFileSync(join(folder, 'npm/package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'npm/npm-cli.js'), NPM);
  plan('install');
  for (const name of ['launch', 'launch.mjs', 'tocsin.mjs']) {
    cpSync(join(REPOSITORY, 'bin', name), join(root, 'bin', name), { recursive: true });
  }
  lock('1.0.0');
  script('arguments.mjs', SAY_ARGUMENTS);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function plan(what: 'install' | 'fail' | 'hang'): void {
  writeFileSync(join(folder, 'npm/plan'), what);
}

function lock(version: string): void {
  const dependencies = { left: version };
  const packages = { '': { dependencies }, 'node_modules/left': { version } };
  writeFileSync(join(root, 'package.json'), JSON.stringify({ type: 'module', dependencies }));
  writeFileSync(
    join(root, 'package-lock.json'),
    JSON.stringify({ lockfileVersion: 3, requires: true, packages }),
  );
}

function script(name: string, text: string): void {
  writeFileSync(join(root, name), text);
}

function npmCalls(): readonly string[] {
  const file = join(folder, 'npm/calls');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

function start(args: readonly string[], nodeArgs: readonly string[] = []) {
  const child = spawn(process.execPath, [...nodeArgs, 'bin/launch.mjs', ...args], {
    cwd: root,
    env: { ...process.env, npm_execpath: join(folder, 'npm/npm-cli.js') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (text.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text.err += chunk.toString()));
  const ended = once(child, 'close').then(([code, signal]: unknown[]) => ({
    code,
    signal,
    ...text,
  }));
  const says = async (stream: 'stdout' | 'stderr', words: string): Promise<void> => {
    while (!text[stream === 'stdout' ? 'out' : 'err'].includes(words)) {
      await once(child[stream], 'data');
    }
  };
  return { child, ended, says };
}

const launch = (...args: readonly string[]) => start(args).ended;

describe('the first start', () => {
  it('installs by npm ci, running no package scripts, then runs the command', async () => {
    const result = await launch('run', 'arguments.mjs', 'a b', '--flag');
    expect(npmCalls()).toEqual([
      'ci --ignore-scripts --include=dev --include=optional --loglevel=error',
    ]);
    expect(result).toMatchObject({ code: 7, out: '["a b","--flag"]\n' });
    expect(result.err).toContain('Installing from package-lock.json: node_modules is missing.');
    expect(result.err).toContain('words of npm');
    expect(existsSync(join(root, '.tocsin-install'))).toBe(false);
  });

  it('leaves no `node` in .bin that would hide the one of the machine from npm scripts', async () => {
    await launch('run', 'arguments.mjs');
    expect(existsSync(join(root, 'node_modules/.bin'))).toBe(true);
    expect(existsSync(join(root, 'node_modules/.bin/node'))).toBe(false);
  });

  it('says so when the install fails, and installs at the next', async () => {
    plan('fail');
    const failed = await launch('run', 'arguments.mjs');
    expect(failed).toMatchObject({ code: 1, out: '' });
    expect(failed.err).toContain('Installing the dependencies failed');
    expect(failed.err).toContain('npm ci ended with 3');
    expect(existsSync(join(root, 'node_modules'))).toBe(false);
    plan('install');
    expect(await launch('run', 'arguments.mjs')).toMatchObject({ code: 7 });
  });
});

describe('a later start', () => {
  it('is quiet and does not install', async () => {
    await launch('run', 'arguments.mjs');
    expect(await launch('run', 'arguments.mjs')).toMatchObject({ code: 7, out: '[]\n', err: '' });
    expect(npmCalls()).toHaveLength(1);
  });

  it('installs again when the lockfile has changed', async () => {
    await launch('run', 'arguments.mjs');
    lock('1.0.1');
    expect((await launch('run', 'arguments.mjs')).err).toContain('has changed');
    expect(npmCalls()).toHaveLength(2);
  });

  it('keeps the old node_modules when the new install fails', async () => {
    await launch('run', 'arguments.mjs');
    lock('1.0.1');
    plan('fail');
    expect(await launch('run', 'arguments.mjs')).toMatchObject({ code: 1 });
    expect(existsSync(join(root, 'node_modules/left/package.json'))).toBe(true);
  });

  it('installs whole what a killed start left half done', async () => {
    plan('hang');
    const killed = start(['run', 'arguments.mjs']);
    await killed.says('stderr', 'words of npm');
    killed.child.kill('SIGKILL');
    await once(killed.child, 'exit');
    killed.child.stderr.destroy();
    killed.child.stdout.destroy();
    expect(existsSync(join(root, 'node_modules'))).toBe(false);
    // Five silent seconds of the lock, without waiting for them.
    utimesSync(join(root, '.tocsin-install/lock'), 0, 0);
    plan('install');
    expect(await launch('run', 'arguments.mjs')).toMatchObject({ code: 7 });
    expect(existsSync(join(root, 'node_modules/left/package.json'))).toBe(true);
  });
});

describe('two starts at once', () => {
  it('install once and both run', async () => {
    const results = await Promise.all([
      launch('run', 'arguments.mjs', '1'),
      launch('run', 'arguments.mjs', '2'),
    ]);
    expect(results.map(({ code, out }) => [code, out])).toEqual([
      [7, '["1"]\n'],
      [7, '["2"]\n'],
    ]);
    expect(npmCalls()).toHaveLength(1);
  });
});

describe('the command', () => {
  it('gets a signal that the launcher gets, and decides on the exit code', async () => {
    script('polite.mjs', `process.on('SIGTERM', () => process.exit(4)); ${READY}`);
    const running = start(['run', 'polite.mjs']);
    await running.says('stdout', 'ready');
    running.child.kill('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 4, signal: null });
  });

  it('ends the launcher by the signal that ended it', async () => {
    script('plain.mjs', READY);
    const running = start(['run', 'plain.mjs']);
    await running.says('stdout', 'ready');
    running.child.kill('SIGTERM');
    expect(await running.ended).toMatchObject({ code: null, signal: 'SIGTERM' });
  });

  it('finds the same Node by the name of node', async () => {
    script('nested.mjs', NESTED);
    expect((await launch('run', 'nested.mjs')).out).toBe(`${process.version}\n`);
  });

  it('does not run at all on an older Node', async () => {
    const old = `data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'20.20.2'}})`;
    const result = await start(['run', 'arguments.mjs'], ['--import', old]).ended;
    expect(result).toMatchObject({ code: 1, out: '' });
    expect(result.err).toContain('Tocsin runs on Node 24');
    expect(result.err).toContain('Node 20.20.2');
  });

  it.each([
    ['unknown', ['fly'], 'There is no such command.\n  found:   fly\n'],
    ['missing', [], 'There is no such command.\n  found:   no command\n'],
    ['an object member', ['toString'], 'found:   toString'],
    ['without its file', ['up'], join('bin', 'tocsin.ts')],
  ])('is refused when %s', async (_case, args, words) => {
    const result = await launch(...args);
    expect(result).toMatchObject({ code: 1, out: '' });
    expect(result.err).toContain(words);
  });
});

/** Ends by itself, so that a failing test leaves no process behind. */
const READY = `setTimeout(() => process.exit(99), 20_000); console.log('ready');`;

const NESTED = `
import { execFileSync } from 'node:child_process';
process.stdout.write(execFileSync('node', ['--version']));
`;
