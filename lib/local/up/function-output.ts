import type { Terminal } from '../../cli/terminal.ts';
import { printable } from '../../cli/terminal.ts';
import { isJsonObject, parseJson } from '../shared/json.ts';
import type { Timekeeper } from '../shared/timekeeper.ts';

export interface FunctionOutputDeps {
  readonly err: Terminal;
  readonly timekeeper: Timekeeper;
  /** Where all of it is kept, as the person would name it. */
  readonly logDir: string;
}

const WINDOW_MS = 60_000;
const MAX_LINES_PER_WINDOW = 20;

/**
 * Shows on the terminal what functions warn of: a line each, at most 20 a minute, so that trouble is
 * seen and a storm of it is not all that is seen. Everything is in the log files.
 */
export function showTrouble({ err, timekeeper, logDir }: FunctionOutputDeps) {
  let windowEndsAtMs = 0;
  let shown = 0;
  return (label: string, text: string): void => {
    for (const line of text.split('\n')) {
      const trouble = troubleIn(line);
      if (trouble === undefined) continue;
      if (timekeeper.nowMs() >= windowEndsAtMs) {
        windowEndsAtMs = timekeeper.nowMs() + WINDOW_MS;
        shown = 0;
      }
      shown += 1;
      if (shown === MAX_LINES_PER_WINDOW) err.write(`More is in ${logDir}.\n`);
      if (shown >= MAX_LINES_PER_WINDOW) continue;
      const { paint } = err;
      const level = trouble.level === 'error' ? paint.red('error') : paint.yellow('warn ');
      err.write(`${trouble.time} ${level} ${label}: ${printable(trouble.message)}\n`);
    }
  };
}

interface Trouble {
  readonly level: 'warn' | 'error';
  readonly time: string;
  readonly message: string;
}

/** A line of our own log of level warn or error; other output is for the file. */
function troubleIn(line: string): Trouble | undefined {
  const entry = parseJson(line);
  if (!isJsonObject(entry)) return undefined;
  const { level, time, message } = entry;
  if (level !== 'warn' && level !== 'error') return undefined;
  return { level, time: String(time).slice(11, 19), message: String(message) };
}
