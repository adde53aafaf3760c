import { createHash } from 'node:crypto';
import type { HtmlPage } from '../../../../codec/http-response.ts';
import {
  exactText,
  html,
  inlineCode,
  ownPath,
  type Html,
  type SafeUrl,
} from '../../../../console/html.ts';
import type { Channel } from '../facts.ts';
import type { Office } from '../office.ts';
import type { SandboxUserKind } from '../settings.ts';
import { channelComposer, threadComposer } from './composer.ts';
import { renderForm } from './form.ts';
import { channelLines, threadLines } from './messages.ts';
import { linkTo, visibleChannels, type Scene } from './scene.ts';
import { script } from './script.ts';
import { style } from './style.ts';
import { textOf } from './texts.ts';

const sourceOf = (code: string): string =>
  `'sha256-${createHash('sha256').update(code, 'utf8').digest('base64')}'`;

const styleSources = [sourceOf(style)];
const scriptSources = [sourceOf(script)];

/** The view of a workspace through one person's eyes. `tag` names what it shows. */
export function renderPage(scene: Scene, offices: readonly Office[], tag: string): HtmlPage {
  const { office, user, channel, thread, path } = scene;
  const isThreaded = threadLines(scene).length > 0;
  const { teamId } = office.workspace.settings;
  return document({
    title: `${channel === undefined ? '' : `#${channel.name} · `}Slack sandbox · Tocsin`,
    body: html`<body
      data-base="${path}"
      data-workspace="${teamId}"
      data-as="${user.id}"
      data-channel="${channel?.id ?? ''}"
      data-tag="${tag}"
    >
      ${header(scene, offices)}
      <p id="contact" role="status"></p>
      <main class="rooms ${isThreaded ? 'threaded' : ''}">
        <nav id="channels" data-region aria-label="Channels">${channels(scene)}</nav>
        <section class="room channel" aria-label="Channel">
          ${channel === undefined ? null : room(scene, channel)}
        </section>
        ${isThreaded ? threadRoom(scene, thread) : null}
      </main>
      <div id="modal" data-region>${form(scene)}</div>
      <noscript><p>The buttons of this page need JavaScript.</p></noscript>
      ${inlineCode('script', script)}
    </body>`,
  });
}

/** What is shown where the policy has no workspace. */
export const renderNoWorkspace = (): HtmlPage =>
  document({
    title: 'Slack sandbox · Tocsin',
    body: html`<body>
      <header class="top"><a class="name" href="${ownPath('/')}">Tocsin</a></header>
      <main class="stream">
        <p class="empty">
          The policy names no Slack workspace, so there is no conversation to show. Give a tenant a
          <code>slack</code> section and start again.
        </p>
      </main>
    </body>`,
  });

function document({ title, body }: { readonly title: string; readonly body: Html }): HtmlPage {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <link rel="icon" href="data:," />
        <title>${title}</title>
        ${inlineCode('style', style)}
      </head>
      ${body}
    </html> `;
  return { html: page.text, styleSources, scriptSources };
}

function header({ office, user, channel, path }: Scene, offices: readonly Office[]): Html {
  const { workspace } = office;
  const { users, teamId } = workspace.settings;
  const people = (kind: SandboxUserKind, label: string): Html | null => {
    const listed = users.filter((one) => one.kind === kind);
    return listed.length === 0
      ? null
      : html`<optgroup label="${label}">
          ${listed.map(({ id, name }) => option(id, name, id === user.id))}
        </optgroup>`;
  };
  const action: SafeUrl = ownPath(path);
  return html`<header class="top">
    <a id="home" class="name" href="${ownPath('/')}">Tocsin</a>
    <span class="tenant"
      ><bdi>${workspace.settings.name}</bdi>: a sandbox that speaks Slack’s protocol</span
    >
    <form class="who" method="get" action="${action}">
      ${
        offices.length < 2
          ? html`<input type="hidden" name="workspace" value="${teamId}" />`
          : html`<select name="workspace" aria-label="Workspace">
              ${offices.map(({ workspace: { settings } }) =>
                option(settings.teamId, settings.name, settings.teamId === teamId),
              )}
            </select>`
      }
      <input type="hidden" name="channel" value="${channel?.id ?? ''}" />
      <label for="as">You are</label>
      <select id="as" name="as">
        ${people('member', 'Members')} ${people('guest', 'Guests')}
        ${people('stranger', 'Other workspaces')}
      </select>
      <noscript><button type="submit">Go</button></noscript>
    </form>
  </header>`;
}

const option = (value: string, words: string, isChosen: boolean): Html =>
  isChosen
    ? html`<option value="${value}" selected>${exactText(words)}</option>`
    : html`<option value="${value}">${exactText(words)}</option>`;

function channels(scene: Scene): Html {
  const { office, user, channel: open } = scene;
  const listed = visibleChannels(office, user);
  return html`<h2>Channels</h2>
    ${listed.map((channel) => channelLink(scene, channel, channel.id === open?.id))}`;
}

function channelLink(scene: Scene, channel: Channel, isOpen: boolean): Html {
  const { id, name, isPrivate, isArchived } = channel;
  const last = scene.office.workspace.messages(id).at(-1)?.ts ?? '0';
  const words = `${isPrivate ? '🔒' : '#'} ${name}${isArchived ? ' (archived)' : ''}`;
  const current = isOpen ? html`aria-current="page"` : null;
  return html`<a
    class="${isArchived ? 'archived' : ''}"
    href="${linkTo(scene, { channel: id })}"
    data-channel="${id}"
    data-last="${last}"
    ${current}
    ><bdi>${exactText(words)}</bdi></a
  >`;
}

function room(scene: Scene, channel: Channel): Html {
  const { name, topic, members } = channel;
  const lines = channelLines(scene);
  return html`<header class="roomhead" id="roomhead" data-region>
      <h1><bdi>${exactText(`#${name}`)}</bdi></h1>
      <p class="dim small">
        ${members.length} ${members.length === 1 ? 'member' : 'members'}
        ${topic === '' ? null : html` · ${textOf({ type: 'mrkdwn', text: topic }, scene)}`}
      </p>
    </header>
    <ol class="stream" id="stream" data-region>
      ${lines.length === 0 ? html`<li class="empty dim">Nothing was said here yet.</li>` : lines}
    </ol>
    ${channelComposer(scene, channel)}`;
}

function threadRoom(scene: Scene, thread: string): Html {
  return html`<section class="room thread" aria-label="Thread">
    <header class="roomhead">
      <h1>Thread</h1>
      <a href="${linkTo(scene, {})}">Close</a>
    </header>
    <ol class="stream" id="thread" data-region>
      ${threadLines(scene)}
    </ol>
    ${threadComposer(thread)}
  </section>`;
}

function form(scene: Scene): Html | null {
  const open = scene.office.views.top(scene.user.id);
  return open === undefined ? null : renderForm(open, scene);
}
