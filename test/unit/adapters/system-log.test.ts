import { describe, expect, it } from 'vitest';
import { createJsonLog } from '../../../lib/adapters/system/log.ts';
import { epochMs } from '../../../lib/domain/shared/time.ts';

function lineFor(fields: Record<string, unknown>, message = 'm'): Record<string, unknown> {
  const lines: string[] = [];
  const clock = { now: () => epochMs(Date.parse('2026-05-12T03:04:05.678Z')) };
  createJsonLog({ clock, write: (line) => lines.push(line) }).warn(message, fields);
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '') as Record<string, unknown>;
}

describe('the log', () => {
  it('writes one line of JSON: time, level, message, then the fields', () => {
    const clock = { now: () => epochMs(0) };
    const lines: string[] = [];
    const log = createJsonLog({ clock, write: (line) => lines.push(line), base: { fn: 'ingest' } });
    log.info('two\nlines', { incident: 'a' });
    log.error('no fields');
    expect(lines).toEqual([
      '{"time":"1970-01-01T00:00:00.000Z","level":"info","message":"two\\nlines","fn":"ingest","incident":"a"}',
      '{"time":"1970-01-01T00:00:00.000Z","level":"error","message":"no fields","fn":"ingest"}',
    ]);
  });

  it.each([
    'apiToken',
    'routing_key',
    'Authorization',
    'password',
    'webhookSecrets',
    'x-api-key',
    'cookie',
  ])('never writes the value of a field named %s, at any depth', (name) => {
    const text = JSON.stringify(
      lineFor({ [name]: 'hunter2', deep: { list: [{ [name]: ['hunter2'] }] } }),
    );
    expect(text).not.toContain('hunter2');
    expect(text).toContain('[redacted]');
  });

  it.each([
    ['Bearer abcdefgh1234', 'Bearer [redacted]'],
    ['sent basic dXNlcjpwYXNz and failed', 'sent basic [redacted] and failed'],
    ['POST /v1/alerts?auth_token=hunter2&x=1', 'POST /v1/alerts?auth_token=[redacted]&x=1'],
  ])('takes the secret out of %j', (text, expected) => {
    expect(lineFor({ text }, text)).toMatchObject({ message: expected, text: expected });
    expect(lineFor({ error: new Error(text) })['error']).toMatchObject({ message: expected });
  });

  it('cannot be told another time, level or message by a field', () => {
    const line = lineFor({ time: 'never', level: 'fatal', message: 'other' });
    expect(line).toMatchObject({ time: '2026-05-12T03:04:05.678Z', level: 'warn', message: 'm' });
  });

  it('writes an error with its causes, bytes by their number, and big numbers', () => {
    const error = new Error('outer', { cause: new TypeError('inner') });
    const line = lineFor({ error, bytes: new Uint8Array(7), big: 12n });
    expect(line['error']).toMatchObject({
      name: 'Error',
      message: 'outer',
      cause: { name: 'TypeError', message: 'inner' },
    });
    expect(line).toMatchObject({ bytes: '[7 bytes]', big: '12' });
  });

  it('always comes, and stays short: endless, circular and throwing values', () => {
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    const long = lineFor({ circular, text: 'x'.repeat(100_000), list: Array(10_000).fill(1) });
    expect(JSON.stringify(long).length).toBeLessThan(10_000);
    const throwing = Object.defineProperty({}, 'boom', {
      enumerable: true,
      get: () => {
        throw new Error('boom');
      },
    });
    expect(lineFor({ throwing })).toMatchObject({ message: 'm', fields: '[unprintable]' });
  });
});
