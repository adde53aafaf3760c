import type { ChatMessage, ChatView } from '../../domain/announce/message.ts';
import type { Phrase } from '../../domain/announce/phrase.ts';
import type { TenantPolicy } from '../../domain/policy/policy.ts';
import type { Form } from '../../domain/verbs/form.ts';
import type { VerbReply } from '../../domain/verbs/reply.ts';
import { context, header, plainSection, type MessageBlock } from './blocks.ts';
import { cardBlocks, factBlocks, fallbackText } from './card.ts';
import { renderForm } from './form.ts';
import { slackLimits } from './limits.ts';
import { linkRules } from './links.ts';
import { fitted, shown, words } from './mrkdwn.ts';
import { packed } from './pack.ts';
import { phrasePieces } from './phrase.ts';
import { ownId } from './target.ts';
import { viewOf } from './view.ts';

/** A reply that is shown as it is. */
export type ShownReply = Exclude<VerbReply, { readonly kind: 'form' | 'invalid' }>;

/** What a reply is shown with. */
export interface ReplyScene {
  readonly tenant: TenantPolicy;
  /** Public address of the incident of a card; empty for all else. */
  readonly consoleUrl: string;
}

/** What one person gets to see: after a command, in a window, or as a form. */
export interface ReplyRenderer {
  readonly message: (reply: ShownReply, scene: ReplyScene) => ChatMessage;
  readonly notice: (reply: ShownReply, scene: ReplyScene) => ChatView;
  readonly form: (form: Form) => ChatView;
}

/** See `createSlackRenderer` for `ownHosts`. */
export const createReplyRenderer = (ownHosts: readonly string[]): ReplyRenderer => ({
  message: (reply, scene) => ({
    text: replyText(reply) || '–',
    blocks: replyBlocks(reply, cardBlocks, { ...scene, ownHosts }),
  }),
  notice: (reply, scene) =>
    viewOf({
      callbackId: ownId('notice'),
      metadata: '',
      title: noticeTitles[reply.kind],
      // A click in a window gets no answer that anybody would see.
      blocks: replyBlocks(reply, factBlocks, { ...scene, ownHosts }),
    }),
  form: renderForm,
});

const noticeTitles: Readonly<Record<ShownReply['kind'], string>> = {
  done: 'Done',
  refused: 'Not done',
  failed: 'Something went wrong',
  card: 'As it stands',
  lines: 'Tocsin',
};

const signs = { done: '✅', refused: '✋', failed: '⚠️' } as const;

function replyText(reply: ShownReply): string {
  switch (reply.kind) {
    case 'done':
    case 'refused':
    case 'failed':
      return fitted([words(reply.text)], slackLimits.fallbackLength);
    case 'card':
      return fallbackText(reply.incident);
    case 'lines':
      return fitted([words(reply.title)], slackLimits.fallbackLength);
  }
}

/** A scene with the hosts that links may lead to. */
interface LinkedScene extends ReplyScene {
  readonly ownHosts: readonly string[];
}

function replyBlocks(
  reply: ShownReply,
  blocksOf: typeof cardBlocks,
  scene: LinkedScene,
): readonly MessageBlock[] {
  switch (reply.kind) {
    case 'done':
    case 'refused':
    case 'failed':
      return [plainSection(`${signs[reply.kind]} ${paragraphs(reply.text)}`)];
    case 'card': {
      const lead = reply.lead === '' ? [] : [plainSection(paragraphs(reply.lead))];
      const { tenant, consoleUrl, ownHosts } = scene;
      const card = { tenant, consoleUrl, incident: reply.incident, ownChannel: null };
      return [...lead, ...blocksOf(card, ownHosts)];
    }
    case 'lines':
      return [header(shown(reply.title)), ...lineBlocks(reply.lines, scene)];
  }
}

/** A text of ours with data in it: its lines stay, and each is fit to be shown. */
const paragraphs = (text: string): string =>
  text
    .split('\n')
    .map((line) => shown(line))
    .join('\n');

const longestLine = 700;

function lineBlocks(
  lines: readonly Phrase[],
  { tenant, ownHosts }: LinkedScene,
): readonly MessageBlock[] {
  const rules = linkRules(tenant, ownHosts);
  const marked = lines.map((line) => fitted(phrasePieces(line, rules), longestLine));
  const { texts, leftOut } = packed(marked);
  return leftOut === 0 ? texts : [context([words(`${leftOut} more before these`)]), ...texts];
}
