import { isJsonObject, ownValue, parseJson, type JsonObject } from '../../../shared/json.ts';
import { messageBlocks } from '../blocks/blocks.ts';
import { textField } from '../call.ts';
import { withIds } from '../named-blocks.ts';
import type { Office } from '../office.ts';
import type { Hook } from './hooks.ts';
import type { AppAnswer } from './signed-post.ts';

/** Why a command or an interaction failed, as Slack tells the person. */
export function failureOf(answer: AppAnswer): string | undefined {
  switch (answer.kind) {
    case 'timed_out':
      return 'operation_timeout';
    case 'unreachable':
      return 'dispatch_failed';
    case 'answered':
      return answer.status === 200 ? undefined : 'dispatch_failed';
  }
}

/** The JSON object of an answer; `undefined` when it is none. */
export function answerFields(answer: AppAnswer): JsonObject | undefined {
  const value = answer.kind === 'answered' ? parseJson(answer.body) : undefined;
  return isJsonObject(value) ? value : undefined;
}

/** The message in the answer to a command: JSON, or a bare text. An empty one says nothing. */
export function commandAnswer(answer: AppAnswer): JsonObject | undefined {
  if (answer.kind !== 'answered' || answer.body.trim() === '') return undefined;
  return answer.contentType.includes('json') ? answerFields(answer) : { text: answer.body };
}

/** A word of Slack itself, to the one who acted. */
export function complain(office: Office, hook: Hook, text: string): void {
  const { workspace, ephemerals } = office;
  const { userId: to, channel, threadTs } = hook;
  const ts = workspace.nextTs();
  ephemerals.put({ ts, channel, to, from: 'slack', text, blocks: [], threadTs });
  workspace.touch();
}

/**
 * Shows a message that an app answered with, to the one who acted or to all; `undefined` when it
 * is shown, else Slack's error.
 */
export function showAnswer(office: Office, hook: Hook, fields: JsonObject): string | undefined {
  const blocks = ownValue(fields, 'blocks') ?? [];
  if (messageBlocks(blocks, '/blocks').length > 0) return 'invalid_blocks';
  const said: Said = {
    text: textField(fields, 'text'),
    blocks: withIds(blocks, office.ids.block),
  };
  if (ownValue(fields, 'delete_original') === true) return removeOriginal(office, hook);
  if (said.text === '' && said.blocks.length === 0) return 'no_text';
  const threadTs = textField(fields, 'thread_ts');
  const show = wayOf(fields);
  show(office, threadTs === '' ? hook : { ...hook, threadTs }, said);
  office.workspace.touch();
  return undefined;
}

/** How an answer asks to be shown: to the one who acted, unless it says otherwise. */
function wayOf(fields: JsonObject): typeof whisper {
  if (ownValue(fields, 'replace_original') === true) return replaceOriginal;
  return textField(fields, 'response_type') === 'in_channel' ? postForAll : whisper;
}

interface Said {
  readonly text: string;
  readonly blocks: readonly JsonObject[];
}

function whisper({ workspace, ephemerals }: Office, hook: Hook, said: Said): void {
  const { channel, userId: to, threadTs } = hook;
  ephemerals.put({ ...said, ts: workspace.nextTs(), channel, to, threadTs, from: 'app' });
}

/** Also where the app is no member: the person brought it along. */
function postForAll({ workspace }: Office, { channel, threadTs }: Hook, said: Said): void {
  const rest = { subtype: null, isBroadcast: false, metadata: null, editedTs: null };
  const ts = workspace.nextTs();
  const message = { ...said, ...rest, ts, channel, threadTs, user: workspace.bot.id };
  workspace.record({ kind: 'posted', message });
}

function replaceOriginal(office: Office, hook: Hook, said: Said): void {
  const { workspace, ephemerals } = office;
  const { source, userId, channel } = hook;
  const shown = source === null ? undefined : ephemerals.find(userId, source.ts);
  const message = source === null ? undefined : workspace.message(channel, source.ts);
  if (shown !== undefined) ephemerals.put({ ...shown, ...said });
  else if (message === undefined || message.user !== workspace.bot.id) whisper(office, hook, said);
  else {
    const { ts, metadata } = message;
    const editedTs = workspace.nextTs();
    workspace.record({ kind: 'updated', channel, ts, ...said, metadata, editedTs });
  }
}

/** Only what one person sees can be taken away here; nothing else of ours is ever deleted. */
function removeOriginal({ ephemerals, workspace }: Office, { source }: Hook): string | undefined {
  if (source?.isEphemeral !== true) return 'cant_delete_message';
  ephemerals.remove(source.ts);
  workspace.touch();
  return undefined;
}
