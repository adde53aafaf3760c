import { pageFromStream } from '../../lib/app/page-from-stream.ts';
import { decodeDueImage } from '../../lib/codec/table/due-item.ts';
import {
  failedFrom,
  readRecords,
  type StreamAnswer,
  type StreamEvent,
} from '../../lib/codec/table/stream.ts';
import { wirePaging } from '../../lib/wire/paging.ts';

const app = wirePaging();

/** Sends at once every page that a commit asked for and that nobody has sent yet. */
export async function handler(event: StreamEvent): Promise<StreamAnswer> {
  app.foresee();
  const rows = readRecords(event, decodeDueImage, app.log);
  return failedFrom(await pageFromStream(app, rows));
}
