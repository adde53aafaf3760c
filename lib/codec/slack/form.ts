import type { ChatView } from '../../domain/announce/message.ts';
import type { Incident } from '../../domain/incident/state.ts';
import { formFields, type Choice, type Form, type FormName } from '../../domain/verbs/form.ts';
import { cutUnits, plainObject, type OptionObject } from './blocks.ts';
import { headline } from './headline.ts';
import { slackLimits } from './limits.ts';
import { partBlocks } from './parts.ts';
import { formMetadata, ownId } from './target.ts';
import { viewOf, type ChoiceInput, type TextInput, type ViewBlock } from './view.ts';

/** How a form and its fields are called. */
interface Wording {
  readonly title: string;
  readonly submit: string;
  readonly fields: Readonly<Record<string, FieldWording>>;
}

interface FieldWording {
  readonly label: string;
  readonly hint?: string;
  readonly isOptional?: true;
  /** One line instead of several. */
  readonly isShort?: true;
}

const wordings = {
  declare: {
    title: 'Declare an incident',
    submit: 'Declare and page',
    fields: {
      title: { label: 'What is wrong?', hint: 'One line; the page says it.', isShort: true },
      severity: { label: 'Severity' },
      service: { label: 'Service', isOptional: true },
      summary: { label: 'What do you see?', isOptional: true },
    },
  },
  note: {
    title: 'Add to the timeline',
    submit: 'Add',
    fields: { incident: { label: 'Incident' }, text: { label: 'Note' } },
  },
  update: {
    title: 'Update stakeholders',
    submit: 'Publish',
    fields: {
      issue: { label: 'Issue', hint: 'What is wrong, in words for everybody.' },
      impact: { label: 'Impact', isOptional: true },
      actions: { label: 'Actions', isOptional: true },
      estimate: { label: 'Estimate', isOptional: true, isShort: true },
      next: { label: 'Next update', isOptional: true },
    },
  },
  severity: {
    title: 'Change severity',
    submit: 'Change',
    fields: { severity: { label: 'Severity' }, reason: { label: 'Why?', isOptional: true } },
  },
  role: {
    title: 'Assign a role',
    submit: 'Assign',
    fields: { role: { label: 'Role' }, person: { label: 'Person' } },
  },
  page: {
    title: 'Page somebody',
    submit: 'Page',
    fields: { person: { label: 'Person' }, message: { label: 'Message', isOptional: true } },
  },
  action: {
    title: 'Act on a target',
    submit: 'Ask for a plan',
    fields: {
      action: { label: 'What, and to what?' },
      parameters: {
        label: 'How?',
        hint: 'To scale: 8, +2 or -1. To shift: green=90. To roll back: a revision, or nothing.',
        isOptional: true,
        isShort: true,
      },
      reason: { label: 'Why?', hint: 'Those who approve read it.', isOptional: true },
    },
  },
  plan: {
    title: 'The whole plan',
    submit: 'Answer',
    fields: {
      answer: { label: 'Shall it run?' },
      reason: { label: 'Why not?', hint: 'For a denial.', isOptional: true, isShort: true },
    },
  },
  steps: {
    title: 'Checklist',
    submit: 'It is done',
    fields: { step: { label: 'Which step is done?' } },
  },
} satisfies Record<FormName, Wording>;

/** A form as a window over Slack. What is asked is fixed by its name, what can be chosen is not. */
export function renderForm(form: Form): ChatView {
  const { name, incident, parts = [] } = form;
  const wording: Wording = wordings[name];
  return viewOf({
    callbackId: ownId(name),
    metadata: formMetadata(form),
    title: wording.title,
    submit: wording.submit,
    blocks: [
      ...(incident === null ? [] : [aboutBlock(incident)]),
      ...partBlocks(parts),
      ...formFields[name].flatMap((field) => inputBlock(form, field, wording.fields[field])),
    ],
  });
}

const aboutBlock = (incident: Incident): ViewBlock => ({
  type: 'context',
  elements: [plainObject(headline(incident), slackLimits.textLength)],
});

/** Nothing for a choice among nothing, which Slack would refuse. */
function inputBlock(form: Form, field: string, wording?: FieldWording): readonly ViewBlock[] {
  const choices = ownOf(form.choices, field);
  if (wording === undefined || choices?.length === 0) return [];
  const value = ownOf(form.values, field) ?? '';
  const element =
    choices === undefined
      ? textInput(value, wording.isShort !== true)
      : choiceInput(choices, value);
  return [{ type: 'input', block_id: field, ...saying(wording), element }];
}

const saying = ({ label, hint, isOptional }: FieldWording) => ({
  label: plainObject(label, slackLimits.labelLength),
  optional: isOptional === true,
  ...(hint === undefined ? {} : { hint: plainObject(hint, slackLimits.labelLength) }),
});

const ownOf = <Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

/** The only element of its block. */
const inputId = ownId('input');

const textInput = (value: string, isMultiline: boolean): TextInput => ({
  type: 'plain_text_input',
  action_id: inputId,
  multiline: isMultiline,
  max_length: slackLimits.inputLength,
  ...(value === '' ? {} : { initial_value: cutUnits(value, slackLimits.inputLength) }),
});

/** A few are all shown at once; many are in a menu. */
const mostShown = 4;

function choiceInput(choices: readonly Choice[], value: string): ChoiceInput {
  const options = choices.slice(0, slackLimits.optionsPerSelect).map(optionOf);
  const initial = options.find((option) => option.value === value);
  return {
    type: options.length <= mostShown ? 'radio_buttons' : 'static_select',
    action_id: inputId,
    options,
    ...(initial === undefined ? {} : { initial_option: initial }),
  };
}

const optionOf = ({ value, label }: Choice): OptionObject => ({
  value,
  text: plainObject(label, slackLimits.optionLength),
});
