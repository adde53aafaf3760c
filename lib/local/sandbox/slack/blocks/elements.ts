import {
  address,
  anyOf,
  both,
  byType,
  flag,
  list,
  oneOf,
  record,
  text,
  whole,
  type Check,
} from './check.ts';

/**
 * Limits of https://docs.slack.dev/reference/block-kit. The elements that an incident responder has
 * a use for; every other one is refused as unsupported.
 */
export const plain = (max: number): Check =>
  byType({ plain_text: record({ text: text(max) }, { emoji: flag }) });

export const anyText = (max: number): Check =>
  byType({
    plain_text: record({ text: text(max) }, { emoji: flag }),
    mrkdwn: record({ text: text(max) }, { verbatim: flag }),
  });

const actionId = text(255);

const confirm = record(
  { title: plain(100), text: anyText(300), confirm: plain(30), deny: plain(30) },
  { style: oneOf('primary', 'danger') },
);

const option = record(
  { text: plain(75), value: text(150) },
  { description: plain(75), url: address(3000) },
);
const options = list(option, { max: 100 });
const optionGroups = list(record({ label: plain(75), options }), { max: 100 });
const fewOption = record({ text: anyText(75), value: text(150) }, { description: anyText(75) });
const fewOptions = list(fewOption, { max: 10 });

const menu = (initial: string, check: Check): Readonly<Record<string, Check>> => ({
  action_id: actionId,
  confirm,
  placeholder: plain(150),
  focus_on_load: flag,
  [initial]: check,
});

const select = both(
  record({}, { ...menu('initial_option', option), options, option_groups: optionGroups }),
  anyOf('options', 'option_groups'),
);
const multiSelect = both(
  record(
    {},
    {
      ...menu('initial_options', options),
      options,
      option_groups: optionGroups,
      max_selected_items: whole(1, 100),
    },
  ),
  anyOf('options', 'option_groups'),
);

export const image = record({ image_url: address(3000), alt_text: text(2000) });

/** What can be chosen, in a message as in a form. */
const choices = {
  static_select: select,
  multi_static_select: multiSelect,
  users_select: record({}, menu('initial_user', text(20))),
  multi_users_select: record({}, menu('initial_users', list(text(20), { max: 100 }))),
  datepicker: record({}, menu('initial_date', text(10, 10))),
  timepicker: record({}, menu('initial_time', text(5, 5))),
  checkboxes: record({ options: fewOptions }, menu('initial_options', fewOptions)),
  radio_buttons: record({ options: fewOptions }, menu('initial_option', fewOption)),
};

const buttons = {
  button: record(
    { text: plain(75) },
    {
      action_id: actionId,
      value: text(2000, 0),
      url: address(3000),
      style: oneOf('primary', 'danger'),
      confirm,
      accessibility_label: text(75),
    },
  ),
  overflow: record({ options: list(option, { max: 5 }) }, { action_id: actionId, confirm }),
};

const typed = (more: Readonly<Record<string, Check>> = {}): Check =>
  record(
    {},
    {
      action_id: actionId,
      initial_value: text(3000, 0),
      placeholder: plain(150),
      focus_on_load: flag,
      ...more,
    },
  );

const number = text(20);

export const actionElement = byType({ ...buttons, ...choices });
export const accessory = byType({ ...buttons, ...choices, image });
export const inputElement = byType({
  ...choices,
  plain_text_input: typed({
    multiline: flag,
    min_length: whole(0, 3000),
    max_length: whole(1, 3000),
  }),
  url_text_input: typed(),
  email_text_input: typed(),
  number_input: typed({ is_decimal_allowed: flag, min_value: number, max_value: number }),
});
