import { join } from 'node:path';
import { appendJsonLine, endTornLine, readTextIfPresent } from '../shared/files.ts';
import type { Timekeeper } from '../shared/timekeeper.ts';

/** The queues of the template, as places where what failed for good is kept. */
export interface DeadLetters {
  /** The message is in the queue's file when this returns. */
  readonly send: (queueArn: string, body: unknown) => void;
  /** Messages per queue name, those of earlier runs included. */
  readonly counts: () => Readonly<Record<string, number>>;
}

export interface DeadLettersDeps {
  readonly directory: string;
  readonly queues: readonly { readonly name: string; readonly arn: string }[];
  readonly timekeeper: Timekeeper;
}

/** One JSON Lines file per queue. Nobody reads from these queues: a person looks, and decides. */
export function createDeadLetters({ directory, queues, timekeeper }: DeadLettersDeps): DeadLetters {
  const pathOf = (name: string): string => join(directory, `${name}.jsonl`);
  for (const { name } of queues) endTornLine(pathOf(name));
  const counts = new Map(queues.map(({ name }) => [name, lineCount(pathOf(name))]));
  return {
    send: (queueArn, body) => {
      const queue = queues.find(({ arn }) => arn === queueArn);
      if (queue === undefined) {
        throw new Error(`${queueArn} is no queue of the template; failed events cannot go there.`);
      }
      appendJsonLine(pathOf(queue.name), { sentAtMs: timekeeper.nowMs(), body });
      counts.set(queue.name, (counts.get(queue.name) ?? 0) + 1);
    },
    counts: () => Object.fromEntries(counts),
  };
}

function lineCount(path: string): number {
  return (readTextIfPresent(path) ?? '').split('\n').length - 1;
}
