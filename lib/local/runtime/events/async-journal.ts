import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory, writeFileAtomically } from '../../shared/files.ts';
import { isJsonObject, parseJson } from '../../shared/json.ts';

/** One asynchronous invocation that has not ended yet. */
export interface AsyncJob {
  readonly id: string;
  readonly functionName: string;
  /** The event as JSON text. */
  readonly event: string;
  readonly acceptedAtMs: number;
  /** Tries that were made and failed. */
  readonly failedAttempts: number;
}

/** Accepted invocations, kept over a kill of the process. */
export interface AsyncJournal {
  readonly save: (job: AsyncJob) => void;
  readonly remove: (id: string) => void;
  /** What an earlier run left, oldest first. */
  readonly load: () => readonly AsyncJob[];
}

const SUFFIX = '.json';

/** One small file per job: written before the event counts as accepted, removed when it has ended. */
export function createAsyncJournal(directory: string): AsyncJournal {
  makeDirectory(directory);
  const pathOf = (id: string): string => join(directory, `${id}${SUFFIX}`);
  return {
    save: (job) => {
      writeFileAtomically(pathOf(job.id), JSON.stringify(job));
    },
    remove: (id) => {
      rmSync(pathOf(id), { force: true });
    },
    load: () =>
      readdirSync(directory)
        .filter((name) => name.endsWith(SUFFIX))
        .map((name) => parseJson(readFileSync(join(directory, name), 'utf8')))
        .filter(isAsyncJob)
        .sort((a, b) => a.acceptedAtMs - b.acceptedAtMs),
  };
}

function isAsyncJob(value: unknown): value is AsyncJob {
  return (
    isJsonObject(value) &&
    typeof value['id'] === 'string' &&
    typeof value['functionName'] === 'string' &&
    typeof value['event'] === 'string' &&
    typeof value['acceptedAtMs'] === 'number' &&
    typeof value['failedAttempts'] === 'number'
  );
}
