import type { StoredMessage } from '../facts.ts';
import { TIERS } from '../rate-limits.ts';
import { inChannel, type Method, type MethodCall } from './method.ts';
import { done, refused, type Outcome } from './outcome.ts';
import { shownMessage } from './shown.ts';

const READ = ['channels:history', 'groups:history'];

/** What was said. */
export const HISTORY: readonly Method[] = [
  {
    name: 'conversations.history',
    rate: TIERS.tier3,
    scopes: READ,
    required: ['channel'],
    run: (call) => inChannel(call, ({ id }) => page(call, topLevel(call, id).toReversed())),
  },
  {
    name: 'conversations.replies',
    rate: TIERS.tier3,
    scopes: READ,
    required: ['channel', 'ts'],
    run: (call) => inChannel(call, ({ id }) => replies(call, id)),
  },
];

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 999;

/** What stands in the channel itself. */
const topLevel = ({ office }: MethodCall, channel: string): readonly StoredMessage[] =>
  office.workspace
    .messages(channel)
    .filter(({ threadTs, isBroadcast }) => threadTs === null || isBroadcast);

/** The parent and its replies; for a reply's own `ts` the reply alone, as in Slack. */
function replies(call: MethodCall, channel: string): Outcome {
  const { workspace } = call.office;
  const message = workspace.message(channel, call.args.text('ts'));
  if (message === undefined) return refused('thread_not_found');
  return page(call, [message, ...workspace.replies(channel, message.ts)]);
}

/**
 * One page of messages, in their order; `oldest` and `latest` bound it, both without themselves.
 */
function page({ office, args }: MethodCall, messages: readonly StoredMessage[]): Outcome {
  const oldest = args.count('oldest', 0);
  const latest = args.count('latest', Number.POSITIVE_INFINITY);
  const isIn = (at: number): boolean =>
    args.flag('inclusive') ? at >= oldest && at <= latest : at > oldest && at < latest;
  const start = offsetOf(args.text('cursor'));
  if (start === undefined) return refused('invalid_cursor');
  const limit = Math.min(Math.max(1, args.count('limit', DEFAULT_LIMIT)), MAX_LIMIT);
  const found = messages.filter(({ ts }) => isIn(Number(ts)));
  const end = start + limit;
  const withMetadata = args.flag('include_all_metadata');
  return done({
    messages: found
      .slice(start, end)
      .map((message) => shownMessage(office.workspace, message, { withMetadata })),
    has_more: found.length > end,
    ...(found.length > end && { response_metadata: { next_cursor: cursorOf(end) } }),
  });
}

const cursorOf = (offset: number): string =>
  Buffer.from(`next:${offset}`, 'utf8').toString('base64');

function offsetOf(cursor: string): number | undefined {
  if (cursor === '') return 0;
  const offset = /^next:(\d{1,9})$/.exec(Buffer.from(cursor, 'base64').toString('utf8'))?.[1];
  return offset === undefined ? undefined : Number(offset);
}
