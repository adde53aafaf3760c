import { describe, expect, it } from 'vitest';
import { plainPaint } from '../../../../lib/cli/terminal.ts';
import { showTrouble } from '../../../../lib/local/up/function-output.ts';
import { createFakeTimekeeper } from '../fake-timekeeper.ts';

function watch() {
  const lines: string[] = [];
  const timekeeper = createFakeTimekeeper(0);
  const show = showTrouble({
    err: { write: (text) => void lines.push(text), paint: plainPaint },
    timekeeper,
    logDir: '.tocsin/log',
  });
  return { lines, timekeeper, show };
}

const logLine = (level: string, message: string): string =>
  `${JSON.stringify({ time: '2026-11-21T03:46:07.123Z', level, message, token: 'secret' })}\n`;

describe('what functions print', () => {
  it('is shown when it is trouble: time, function and sentence, nothing else', () => {
    const { lines, show } = watch();
    show('page', logLine('info', 'Sent.') + logLine('warn', 'PagerDuty is slow.'));
    show('clock', logLine('error', 'The table cannot be read.'));

    expect(lines).toEqual([
      '03:46:07 warn  page: PagerDuty is slow.\n',
      '03:46:07 error clock: The table cannot be read.\n',
    ]);
  });

  it('cannot steer the terminal', () => {
    const { lines, show } = watch();
    show('ingest', logLine('warn', '\u001b[2J'));

    expect(lines).toEqual(['03:46:07 warn  ingest: \\u{1b}[2J\n']);
  });

  it('is left to the log file when it is no line of our log', () => {
    const { lines, show } = watch();
    show('ingest', '(node:1) Warning: something\n{"level":"warn"');

    expect(lines).toEqual([]);
  });

  it('is shown 20 times a minute at most, and then again', async () => {
    const { lines, timekeeper, show } = watch();
    for (let count = 0; count < 50; count += 1) show('page', logLine('warn', 'No answer.'));
    expect(lines).toHaveLength(20);
    expect(lines.at(-1)).toBe('More is in .tocsin/log.\n');

    await timekeeper.advance(60_000);
    show('page', logLine('warn', 'No answer.'));
    expect(lines).toHaveLength(21);
  });
});
