import { exactText, html, type Html } from '../../../../console/html.ts';
import { isJsonObject, ownValue, type JsonObject } from '../../../shared/json.ts';
import { WHOLE_FORM } from '../people/forms.ts';
import type { OpenView } from '../people/open-views.ts';
import { objectsIn } from '../people/selection.ts';
import { renderBlocks } from './blocks.ts';
import { renderElement, type At } from './elements.ts';
import type { Scene } from './scene.ts';
import { textIn, wordsOf } from './texts.ts';

/** The form in front of a person. */
export function renderForm(open: OpenView, scene: Scene): Html {
  const { view, id, errors } = open;
  const title = exactText(wordsOf(ownValue(view, 'title')));
  const renderInput = (block: JsonObject, at: At): Html => input(block, at, errors);
  const submit = ownValue(view, 'submit');
  const close = ownValue(view, 'close');
  return html`<div class="shade">
    <form
      id="form"
      class="form"
      role="dialog"
      aria-modal="true"
      aria-labelledby="form-title"
      data-view="${id}"
    >
      <h2 id="form-title">${title}</h2>
      ${problem(errors, WHOLE_FORM)}
      <div class="blocks">
        ${renderBlocks(objectsIn(view, 'blocks'), { scene, ts: '', renderInput })}
      </div>
      <p class="ends">
        <button type="button" class="button" data-act="close-form">
          ${exactText(isJsonObject(close) ? wordsOf(close) : 'Cancel')}
        </button>
        ${
          isJsonObject(submit)
            ? html`<button type="submit" class="button primary">
                ${exactText(wordsOf(submit))}
              </button>`
            : null
        }
      </p>
    </form>
  </div>`;
}

function input(block: JsonObject, at: At, errors: OpenView['errors']): Html {
  const element = ownValue(block, 'element');
  const hint = ownValue(block, 'hint');
  const optional =
    ownValue(block, 'optional') === true ? html`<span class="dim">(optional)</span>` : null;
  if (!isJsonObject(element)) return exactText('');
  // Several boxes have a label each, so the whole is a group and no label.
  const isGroup = ['checkboxes', 'radio_buttons'].includes(textIn(element, 'type'));
  const label = html`<span class="label"
    >${exactText(wordsOf(ownValue(block, 'label')))} ${optional}</span
  >`;
  const field = renderElement(element, at);
  return html`<div class="input">
    ${
      isGroup
        ? html`<fieldset>
            <legend>${label}</legend>
            ${field}
          </fieldset>`
        : html`<label>${label} ${field}</label>`
    }
    ${problem(errors, at.blockId)}
    ${isJsonObject(hint) ? html`<p class="dim small">${exactText(wordsOf(hint))}</p>` : null}
  </div>`;
}

function problem(errors: OpenView['errors'], key: string): Html | null {
  const text = Object.hasOwn(errors, key) ? errors[key] : undefined;
  return text === undefined ? null : html`<p class="late" role="alert">${exactText(text)}</p>`;
}
