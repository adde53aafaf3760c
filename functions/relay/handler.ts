import { relayEvents } from '../../lib/app/relay-events.ts';
import { decodeCommitImage } from '../../lib/codec/table/commit-item.ts';
import {
  failedFrom,
  readRecords,
  type StreamAnswer,
  type StreamEvent,
} from '../../lib/codec/table/stream.ts';
import { wireRelay } from '../../lib/wire/relay.ts';

const app = wireRelay();

/** Puts every event of the committed decisions on the bus. */
export async function handler(event: StreamEvent): Promise<StreamAnswer> {
  const commits = readRecords(event, decodeCommitImage, app.log);
  return failedFrom(await relayEvents(app, commits));
}
