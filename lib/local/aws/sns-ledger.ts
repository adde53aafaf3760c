import type { IncomingMessage, ServerResponse } from 'node:http';
import { appendJsonLine, endTornLine, readTextIfPresent } from '../shared/files.ts';
import { parseJsonLines, type JsonObject } from '../shared/json.ts';

/** One message as it was published. */
export interface SnsMessage {
  readonly messageId: string;
  readonly publishedAtMs: number;
  readonly topicArn: string | undefined;
  readonly phoneNumber: string | undefined;
  readonly subject: string | undefined;
  readonly message: string;
}

/** Every message that was ever published here. */
export interface SnsLedger {
  /** The message is in the file when this returns. */
  readonly append: (message: SnsMessage) => void;
  /** The latest messages, oldest first. */
  readonly latest: () => readonly JsonObject[];
}

/** The view stays readable and bounded; the file holds all. */
const VIEW_LENGTH = 1000;

/** Keeps the ledger in a JSON Lines file that outlives a kill of the process. */
export function createSnsLedger(path: string): SnsLedger {
  endTornLine(path);
  return {
    append: (message) => {
      appendJsonLine(path, message);
    },
    latest: () => parseJsonLines(readTextIfPresent(path) ?? '').slice(-VIEW_LENGTH),
  };
}

/** The view for people and tests, to be mounted at `/sandbox/sns/messages`. */
export function createSnsView(ledger: SnsLedger) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    response.writeHead(isRead ? 200 : 405, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(
        isRead ? { messages: ledger.latest() } : { message: 'Only GET is known here.' },
      ),
    );
  };
}
