import { isJsonObject, ownValue, type JsonObject } from '../../../shared/json.ts';

/** What somebody chose or typed: values of options, ids of users, or one text. */
export type Chosen = readonly string[];

/**
 * How Slack tells of a choice in an element. A choice that the element does not offer counts as
 * none, so that nothing can be sent that nobody can click.
 */
export function selectionOf(element: JsonObject, chosen: Chosen): JsonObject {
  const [first = ''] = chosen;
  switch (ownValue(element, 'type')) {
    case 'button':
      return {
        text: ownValue(element, 'text'),
        ...(Object.hasOwn(element, 'value') && { value: ownValue(element, 'value') }),
      };
    case 'overflow':
    case 'static_select':
    case 'radio_buttons':
      return {
        selected_option: optionsOf(element).find((option) => valueOf(option) === first) ?? null,
      };
    case 'multi_static_select':
    case 'checkboxes':
      return {
        selected_options: optionsOf(element).filter((option) => chosen.includes(valueOf(option))),
      };
    case 'users_select':
      return { selected_user: textOrNull(first) };
    case 'multi_users_select':
      return { selected_users: chosen };
    case 'datepicker':
      return { selected_date: textOrNull(first) };
    case 'timepicker':
      return { selected_time: textOrNull(first) };
    default:
      return { value: textOrNull(first) };
  }
}

const textOrNull = (text: string): string | null => (text === '' ? null : text);

/** The options of a menu, those of its groups included. */
export function optionsOf(element: JsonObject): readonly JsonObject[] {
  const groups = objectsIn(element, 'option_groups');
  return [
    ...objectsIn(element, 'options'),
    ...groups.flatMap((group) => objectsIn(group, 'options')),
  ];
}

export const valueOf = (option: JsonObject): string => {
  const value = ownValue(option, 'value');
  return typeof value === 'string' ? value : '';
};

/** The objects of a list, none when it is no list. */
export function objectsIn(object: JsonObject, name: string): readonly JsonObject[] {
  const list = ownValue(object, name);
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}
