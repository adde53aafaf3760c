import type {
  SlackBlockAction,
  SlackMessageAction,
  SlackShortcut,
  SlackViewSubmission,
} from '../../domain/slack/request.ts';
import type { VerbReply } from '../../domain/verbs/reply.ts';
import { findVerb } from '../verbs/help.ts';
import { verbs } from '../verbs/registry.ts';
import type { Ask } from '../verbs/ask.ts';
import { runVerb } from '../verbs/run-verb.ts';
import type { Fields } from '../verbs/verb.ts';
import { askOf } from './ask.ts';
import type { SlackAnswer, SlackDeps } from './deps.ts';
import type { SlackPrincipal } from './principal.ts';
import { openView, sceneOf, whoAsks, type Received, type Stranger } from './replying.ts';

export type SlackInteraction =
  SlackBlockAction | SlackViewSubmission | SlackShortcut | SlackMessageAction;

const nothing: SlackAnswer = { kind: 'nothing' };

/**
 * Does what a click, a form or a shortcut asks for. A click that did what its button says is
 * answered by the card, which changes for everybody; all else opens a window for the one person.
 */
export async function receiveInteraction(
  deps: SlackDeps,
  received: Received,
  interaction: SlackInteraction,
): Promise<SlackAnswer> {
  const who = whoAsks(deps, received, interaction.actor);
  if (!who.ok) return stranger(deps, received, { interaction, ...who.error });
  const asked = readInteraction(interaction, who.value.tenant.id);
  if (asked === null) return nothing;
  const place = 'place' in interaction ? interaction.place : null;
  const ask = askOf(deps, { ...who.value, received, place });
  const message = messageOf(interaction, who.value);
  const reply = await runVerb(deps, { ...ask, ...asked, message });
  if (interaction.kind === 'view_submission') {
    return answerForm(deps, who.value, { submission: interaction, reply });
  }
  const to = { triggerId: interaction.triggerId, requestId: received.requestId };
  return answerClick(deps, who.value, { to, reply });
}

type Asked = Pick<Ask, 'verb' | 'drawn' | 'args' | 'fields' | 'occurredAtMs'>;

/** What is asked for; null for what is none of ours. */
function readInteraction(interaction: SlackInteraction, tenant: string): Asked | null {
  switch (interaction.kind) {
    case 'block_action':
      return interaction.target === null ? null : readVerb(interaction.verb, interaction.target);
    case 'view_submission':
      return readForm(interaction, tenant);
    case 'shortcut':
    case 'message_action':
      return readVerb(shortcuts.get(interaction.callbackId) ?? '', null);
  }
}

function readVerb(name: string, drawn: Asked['drawn']): Asked | null {
  const verb = findVerb(verbs, name);
  const args = drawn?.args ?? '';
  return verb === null ? null : { verb, drawn, args, fields: null, occurredAtMs: null };
}

/** A form is about the incident that it was drawn for, or about the one chosen in it. */
function readForm(
  { form, target, fields, occurredAtMs }: SlackViewSubmission,
  tenant: string,
): Asked | null {
  const verb = verbs.find((one) => one.form?.name === form);
  const drawn = target ?? chosenIn(fields, tenant);
  if (verb === undefined || (drawn === null && verb.subject === 'incident')) return null;
  return { verb, drawn, args: drawn?.args ?? '', fields, occurredAtMs };
}

function chosenIn({ incident: incidentId = '' }: Fields, tenant: string): Asked['drawn'] {
  return incidentId === '' ? null : { tenant, incidentId, stamp: '', args: '' };
}

/** The verbs of the shortcuts in the app's manifest. */
const shortcuts: ReadonlyMap<string, string> = new Map([
  ['tocsin:declare', 'declare'],
  ['tocsin:note', 'note'],
]);

/** The message that a shortcut was used on, with the name of who wrote it. */
function messageOf(interaction: SlackInteraction, { tenant }: SlackPrincipal): Ask['message'] {
  if (interaction.kind !== 'message_action') return null;
  const { text, sentAtMs, userId } = interaction.message;
  const author = tenant.people.find(({ slackUserId }) => slackUserId === userId && userId !== null);
  return { text: author === undefined ? text : `${author.name}: ${text}`, sentAtMs };
}

async function stranger(
  deps: SlackDeps,
  { requestId }: Received,
  { interaction, tenant, reply }: Stranger & { readonly interaction: SlackInteraction },
): Promise<SlackAnswer> {
  const view = deps.render.notice(reply, await sceneOf(deps, tenant, reply));
  if (interaction.kind === 'view_submission') return { kind: 'view', view };
  const { triggerId } = interaction;
  await openView(deps, { tenant: tenant.id, triggerId, requestId }, view);
  return nothing;
}

/** What was filled in stays on the screen until it is taken. */
async function answerForm(
  deps: SlackDeps,
  { tenant }: SlackPrincipal,
  of: { readonly submission: SlackViewSubmission; readonly reply: VerbReply },
): Promise<SlackAnswer> {
  const { submission, reply } = of;
  switch (reply.kind) {
    case 'invalid':
      return { kind: 'errors', errors: reply.errors };
    case 'refused':
    case 'failed':
      return { kind: 'errors', errors: { [shownFieldOf(submission)]: reply.text } };
    case 'form':
      return { kind: 'view', view: deps.render.form(reply.form) };
    case 'done':
      // The incident that a form is about shows what has changed; a new one is yet to appear.
      if (submission.form !== 'declare') return nothing;
      return { kind: 'view', view: deps.render.notice(reply, await sceneOf(deps, tenant, reply)) };
    case 'card':
    case 'lines':
      return { kind: 'view', view: deps.render.notice(reply, await sceneOf(deps, tenant, reply)) };
  }
}

/** Where a sentence about the whole form is put: Slack takes it only beside a field that is there. */
const shownFieldOf = ({ fields }: SlackViewSubmission): string =>
  Object.entries(fields).find(([, value]) => value !== '')?.[0] ?? 'text';

async function answerClick(
  deps: SlackDeps,
  { tenant }: SlackPrincipal,
  of: {
    readonly to: { readonly triggerId: string; readonly requestId: string };
    readonly reply: VerbReply;
  },
): Promise<SlackAnswer> {
  const { to, reply } = of;
  if (reply.kind === 'done' || reply.kind === 'invalid') return nothing;
  const view =
    reply.kind === 'form'
      ? deps.render.form(reply.form)
      : deps.render.notice(reply, await sceneOf(deps, tenant, reply));
  await openView(deps, { tenant: tenant.id, ...to }, view);
  return nothing;
}
