import type { ChatPlace } from '../../domain/announce/message.ts';
import { ok } from '../../domain/shared/result.ts';
import type { EpochMs } from '../../domain/shared/time.ts';
import type { ChatResult, PostedMessage } from '../../ports/chat.ts';
import type { SlackCaller } from './call.ts';
import { clockDriftMs, historyPageSize, maxHistoryPages } from './limits.ts';

const eventType = 'tocsin_post';

/** What a message carries unseen, so that it can be found again. */
export const postKey = (
  key: string,
): { readonly event_type: string; readonly event_payload: { readonly key: string } } => ({
  event_type: eventType,
  event_payload: { key },
});

interface Wanted {
  readonly tenant: string;
  readonly place: ChatPlace;
  readonly key: string;
  readonly sinceMs: EpochMs;
}

/** As much of a message as is looked at. */
interface Found {
  readonly ts?: string;
  readonly metadata?: { readonly event_type?: string; readonly event_payload?: object };
}

interface Page {
  readonly messages?: readonly Found[];
  readonly response_metadata?: { readonly next_cursor?: string };
}

/** Reads the place's history since the instant, newest first, until the message is there. */
export async function findPosted(
  call: SlackCaller,
  wanted: Wanted,
): ChatResult<PostedMessage | null> {
  let cursor = '';
  for (let page = 0; page < maxHistoryPages; page += 1) {
    const answer = await readPage(call, wanted, cursor);
    if (!answer.ok) return answer;
    const ts = answer.value.messages?.find((message) => carries(message, wanted.key))?.ts;
    if (ts !== undefined) return ok({ channel: wanted.place.channel, ts });
    cursor = nextCursor(answer.value);
    if (cursor === '') break;
  }
  return ok(null);
}

/** Empty on the last page. */
const nextCursor = (page: Page): string => page.response_metadata?.next_cursor ?? '';

function readPage(
  call: SlackCaller,
  { tenant, place: { channel, threadTs }, sinceMs }: Wanted,
  cursor: string,
): ChatResult<Page> {
  const window = {
    channel,
    oldest: String(Math.max(0, (sinceMs - clockDriftMs) / 1000)),
    limit: historyPageSize,
    include_all_metadata: true,
    ...(cursor === '' ? {} : { cursor }),
  };
  return threadTs === null
    ? call({
        tenant,
        method: 'conversations.history',
        make: (client): Promise<Page> => client.conversations.history(window),
      })
    : call({
        tenant,
        method: 'conversations.replies',
        make: (client): Promise<Page> => client.conversations.replies({ ...window, ts: threadTs }),
      });
}

function carries({ metadata }: Found, key: string): boolean {
  const payload = metadata?.event_payload ?? {};
  return metadata?.event_type === eventType && 'key' in payload && payload.key === key;
}
