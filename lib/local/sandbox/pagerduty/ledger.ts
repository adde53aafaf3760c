import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeDirectory } from '../../shared/files.ts';
import type { Fact } from './fact.ts';

/** An append-only record of facts. */
export interface Ledger {
  /**
   * Resolves when the fact is in the file. Facts of one turn of the event loop share one write, in
   * the order of the calls; a write that fails rejects all of them and leaves the file as it was.
   */
  readonly append: (fact: Fact) => Promise<void>;
  /** Forgets everything, also what waits to be written. */
  readonly clear: () => void;
  /** Writes what waits and lets the file go. */
  readonly close: () => void;
}

interface Batch {
  readonly lines: string[];
  readonly written: PromiseWithResolvers<undefined>;
}

const memoryLedger: Ledger = {
  append: () => Promise.resolve(),
  clear: () => undefined,
  close: () => undefined,
};

/**
 * Opens the JSON Lines file, mode 0600, and hands every fact in it to `replay`. A torn last line,
 * which nobody was answered for, is cut off. The model is the kill of the process, not the loss of
 * power: a line that was given to the kernel counts as kept, and nothing is flushed to the disk.
 * Throws when a line in the middle cannot be read.
 */
export function openLedger(path: string | undefined, replay: (fact: Fact) => void): Ledger {
  if (path === undefined) return memoryLedger;
  makeDirectory(dirname(path));
  const file = openSync(path, 'a+', 0o600);
  let size = readFacts(file, path, replay);
  if (size < fstatSync(file).size) ftruncateSync(file, size);
  let batch: Batch | undefined;
  let isClosed = false;

  const flush = (): void => {
    if (batch === undefined) return;
    const { lines, written } = batch;
    batch = undefined;
    try {
      size += writeWhole(file, Buffer.from(lines.join('')));
      written.resolve(undefined);
    } catch (error) {
      ftruncateSync(file, size);
      written.reject(error instanceof Error ? error : new Error('The ledger was not written.'));
    }
  };

  return {
    append: (fact) => {
      if (isClosed) return Promise.reject(new Error('The ledger is closed.'));
      if (batch === undefined) {
        batch = { lines: [], written: Promise.withResolvers<undefined>() };
        setImmediate(flush);
      }
      batch.lines.push(`${JSON.stringify(fact)}\n`);
      return batch.written.promise;
    },
    clear: () => {
      batch?.written.resolve(undefined);
      batch = undefined;
      ftruncateSync(file, 0);
      size = 0;
    },
    close: () => {
      if (isClosed) return;
      flush();
      isClosed = true;
      closeSync(file);
    },
  };
}

function writeWhole(file: number, bytes: Buffer): number {
  let offset = 0;
  while (offset < bytes.length) offset += writeSync(file, bytes, offset);
  return bytes.length;
}

const CHUNK_BYTES = 1 << 20;
const NEWLINE = 0x0a;

/** Replays every whole line; the number of bytes they take. */
function readFacts(file: number, path: string, replay: (fact: Fact) => void): number {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let rest = Buffer.alloc(0);
  let position = 0;
  let wholeBytes = 0;
  let lineNumber = 0;
  for (;;) {
    const read = readSync(file, chunk, 0, CHUNK_BYTES, position);
    if (read === 0) return wholeBytes;
    position += read;
    rest = Buffer.concat([rest, chunk.subarray(0, read)]);
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      lineNumber += 1;
      replay(parseFact(rest.toString('utf8', 0, end), { path, lineNumber }));
      rest = rest.subarray(end + 1);
      wholeBytes += end + 1;
    }
  }
}

function parseFact(line: string, at: { readonly path: string; readonly lineNumber: number }): Fact {
  try {
    // Only this module writes the file, and only facts.
    return JSON.parse(line) as Fact;
  } catch (cause) {
    throw new Error(
      `Line ${at.lineNumber} of the PagerDuty sandbox's ledger ${at.path} is no JSON. ` +
        'Something else wrote to it; move the file away to start with an empty sandbox.',
      { cause },
    );
  }
}
