import { exactText, html, type Html } from '../../../../console/html.ts';
import type { Channel } from '../facts.ts';
import type { SlackSandboxShortcut } from '../settings.ts';
import type { Scene } from './scene.ts';

/** Where a person writes in the channel, gives commands and uses the app's shortcuts. */
export function channelComposer({ office }: Scene, { name, isArchived }: Channel): Html {
  if (isArchived) return html`<p class="composer dim">This channel is archived.</p>`;
  const { commands, shortcuts } = office.app;
  const command = commands.map((one) => `, or ${one.command} help`)[0] ?? '';
  return composer({
    hint: `Message #${name}${command}`,
    thread: '',
    before: shortcutMenu(shortcuts.filter(({ type }) => type === 'global')),
  });
}

/** Where a person writes in a thread. Slack knows no commands there. */
export const threadComposer = (thread: string): Html =>
  composer({ hint: 'Reply…', thread, before: null });

interface Composer {
  readonly hint: string;
  readonly thread: string;
  readonly before: Html | null;
}

const composer = ({ hint, thread, before }: Composer): Html =>
  html`<form class="composer" method="post" data-thread="${thread}">
    ${before}
    <input
      type="text"
      name="text"
      aria-label="${hint}"
      placeholder="${hint}"
      autocomplete="off"
      maxlength="4000"
    />
    <button type="submit" class="button primary">Send</button>
  </form>`;

function shortcutMenu(shortcuts: readonly SlackSandboxShortcut[]): Html | null {
  if (shortcuts.length === 0) return null;
  return html`<details class="menu">
    <summary class="button" aria-label="Shortcuts">⚡</summary>
    <div class="items">
      ${shortcuts.map(
        ({ name, callbackId }) =>
          html`<button type="button" data-act="shortcut" data-callback="${exactText(callbackId)}">
            ${name}
          </button>`,
      )}
    </div>
  </details>`;
}
