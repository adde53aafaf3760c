import type { Incident } from '../../domain/incident/state.ts';
import type { Json } from '../../domain/shared/json.ts';
import { epochMs, type EpochMs } from '../../domain/shared/time.ts';
import type { Form } from '../../domain/verbs/form.ts';
import { stampOf, type DrawnTarget } from '../../domain/verbs/stamp.ts';
import { isRecord, numberOf, textOf } from '../fields.ts';

/** In front of all ids that are ours. */
const mark = 'tocsin:';

/** The `action_id` of a button, or the `callback_id` of a form. */
export const ownId = (name: string): string => `${mark}${name}`;

/** The name in an id of ours; empty for any other. */
export const nameIn = (id: string): string => (id.startsWith(mark) ? id.slice(mark.length) : '');

/** The menu beside the buttons: its entries name the verbs. */
export const menuName = 'more';

/** What a button carries, as the text of its value. */
export const buttonValue = (incident: Incident, args = ''): string =>
  JSON.stringify({ ...drawn(incident), ...argsIn(args) });

/** What an action's button does is bound to the plan that stands beside it. */
const argsIn = (args: string): Readonly<Record<string, string>> => (args === '' ? {} : { a: args });

/** A menu's entries hold too little for it: the block around them carries it instead. */
export const blockIdOf = (incident: Incident): string => ownId(buttonValue(incident));

/** What a form carries: at most a few hundred of the 3,000 characters that there are. */
export const formMetadata = ({ incident, occurredAtMs, args = '' }: Form): string =>
  JSON.stringify({
    ...(incident === null ? {} : drawn(incident)),
    ...(occurredAtMs === null ? {} : { o: occurredAtMs }),
    ...argsIn(args),
  });

const drawn = (incident: Incident) => ({
  t: incident.tenant,
  i: incident.id,
  s: stampOf(incident),
});

/** The target in the text of a button, block or form; null for a text of anybody else. */
export function readTarget(text: string): DrawnTarget | null {
  const value = parse(text);
  if (!isRecord(value)) return null;
  const target = {
    tenant: textOf(value, 't'),
    incidentId: textOf(value, 'i'),
    stamp: textOf(value, 's'),
  };
  return Object.values(target).includes('') ? null : { ...target, args: textOf(value, 'a') };
}

/** When what a form is about happened, if it says so. */
export function readOccurredAt(text: string): EpochMs | null {
  const value = parse(text);
  const atMs = isRecord(value) ? numberOf(value, 'o') : null;
  return atMs === null ? null : epochMs(atMs);
}

function parse(text: string): Json {
  try {
    // JSON.parse gives exactly the values that Json describes.
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}
