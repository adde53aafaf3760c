import { exactText, externalLink, html, type Html } from '../../../../console/html.ts';
import { isJsonObject, ownValue, type JsonObject } from '../../../shared/json.ts';
import { objectsIn, optionsOf, valueOf } from '../people/selection.ts';
import type { Scene } from './scene.ts';
import { textIn, wordsOf } from './texts.ts';

/** Where an element stands. */
export interface At {
  readonly scene: Scene;
  readonly blockId: string;
  /** The message; empty in a form. */
  readonly ts: string;
  /** Whether it is sent with a form, and not at once when it is used. */
  readonly isInput: boolean;
}

/** An element of a message or a form, as something that can be used. */
export function renderElement(element: JsonObject, at: At): Html {
  switch (ownValue(element, 'type')) {
    case 'button':
      return button(element, at);
    case 'overflow':
      return overflow(element, at);
    case 'static_select':
    case 'users_select':
      return select(element, at, false);
    case 'multi_static_select':
    case 'multi_users_select':
      return select(element, at, true);
    case 'checkboxes':
    case 'radio_buttons':
      return choices(element, at);
    case 'image':
      return picture(element);
    case 'datepicker':
      return field(element, at, { type: 'date', initial: 'initial_date' });
    case 'timepicker':
      return field(element, at, { type: 'time', initial: 'initial_time' });
    case 'url_text_input':
      return field(element, at, { type: 'url', initial: 'initial_value' });
    case 'email_text_input':
      return field(element, at, { type: 'email', initial: 'initial_value' });
    case 'number_input':
      return field(element, at, { type: 'number', initial: 'initial_value' });
    default:
      return ownValue(element, 'multiline') === true
        ? longText(element, at)
        : field(element, at, { type: 'text', initial: 'initial_value' });
  }
}

/** What an act is about. */
const target = (element: JsonObject, { blockId, ts }: At): Html =>
  html`data-block="${exactText(blockId)}" data-action="${exactText(textIn(element, 'action_id'))}"
  data-ts="${ts}" data-confirm="${exactText(confirmation(element))}"`;

/** What is asked before; empty when nothing is. */
function confirmation(element: JsonObject): string {
  const confirm = ownValue(element, 'confirm');
  if (!isJsonObject(confirm)) return '';
  return `${wordsOf(ownValue(confirm, 'title'))}\n\n${wordsOf(ownValue(confirm, 'text'))}`;
}

/** Inputs of a form are sent with it; everything else is sent when it is used. */
const onUse = ({ isInput }: At): string => (isInput ? 'fill' : 'choose');

/** Pictures of other servers are not loaded. */
export const picture = (image: JsonObject): Html =>
  html`<span class="picture">${exactText(textIn(image, 'alt_text'))}</span>`;

function button(element: JsonObject, at: At): Html {
  const style = textIn(element, 'style');
  const words = exactText(wordsOf(ownValue(element, 'text')));
  const link = externalLink(textIn(element, 'url'));
  if (link !== null) {
    return html`<a
      class="button"
      href="${link.url}"
      target="_blank"
      rel="noopener noreferrer"
      data-act="click"
      ${target(element, at)}
      >${words}</a
    >`;
  }
  return html`<button type="button" class="button ${style}" data-act="click" ${target(element, at)}>
    ${words}
  </button>`;
}

function overflow(element: JsonObject, at: At): Html {
  return html`<details class="menu">
    <summary class="button" aria-label="More actions">⋯</summary>
    <div class="items">
      ${objectsIn(element, 'options').map((option) => {
        const words = exactText(wordsOf(ownValue(option, 'text')));
        const value = exactText(valueOf(option));
        const link = externalLink(textIn(option, 'url'));
        if (link === null) {
          return html`<button
            type="button"
            data-act="click"
            data-value="${value}"
            ${target(element, at)}
          >
            ${words}
          </button>`;
        }
        return html`<a
          href="${link.url}"
          target="_blank"
          rel="noopener noreferrer"
          data-act="click"
          data-value="${value}"
          ${target(element, at)}
          >${words}</a
        >`;
      })}
    </div>
  </details>`;
}

function select(element: JsonObject, at: At, isMultiple: boolean): Html {
  const isPeople = textIn(element, 'type').endsWith('users_select');
  const options = isPeople ? peopleOptions(at.scene) : staticOptions(element);
  const chosen = initiallyChosen(element);
  const listed = options.map(({ value, words }) =>
    chosen.includes(value)
      ? html`<option value="${exactText(value)}" selected>${exactText(words)}</option>`
      : html`<option value="${exactText(value)}">${exactText(words)}</option>`,
  );
  if (isMultiple) {
    return html`<select multiple data-act="${onUse(at)}" ${target(element, at)}>
      ${listed}
    </select>`;
  }
  const placeholder = wordsOf(ownValue(element, 'placeholder')) || 'Choose…';
  return html`<select data-act="${onUse(at)}" ${target(element, at)}>
    <option value="">${exactText(placeholder)}</option>
    ${listed}
  </select>`;
}

interface Option {
  readonly value: string;
  readonly words: string;
}

const staticOptions = (element: JsonObject): readonly Option[] =>
  optionsOf(element).map((option) => ({
    value: valueOf(option),
    words: wordsOf(ownValue(option, 'text')),
  }));

const peopleOptions = ({ office }: Scene): readonly Option[] =>
  office.workspace.settings.users.map(({ id, name }) => ({ value: id, words: name }));

function initiallyChosen(element: JsonObject): readonly string[] {
  const option = ownValue(element, 'initial_option');
  const users = ownValue(element, 'initial_users');
  return [
    ...(isJsonObject(option) ? [valueOf(option)] : []),
    ...objectsIn(element, 'initial_options').map(valueOf),
    ...(Array.isArray(users) ? users.map(String) : []),
    textIn(element, 'initial_user'),
  ].filter((value) => value !== '');
}

function choices(element: JsonObject, at: At): Html {
  const type = ownValue(element, 'type') === 'checkboxes' ? 'checkbox' : 'radio';
  const chosen = initiallyChosen(element);
  const name = exactText(`${at.blockId} ${textIn(element, 'action_id')}`);
  return html`<span class="choices">
    ${staticOptions(element).map(({ value, words }) => {
      const checked = chosen.includes(value) ? html`checked` : null;
      return html`<label
        ><input
          type="${type}"
          name="${name}"
          value="${exactText(value)}"
          data-act="${onUse(at)}"
          ${checked}
          ${target(element, at)}
        />
        ${exactText(words)}</label
      >`;
    })}
  </span>`;
}

function field(
  element: JsonObject,
  at: At,
  { type, initial }: { readonly type: string; readonly initial: string },
): Html {
  const placeholder = exactText(wordsOf(ownValue(element, 'placeholder')));
  const value = exactText(textIn(element, initial));
  return html`<input
    type="${type}"
    value="${value}"
    placeholder="${placeholder}"
    data-act="${onUse(at)}"
    ${target(element, at)}
  />`;
}

function longText(element: JsonObject, at: At): Html {
  const placeholder = exactText(wordsOf(ownValue(element, 'placeholder')));
  const value = exactText(textIn(element, 'initial_value'));
  return html`<textarea
    rows="4"
    placeholder="${placeholder}"
    data-act="${onUse(at)}"
    ${target(element, at)}
  >
${value}</textarea>`;
}
