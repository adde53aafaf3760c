import { exactText, html, type Html } from '../../../../console/html.ts';
import type { StoredMessage } from '../facts.ts';
import type { Ephemeral } from '../people/ephemerals.ts';
import { renderBlocks } from './blocks.ts';
import { linkTo, type Scene } from './scene.ts';
import { textOf } from './texts.ts';

/** A message of all, or one that only the reader sees. */
type Line =
  | { readonly kind: 'said'; readonly message: StoredMessage }
  | { readonly kind: 'whispered'; readonly message: Ephemeral };

/** What stands in the open channel, oldest first, the reader's own messages of the app among it. */
export function channelLines(scene: Scene): readonly Html[] {
  const { office, channel } = scene;
  if (channel === undefined) return [];
  const said = office.workspace
    .messages(channel.id)
    .filter(({ threadTs, isBroadcast }) => threadTs === null || isBroadcast);
  const lines = inOrder(said, whispered(scene, null));
  const shown = lines.slice(-SHOWN_AT_MOST).map((line) => render(line, scene));
  return lines.length > SHOWN_AT_MOST
    ? [html`<li class="notice">Older ones are not shown.</li>`, ...shown]
    : shown;
}

/** Enough for an incident, and quick to draw on a phone. */
const SHOWN_AT_MOST = 300;

/** The open thread: its parent, then the replies. */
export function threadLines(scene: Scene): readonly Html[] {
  const { office, channel, thread } = scene;
  const parent = office.workspace.message(channel?.id ?? '', thread);
  if (parent === undefined || channel === undefined) return [];
  const replies = office.workspace.replies(channel.id, thread);
  const inThread = { ...scene, isThread: true };
  return inOrder([parent, ...replies], whispered(scene, thread)).map((line) =>
    render(line, inThread),
  );
}

function whispered({ office, user, channel }: Scene, threadTs: string | null): readonly Line[] {
  return office.ephemerals
    .of(user.id, channel?.id ?? '')
    .filter((one) => one.threadTs === threadTs)
    .map((one) => ({ kind: 'whispered', message: one }));
}

const inOrder = (said: readonly StoredMessage[], whispers: readonly Line[]): readonly Line[] =>
  [...said.map((message): Line => ({ kind: 'said', message })), ...whispers].toSorted(
    (a, b) => Number(a.message.ts) - Number(b.message.ts),
  );

/** In a thread, the number of replies and the way into it are of no use. */
type At = Scene & { readonly isThread?: boolean };

function render(line: Line, at: At): Html {
  if (line.kind === 'whispered') return whisper(line.message, at);
  return line.message.subtype === null ? message(line.message, at) : notice(line.message, at);
}

function message(line: StoredMessage, at: At): Html {
  const { workspace } = at.office;
  // Slack says so of text alone: a card is changed all the time.
  const isEdited = line.editedTs !== null && line.blocks.length === 0;
  const edited = isEdited ? html`<span class="dim small">(edited)</span>` : null;
  // A parent stands in the channel and in its thread.
  return html`<li class="message" id="${at.isThread === true ? 't' : 'm'}-${line.ts}">
    ${face(workspace.nameOf(line.user), line.user === workspace.bot.id)}
    <div class="content">
      ${author(line, at)} ${content(line, at)} ${edited} ${replies(line, at)}
    </div>
    ${menu(line, at)}
  </li>`;
}

function author({ user: id, ts }: StoredMessage, { office }: Scene): Html {
  const { workspace } = office;
  const kind = workspace.user(id)?.kind;
  const badge =
    id === workspace.bot.id
      ? 'APP'
      : kind === 'guest'
        ? 'Guest'
        : kind === 'stranger'
          ? 'Other workspace'
          : null;
  return html`<p class="author">
    <strong><bdi>${exactText(workspace.nameOf(id))}</bdi></strong>
    ${badge === null ? null : html`<span class="badge">${badge}</span>`} ${timeOf(ts)}
  </p>`;
}

/** Without blocks the text is shown; with them it is for notifications alone. */
function content({ text, blocks, ts }: Line['message'], scene: Scene): Html {
  return blocks.length > 0
    ? html`<div class="blocks">${renderBlocks(blocks, { scene, ts })}</div>`
    : textOf({ type: 'mrkdwn', text }, scene);
}

/** What Slack itself says of a channel. */
function notice({ text, ts }: StoredMessage, scene: Scene): Html {
  return html`<li class="notice" id="m-${ts}">
    ${textOf({ type: 'mrkdwn', text }, scene)} ${timeOf(ts)}
  </li>`;
}

function whisper(line: Ephemeral, at: At): Html {
  const { workspace } = at.office;
  const name = line.from === 'app' ? workspace.bot.name : 'Slack';
  return html`<li class="message whisper" id="m-${line.ts}">
    ${face(name, line.from === 'app')}
    <div class="content">
      <p class="dim small">👁 Only you see this</p>
      <p class="author"><strong>${name}</strong> ${timeOf(line.ts)}</p>
      ${content(line, at)}
      <button type="button" class="plain" data-act="dismiss" data-ts="${line.ts}">Dismiss</button>
    </div>
  </li>`;
}

const face = (name: string, isApp: boolean): Html =>
  html`<span class="face ${isApp ? 'app' : `tint${tintOf(name)}`}" aria-hidden="true"
    >${exactText(Array.from(name)[0] ?? '')}</span
  >`;

/** One of six colours, always the same for a name. */
const tintOf = (name: string): number =>
  Array.from(name).reduce((sum, character) => sum + (character.codePointAt(0) ?? 0), 0) % 6;

function replies({ channel, ts }: StoredMessage, at: At): Html | null {
  const count = at.office.workspace.replies(channel, ts).length;
  if (count === 0 || at.isThread === true) return null;
  const words = `${count} ${count === 1 ? 'reply' : 'replies'}`;
  return html`<p><a class="replies" href="${linkTo(at, { channel, thread: ts })}">${words}</a></p>`;
}

function menu({ ts, channel, threadTs }: StoredMessage, at: At): Html {
  const shortcuts = at.office.app.shortcuts.filter(({ type }) => type === 'message');
  const thread = linkTo(at, { channel, thread: threadTs ?? ts });
  return html`<details class="menu corner">
    <summary aria-label="More about this message">⋯</summary>
    <div class="items">
      ${at.isThread === true ? null : html`<a href="${thread}">Reply in thread</a>`}
      ${shortcuts.map(
        ({ name, callbackId }) =>
          html`<button
            type="button"
            data-act="shortcut"
            data-callback="${exactText(callbackId)}"
            data-ts="${ts}"
          >
            ${name}
          </button>`,
      )}
    </div>
  </details>`;
}

const timeOf = (ts: string): Html => {
  const atMs = Math.floor(Number(ts) * 1000);
  const iso = new Date(atMs).toISOString();
  return html`<time class="dim small" datetime="${iso}" data-date="${atMs}" data-format="{time}"
    >${iso.slice(11, 16)}</time
  >`;
};
