import { Buffer } from 'node:buffer';
import type { Unreadable } from '../../domain/alert/alert.ts';
import type { ChatPlace } from '../../domain/announce/message.ts';
import type { JsonObject } from '../../domain/shared/json.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import type { SlackRequest } from '../../domain/slack/request.ts';
import { recordOf, textOf } from '../fields.ts';
import { readJsonObject, unreadable } from '../json-body.ts';
import { intakeLimits } from '../limits.ts';
import { actorOf, formActorOf, orNull } from './actor.ts';
import { readBlockAction, readMessageAction, readSubmission } from './interaction.ts';
import { typedText } from './typed-text.ts';

/** A view has at most 250 KB, and comes with every character of it percent-encoded. */
const maxBodyBytes = 1_048_576;

/**
 * Reads the body of a slash command, which the caller has verified. An interaction is refused
 * here, and a command there: the bytes that Slack signed do not say where they were sent (S11).
 * Never throws.
 */
export function decodeSlackCommand(rawBody: Uint8Array): Result<SlackRequest, Unreadable> {
  const form = readForm(rawBody);
  if (!form.ok) return form;
  const text = (name: string): string => form.value.get(name) ?? '';
  if (text('ssl_check') === '1') return ok({ kind: 'ssl_check' });
  if (form.value.has('payload')) return unreadable('This is an interaction, not a command.');
  const lacking = ['command', 'user_id', 'trigger_id'].find((name) => text(name) === '');
  if (lacking !== undefined) return unreadable(`A command has a ${lacking}; this has none.`);
  return ok({
    kind: 'command',
    actor: formActorOf(form.value),
    place: placeOfForm(form.value),
    text: typedText(text('text')),
    triggerId: text('trigger_id'),
  });
}

function placeOfForm(form: URLSearchParams): ChatPlace | null {
  const channel = form.get('channel_id') ?? '';
  return channel === '' ? null : { channel, threadTs: orNull(form.get('thread_ts') ?? '') };
}

/** Reads the body of an interaction, which the caller has verified; see `decodeSlackCommand`. */
export function decodeSlackInteraction(rawBody: Uint8Array): Result<SlackRequest, Unreadable> {
  const form = readForm(rawBody);
  if (!form.ok) return form;
  if (form.value.get('ssl_check') === '1') return ok({ kind: 'ssl_check' });
  const payload = form.value.get('payload');
  if (payload === null || form.value.has('command')) {
    return unreadable('This is not an interaction: it has no payload, or a command beside it.');
  }
  const read = readJsonObject(payload, { limits: intakeLimits, listName: null });
  return read.ok ? readPayload(read.value.value) : read;
}

function readPayload(payload: JsonObject): Result<SlackRequest, Unreadable> {
  const type = textOf(payload, 'type');
  if (type === '') return unreadable('An interaction has a type; this has none.');
  if (type === 'view_closed') return ok({ kind: 'view_closed' });
  const read = readers.get(type);
  if (read === undefined) return ok({ kind: 'other', type });
  if (textOf(recordOf(payload, 'user'), 'id') === '') {
    return unreadable('An interaction has a user; this has none.');
  }
  const request = read(payload);
  return request === null ? unreadable(`This ${type} lacks what makes one.`) : ok(request);
}

type Reader = (payload: JsonObject) => SlackRequest | null;

/** The types that ask for something; Slack adds others without notice. */
const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['block_actions', readBlockAction],
  ['view_submission', readSubmission],
  ['message_action', readMessageAction],
  ['shortcut', readShortcut],
]);

function readShortcut(payload: JsonObject): SlackRequest {
  return {
    kind: 'shortcut',
    actor: actorOf(payload),
    callbackId: textOf(payload, 'callback_id'),
    triggerId: textOf(payload, 'trigger_id'),
  };
}

/** A form with each field once: two readers could disagree about which of two counts. */
function readForm(rawBody: Uint8Array): Result<URLSearchParams, Unreadable> {
  if (rawBody.length > maxBodyBytes) {
    return unreadable(`The body has ${rawBody.length} bytes; at most ${maxBodyBytes} are read.`);
  }
  const form = new URLSearchParams(Buffer.from(rawBody).toString('utf8'));
  const names = [...form.keys()];
  return new Set(names).size === names.length
    ? ok(form)
    : unreadable('A field of the form comes twice.');
}
