import { exactText, html, type Html } from '../../../../console/html.ts';
import { isJsonObject, ownValue, type JsonObject } from '../../../shared/json.ts';
import { objectsIn } from '../people/selection.ts';
import { picture, renderElement, type At } from './elements.ts';
import type { Scene } from './scene.ts';
import { textIn, textOf, wordsOf } from './texts.ts';

/** The block of an input, with what is wrong with it. */
export type RenderInput = (block: JsonObject, at: At) => Html;

export interface BlocksAt {
  readonly scene: Scene;
  /** The message; empty in a form. */
  readonly ts: string;
  readonly renderInput?: RenderInput;
}

/** The blocks of a message or a form, one below the other. */
export const renderBlocks = (blocks: readonly JsonObject[], at: BlocksAt): readonly Html[] =>
  blocks.map((block) => renderBlock(block, at));

function renderBlock(block: JsonObject, { scene, ts, renderInput }: BlocksAt): Html {
  const at: At = { scene, ts, blockId: textIn(block, 'block_id'), isInput: false };
  switch (ownValue(block, 'type')) {
    case 'section':
      return section(block, at);
    case 'header':
      return html`<h3 class="heading">${exactText(wordsOf(ownValue(block, 'text')))}</h3>`;
    case 'divider':
      return html`<hr />`;
    case 'context':
      return html`<p class="context">
        ${objectsIn(block, 'elements').map((element) => contextPart(element, scene))}
      </p>`;
    case 'actions':
      return html`<div class="actions">
        ${objectsIn(block, 'elements').map((element) => renderElement(element, at))}
      </div>`;
    case 'image':
      return picture(block);
    case 'input':
      return renderInput?.(block, { ...at, isInput: true }) ?? exactText('');
    default:
      return exactText('');
  }
}

const contextPart = (element: JsonObject, scene: Scene): Html =>
  ownValue(element, 'type') === 'image'
    ? picture(element)
    : html`<span class="piece">${textOf(element, scene)}</span>`;

function section(block: JsonObject, at: At): Html {
  const fields = objectsIn(block, 'fields');
  const accessory = ownValue(block, 'accessory');
  const text = ownValue(block, 'text');
  return html`<div class="section">
    <div class="body">
      ${text === undefined ? null : textOf(text, at.scene)}
      ${
        fields.length === 0
          ? null
          : html`<div class="fields">
              ${fields.map((field) => html`<div>${textOf(field, at.scene)}</div>`)}
            </div>`
      }
    </div>
    ${isJsonObject(accessory) ? renderElement(accessory, at) : null}
  </div>`;
}
