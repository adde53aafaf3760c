import type { JsonObject } from '../../domain/shared/json.ts';
import { epochMs, type EpochMs } from '../../domain/shared/time.ts';
import type {
  SlackBlockAction,
  SlackMessageAction,
  SlackViewSubmission,
} from '../../domain/slack/request.ts';
import { formFields, type FormName } from '../../domain/verbs/form.ts';
import { isRecord, listOf, recordOf, textOf } from '../fields.ts';
import { actorOf, orNull, placeOf } from './actor.ts';
import { menuName, nameIn, readOccurredAt, readTarget } from './target.ts';
import { typedText } from './typed-text.ts';

/** A click: the first element of ours among those it names, or none. */
export function readBlockAction(payload: JsonObject): SlackBlockAction {
  const action = listOf(payload, 'actions')
    .filter(isRecord)
    .find((each) => nameIn(textOf(each, 'action_id')) !== '');
  return {
    kind: 'block_action',
    actor: actorOf(payload),
    place: placeOf(payload),
    ...(action === undefined ? { verb: '', target: null } : clicked(action)),
    triggerId: textOf(payload, 'trigger_id'),
  };
}

function clicked(action: JsonObject): Pick<SlackBlockAction, 'verb' | 'target'> {
  // Of several elements in one block that stand for one verb, each has a number behind its name.
  const [name = ''] = nameIn(textOf(action, 'action_id')).split(':');
  if (name !== menuName) return { verb: name, target: readTarget(textOf(action, 'value')) };
  return {
    verb: textOf(recordOf(action, 'selected_option'), 'value'),
    target: readTarget(nameIn(textOf(action, 'block_id'))),
  };
}

/** A form that was sent: only the fields that a form of this name has. */
export function readSubmission(payload: JsonObject): SlackViewSubmission {
  const view = recordOf(payload, 'view');
  const form = nameIn(textOf(view, 'callback_id'));
  const metadata = textOf(view, 'private_metadata');
  const values = recordOf(recordOf(view, 'state'), 'values');
  return {
    kind: 'view_submission',
    actor: actorOf(payload),
    form,
    target: readTarget(metadata),
    occurredAtMs: readOccurredAt(metadata),
    fields: Object.fromEntries(
      namesOf(form).map((name) => [name, filledIn(recordOf(values, name))] as const),
    ),
  };
}

const namesOf = (form: string): readonly string[] =>
  Object.hasOwn(formFields, form) ? formFields[form as FormName] : [];

/** What was typed or chosen in an input block; it has one element, whatever its id. */
function filledIn(block: JsonObject): string {
  const [element] = Object.values(block).filter(isRecord);
  if (element === undefined) return '';
  const chosen = textOf(recordOf(element, 'selected_option'), 'value');
  return chosen === '' ? typedInput(textOf(element, 'value')) : chosen;
}

/** Inputs hold what was typed as it is, without entities. */
const typedInput = (text: string): string => text.trim();

/** A shortcut on a message; null without the message. */
export function readMessageAction(payload: JsonObject): SlackMessageAction | null {
  const message = recordOf(payload, 'message');
  const sentAtMs = instantOf(textOf(message, 'ts'));
  if (sentAtMs === null) return null;
  const place = placeOf(payload);
  return {
    kind: 'message_action',
    actor: actorOf(payload),
    place: place === null ? null : { ...place, threadTs: place.threadTs ?? textOf(message, 'ts') },
    callbackId: textOf(payload, 'callback_id'),
    triggerId: textOf(payload, 'trigger_id'),
    message: {
      text: typedText(textOf(message, 'text')),
      sentAtMs,
      userId: orNull(textOf(message, 'user')),
    },
  };
}

/** The name of a message is its time: seconds, a dot, and digits that make it unique. */
function instantOf(ts: string): EpochMs | null {
  const [, seconds, fraction = ''] = /^(\d{1,11})\.(\d{3})\d*$/.exec(ts) ?? [];
  return seconds === undefined ? null : epochMs(Number(seconds) * 1000 + Number(fraction));
}
