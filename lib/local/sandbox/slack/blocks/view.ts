import { isJsonObject, ownValue } from '../../../shared/json.ts';
import { formBlocks } from './blocks.ts';
import { both, byType, flag, record, text, type Check } from './check.ts';
import { plain } from './elements.ts';

/** https://docs.slack.dev/surfaces/modals: a larger one is refused as `view_too_large`. */
export const MAX_VIEW_BYTES = 250_000;

const modal = record(
  { title: plain(24), blocks: formBlocks },
  {
    submit: plain(24),
    close: plain(24),
    callback_id: text(255, 0),
    private_metadata: text(3000, 0),
    external_id: text(255, 0),
    clear_on_close: flag,
    notify_on_close: flag,
  },
);

/** A modal: what `views.open` takes. */
export const view: Check = both(byType({ modal }), submitBesideInputs);

function submitBesideInputs(value: unknown, at: string): readonly string[] {
  if (!isJsonObject(value) || ownValue(value, 'submit') !== undefined) return [];
  const blocks = ownValue(value, 'blocks');
  const hasInput =
    Array.isArray(blocks) &&
    blocks.some((block) => isJsonObject(block) && ownValue(block, 'type') === 'input');
  return hasInput ? [`missing required field: submit [json-pointer:${at}]`] : [];
}
