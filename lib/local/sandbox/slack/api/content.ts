import { err, ok, type Result } from '../../../../domain/shared/result.ts';
import { isJsonObject, ownValue, type JsonObject } from '../../../shared/json.ts';
import { messageBlocks } from '../blocks/blocks.ts';
import type { SlackIds } from '../ids.ts';
import { withIds } from '../named-blocks.ts';
import type { Arguments } from './arguments.ts';
import { refused, type Outcome } from './outcome.ts';

/** What a message says. */
export interface Content {
  readonly text: string;
  readonly blocks: readonly JsonObject[];
  readonly metadata: JsonObject | null;
}

/** https://docs.slack.dev/reference/methods/chat.postMessage: a longer text is cut. */
const MAX_TEXT = 40_000;

/** The text and the blocks of a call, or why Slack would refuse the whole message. */
export function readContent(args: Arguments, ids: SlackIds): Result<Content, Outcome> {
  const blocks: unknown = args.has('blocks') ? args.json('blocks') : [];
  const refusal = blocksRefusal(blocks, args.has('text'));
  if (refusal !== undefined) return err(refusal);
  const metadata = args.has('metadata') ? args.json('metadata') : null;
  if (metadata !== null && !isMetadata(metadata)) return err(refused('invalid_metadata_format'));
  return ok({
    text: Array.from(args.text('text')).slice(0, MAX_TEXT).join(''),
    blocks: withIds(blocks, ids.block),
    metadata,
  });
}

function blocksRefusal(blocks: unknown, hasText: boolean): Outcome | undefined {
  if (!Array.isArray(blocks)) return refused('invalid_blocks_format');
  if (!hasText && blocks.length === 0) return refused('no_text');
  const problems = messageBlocks(blocks, '/blocks');
  return problems.length === 0 ? undefined : refused('invalid_blocks', problems);
}

const isMetadata = (value: unknown): value is JsonObject =>
  isJsonObject(value) &&
  typeof ownValue(value, 'event_type') === 'string' &&
  isJsonObject(ownValue(value, 'event_payload'));
