import { appendFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory } from '../../shared/files.ts';

/** Where the console output of functions goes. */
export interface LogSink {
  /** Takes output as it comes; it is in the file within a few milliseconds. */
  readonly write: (label: string, text: string) => void;
  /** Puts what was taken into the files now. */
  readonly flush: () => void;
}

/** How much of a function's output is kept: the current file and one older one. */
export interface LogSettings {
  readonly directory: string;
  readonly maxFileBytes: number;
  /** Also told of every piece of output, for a terminal. */
  readonly onOutput?: ((label: string, text: string) => void) | undefined;
}

export const DEFAULT_LOG_FILE_BYTES = 8 * 1024 * 1024;

/**
 * Writes `<directory>/<label>.log`. A file that reaches its limit becomes `<label>.log.1` in
 * place of the one before, so the disk used is bounded. Output is gathered for a turn of the event
 * loop and then written at once, in order.
 */
export function createLogSink(settings: LogSettings): LogSink {
  makeDirectory(settings.directory);
  const pending = new Map<string, string[]>();
  const sizes = new Map<string, number>();
  let isScheduled = false;

  const flush = (): void => {
    isScheduled = false;
    for (const [label, pieces] of pending) {
      const path = join(settings.directory, `${fileNameOf(label)}.log`);
      append(path, pieces.join(''), { sizes, maxFileBytes: settings.maxFileBytes });
    }
    pending.clear();
  };

  return {
    flush,
    write: (label, text) => {
      settings.onOutput?.(label, text);
      const pieces = pending.get(label);
      if (pieces === undefined) pending.set(label, [text]);
      else pieces.push(text);
      if (isScheduled) return;
      isScheduled = true;
      setImmediate(flush);
    },
  };
}

interface FileBook {
  readonly sizes: Map<string, number>;
  readonly maxFileBytes: number;
}

function append(path: string, text: string, { sizes, maxFileBytes }: FileBook): void {
  const size = sizes.get(path) ?? sizeOf(path);
  const isFull = size >= maxFileBytes;
  if (isFull) {
    rmSync(`${path}.1`, { force: true });
    renameSync(path, `${path}.1`);
  }
  appendFileSync(path, text, { mode: 0o600 });
  sizes.set(path, (isFull ? 0 : size) + Buffer.byteLength(text));
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** A label comes from a template, but it must not lead out of the directory all the same. */
function fileNameOf(label: string): string {
  return label.replaceAll(/[^A-Za-z0-9_-]/g, '_');
}
