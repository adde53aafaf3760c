import { exactText, html, type Html } from '../../../../console/html.ts';
import { isJsonObject, ownValue, type JsonObject } from '../../../shared/json.ts';
import { withEmoji } from './emoji.ts';
import { renderMrkdwn, type Names } from './mrkdwn.ts';
import { linkTo, type Scene } from './scene.ts';

/** The names of a workspace for its reader. */
export function namesFor(scene: Scene): Names {
  const { workspace } = scene.office;
  return {
    userName: (id) => (workspace.isKnownUser(id) ? workspace.nameOf(id) : undefined),
    channelName: (id) => workspace.channel(id)?.name,
    channelLink: (channel) => linkTo(scene, { channel }),
    readerId: scene.user.id,
  };
}

/** A text object, or a text: plain, or in mrkdwn. */
export function textOf(value: unknown, scene: Scene): Html {
  if (!isJsonObject(value)) return exactText('');
  if (ownValue(value, 'type') !== 'mrkdwn') {
    return html`<span class="text">${exactText(wordsOf(value))}</span>`;
  }
  const isVerbatim = ownValue(value, 'verbatim') === true;
  const shown = renderMrkdwn(textIn(value, 'text'), namesFor(scene), { isVerbatim });
  return html`<span class="text">${shown}</span>`;
}

/** The words of a plain text object. */
export function wordsOf(value: unknown): string {
  if (!isJsonObject(value)) return '';
  const text = textIn(value, 'text');
  return ownValue(value, 'emoji') === false ? text : withEmoji(text);
}

export function textIn(object: JsonObject, name: string): string {
  const value = ownValue(object, name);
  return typeof value === 'string' ? value : '';
}
