import { createAnnouncer, type Looks } from '../../lib/app/announce/announce.ts';
import { decodeCommitImage } from '../../lib/codec/table/commit-item.ts';
import {
  failedFrom,
  readRecords,
  type StreamAnswer,
  type StreamEvent,
} from '../../lib/codec/table/stream.ts';
import { wireAnnounce } from '../../lib/wire/announce.ts';

const app = wireAnnounce();
const announcer = createAnnouncer(app);

/** Shows what commits of the stream changed, and once a minute what is still owed to the chat. */
export async function handler(
  event: StreamEvent | Readonly<Record<string, unknown>>,
): Promise<StreamAnswer | Looks> {
  if (!isFromStream(event)) return announcer.owed();
  const commits = readRecords(event, decodeCommitImage, app.log);
  return failedFrom(await announcer.fromStream(commits));
}

const isFromStream = (event: object): event is StreamEvent => 'Records' in event;
