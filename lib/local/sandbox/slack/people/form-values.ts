import { isJsonObject, ownValue, type JsonObject } from '../../../shared/json.ts';
import { elementsOf } from '../named-blocks.ts';
import { objectsIn, selectionOf, type Chosen } from './selection.ts';

/** What somebody filled in: by block, then by action. */
export type Filled = Readonly<Record<string, Readonly<Record<string, Chosen>>>>;

/** Reads `{ "<block>": { "<action>": ["<value>", ...] } }`, without what is no such thing. */
export function readFilled(value: unknown): Filled {
  const entries = (object: unknown): (readonly [string, unknown])[] =>
    isJsonObject(object) ? Object.entries(object) : [];
  return Object.fromEntries(
    entries(value).map(([block, actions]) => [
      block,
      Object.fromEntries(
        entries(actions).map(([action, chosen]) => [
          action,
          Array.isArray(chosen) ? chosen.filter((one) => typeof one === 'string') : [],
        ]),
      ),
    ]),
  );
}

/** `state.values` of a view: each input and menu with what is in it. */
export function stateValues(view: JsonObject, filled: Filled): JsonObject {
  return Object.fromEntries(
    objectsIn(view, 'blocks').flatMap((block) => {
      const actions = elementsOf(block)
        .filter((element) => !['button', 'overflow'].includes(textIn(element, 'type')))
        .map((element) => {
          const selection = selectionOf(element, chosenIn(filled, block, element));
          return [
            textIn(element, 'action_id'),
            { type: textIn(element, 'type'), ...selection },
          ] as const;
        });
      return actions.length === 0
        ? []
        : [[textIn(block, 'block_id'), Object.fromEntries(actions)] as const];
    }),
  );
}

/** What Slack itself refuses before the app hears of it, by block. */
export function inputErrors(view: JsonObject, filled: Filled): Readonly<Record<string, string>> {
  const inputs = objectsIn(view, 'blocks').filter((block) => ownValue(block, 'type') === 'input');
  return Object.fromEntries(
    inputs.flatMap((block) => {
      const element = ownValue(block, 'element');
      if (!isJsonObject(element)) return [];
      const problem = inputProblem(element, {
        chosen: chosenIn(filled, block, element).filter((one) => one !== ''),
        isOptional: ownValue(block, 'optional') === true,
      });
      return problem === undefined ? [] : [[textIn(block, 'block_id'), problem] as const];
    }),
  );
}

interface Given {
  readonly chosen: Chosen;
  readonly isOptional: boolean;
}

function inputProblem(element: JsonObject, { chosen, isOptional }: Given): string | undefined {
  const [first] = chosen;
  if (first === undefined) {
    return isOptional ? undefined : 'Please complete this required field.';
  }
  const { length } = Array.from(first);
  const min = ownValue(element, 'min_length');
  const max = ownValue(element, 'max_length') ?? MAX_INPUT;
  if (typeof min === 'number' && length < min) return `Please enter at least ${min} characters.`;
  if (typeof max === 'number' && length > max) return `Please enter at most ${max} characters.`;
  return formatProblem(textIn(element, 'type'), first);
}

/** https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element */
const MAX_INPUT = 3000;

function formatProblem(type: string, value: string): string | undefined {
  switch (type) {
    case 'url_text_input':
      return URL.canParse(value) ? undefined : 'Please enter a valid URL.';
    case 'email_text_input':
      return /^\S+@\S+$/.test(value) ? undefined : 'Please enter a valid email address.';
    case 'number_input':
      return Number.isFinite(Number(value)) ? undefined : 'Please enter a valid number.';
    default:
      return undefined;
  }
}

function chosenIn(filled: Filled, block: JsonObject, element: JsonObject): Chosen {
  const actions = own(filled, textIn(block, 'block_id')) ?? {};
  return own(actions, textIn(element, 'action_id')) ?? [];
}

const own = <Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

function textIn(object: JsonObject, name: string): string {
  const value = ownValue(object, name);
  return typeof value === 'string' ? value : '';
}
