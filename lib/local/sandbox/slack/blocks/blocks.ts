import { isJsonObject, ownValue, type JsonObject } from '../../../shared/json.ts';
import { anyOf, both, byType, flag, list, record, text, type Check } from './check.ts';
import { accessory, actionElement, anyText, image, inputElement, plain } from './elements.ts';

const blockId = text(255);

const section = both(
  record(
    {},
    {
      block_id: blockId,
      text: anyText(3000),
      fields: list(anyText(2000), { max: 10 }),
      accessory,
      expand: flag,
    },
  ),
  anyOf('text', 'fields'),
);

const inMessages: Readonly<Record<string, Check>> = {
  section,
  header: record({ text: plain(150) }, { block_id: blockId }),
  divider: record({}, { block_id: blockId }),
  context: record(
    { elements: list(byType({ ...oneText(), image }), { max: 10 }) },
    { block_id: blockId },
  ),
  actions: record(
    { elements: both(list(actionElement, { max: 25 }), distinctActions) },
    { block_id: blockId },
  ),
  image: record(
    {},
    { block_id: blockId, image_url: text(3000), alt_text: text(2000), title: plain(2000) },
  ),
};

const input = record(
  { label: plain(2000), element: inputElement },
  { block_id: blockId, hint: plain(2000), optional: flag, dispatch_action: flag },
);

/** The blocks of a message; at most 50. */
export const messageBlocks: Check = both(
  list(byType(inMessages), { min: 0, max: 50 }),
  distinctBlocks,
);

/** The blocks of a form; at most 100. */
export const formBlocks: Check = both(
  list(byType({ ...inMessages, input }), { max: 100 }),
  distinctBlocks,
);

/** The two kinds of text, each by its name. */
function oneText(): Readonly<Record<string, Check>> {
  const check = anyText(3000);
  return { plain_text: check, mrkdwn: check };
}

/** `block_id` is what an interaction names its block by. */
function distinctBlocks(value: unknown, at: string): readonly string[] {
  return repeated(value, 'block_id').map(
    (id) => `\`block_id\` ${id} already exists for another block [json-pointer:${at}]`,
  );
}

/** `action_id` is what an interaction names its element by, within the block. */
function distinctActions(value: unknown, at: string): readonly string[] {
  return repeated(value, 'action_id').map(
    (id) => `\`action_id\` ${id} already exists for another element [json-pointer:${at}]`,
  );
}

function repeated(value: unknown, name: string): readonly string[] {
  const objects: readonly JsonObject[] = Array.isArray(value) ? value.filter(isJsonObject) : [];
  const ids = objects
    .map((object) => ownValue(object, name))
    .filter((id) => typeof id === 'string');
  return [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))];
}
