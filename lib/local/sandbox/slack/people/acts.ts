import { ownValue, type JsonObject } from '../../../shared/json.ts';
import type { StoredMessage } from '../facts.ts';
import { elementsOf } from '../named-blocks.ts';
import type { Office } from '../office.ts';
import type { Ephemeral } from './ephemerals.ts';
import { commandAnswer, complain, failureOf, showAnswer } from './answers.ts';
import {
  commandForm,
  globalShortcut,
  messageAction,
  messageShortcut,
  type Place,
} from './payloads.ts';
import { selectionOf, type Chosen } from './selection.ts';
import { postSigned, type AppAnswer } from './signed-post.ts';
import { escapeTyped } from './typed-text.ts';

/** Why an act could not be made at all; `undefined` when it was, whatever the app said to it. */
export type ActProblem = string | undefined;

/** Sends a slash command, and shows what the app answers. */
export async function runCommand(place: Place, typed: string): Promise<ActProblem> {
  const { office, user, channel } = place;
  const [name = '', ...words] = typed.trim().split(' ');
  const known = office.app.commands.find(({ command }) => command === name);
  if (known === undefined) return `${name} is not a command of this workspace.`;
  const text = escapeTyped(office.workspace, words.join(' ').trim());
  const answer = await sendToApp(office, {
    url: office.app.commandsUrl,
    form: commandForm(place, known, text),
  });
  const hook = { userId: user.id, channel: channel.id, threadTs: null, source: null };
  const failure = failureOf(answer);
  const said = commandAnswer(answer);
  const problem = failure ?? (said === undefined ? undefined : showAnswer(office, hook, said));
  if (problem !== undefined) complain(office, hook, `${name} failed with the error "${problem}"`);
  return undefined;
}

/** Writes what a person says, in the channel or a thread. */
export function say({ office, user, channel }: Place, typed: string, threadTs: string): ActProblem {
  const { workspace } = office;
  if (channel.isArchived) return 'The channel is archived; nobody can write there any more.';
  if (!channel.members.includes(user.id)) return `${user.name} is not in #${channel.name}.`;
  if (threadTs !== '' && workspace.message(channel.id, threadTs) === undefined) {
    return 'The thread is no longer there.';
  }
  const message: StoredMessage = {
    ts: workspace.nextTs(),
    channel: channel.id,
    user: user.id,
    subtype: null,
    text: escapeTyped(workspace, typed.trim()),
    blocks: [],
    threadTs: threadTs === '' ? null : threadTs,
    isBroadcast: false,
    metadata: null,
    editedTs: null,
  };
  workspace.record({ kind: 'posted', message });
  return undefined;
}

export interface Click {
  readonly ts: string;
  readonly blockId: string;
  readonly actionId: string;
  readonly chosen: Chosen;
}

/** A click on a button, or a choice in a menu, of a message. */
export async function click(place: Place, { ts, ...where }: Click): Promise<ActProblem> {
  const { office, user, channel } = place;
  const message: StoredMessage | Ephemeral | undefined =
    office.workspace.message(channel.id, ts) ?? office.ephemerals.find(user.id, ts);
  if (message === undefined) return 'The message is no longer there.';
  const action = actionIn(office, message.blocks, where);
  if (action === undefined) return 'The message has changed; look at it again.';
  const answer = await interact(office, messageAction(place, message, action));
  const { threadTs } = message;
  const hook = { userId: user.id, channel: channel.id, threadTs, source: null };
  const failure = failureOf(answer);
  if (failure !== undefined) complain(office, hook, `The app did not answer the click: ${failure}`);
  return undefined;
}

export interface ShortcutUse {
  readonly callbackId: string;
  /** The message whose menu was used; empty for one of the composer. */
  readonly ts: string;
}

/** Uses a shortcut of the app, from the composer or from the menu of a message. */
export async function useShortcut(
  place: Place,
  { callbackId, ts }: ShortcutUse,
): Promise<ActProblem> {
  const { office, user, channel } = place;
  const type = ts === '' ? 'global' : 'message';
  const known = office.app.shortcuts.find(
    (shortcut) => shortcut.callbackId === callbackId && shortcut.type === type,
  );
  if (known === undefined) return 'The app has no such shortcut.';
  const message = office.workspace.message(channel.id, ts);
  if (type === 'message' && message === undefined) return 'The message is no longer there.';
  const answer = await interact(
    office,
    message === undefined
      ? globalShortcut(place, callbackId)
      : messageShortcut(place, message, callbackId),
  );
  const failure = failureOf(answer);
  const hook = { userId: user.id, channel: channel.id, threadTs: null, source: null };
  if (failure !== undefined)
    complain(office, hook, `${known.name} failed with the error "${failure}"`);
  return undefined;
}

/** An element that was acted on, as an interaction tells of it. */
export function actionIn(
  { workspace }: Office,
  blocks: readonly JsonObject[],
  { blockId, actionId, chosen }: Omit<Click, 'ts'>,
): JsonObject | undefined {
  const block = blocks.find((one) => ownValue(one, 'block_id') === blockId);
  const element = (block === undefined ? [] : elementsOf(block)).find(
    (one) => ownValue(one, 'action_id') === actionId,
  );
  if (element === undefined) return undefined;
  return {
    type: ownValue(element, 'type'),
    action_id: actionId,
    block_id: blockId,
    ...selectionOf(element, chosen),
    action_ts: workspace.nextTs(),
  };
}

/** Sends an interaction to the app. */
export const interact = (office: Office, payload: JsonObject): Promise<AppAnswer> =>
  sendToApp(office, {
    url: office.app.interactionsUrl,
    form: { payload: JSON.stringify(payload) },
  });

const sendToApp = (
  { workspace, timekeeper }: Office,
  request: { readonly url: string; readonly form: Readonly<Record<string, string>> },
): Promise<AppAnswer> =>
  postSigned({ ...request, timekeeper, signingSecret: workspace.settings.signingSecret });
