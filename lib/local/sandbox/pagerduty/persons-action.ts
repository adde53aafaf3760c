import { ownValue, type JsonObject } from '../../shared/json.ts';
import { PRIORITIES, type Directory, type DirectoryPerson } from './directory.ts';
import type { IncidentWish } from './account.ts';
import type { Change } from './fact.ts';
import { DEFAULT_POLICY, type SandboxIncident } from './incident.ts';
import { escalationTo } from './rest-update.ts';

/** What somebody clicked. `fields` is the body of the request. */
export interface PersonsClick {
  readonly fields: JsonObject;
  readonly incident: SandboxIncident;
  readonly directory: Directory;
  readonly newNoteId: () => string;
}

type Read =
  { readonly changes: readonly Change[]; readonly by: string } | { readonly error: string };

type ReadChange = (click: PersonsClick) => Change | string;

const ACTIONS: ReadonlyMap<string, ReadChange> = new Map<string, ReadChange>([
  ['acknowledge', () => ({ type: 'acknowledged' })],
  ['unacknowledge', () => ({ type: 'unacknowledged' })],
  ['resolve', () => ({ type: 'resolved' })],
  ['reopen', () => ({ type: 'reopened' })],
  ['reassign', readReassignment],
  ['delegate', readDelegation],
  ['escalate', ({ incident, directory }) => escalationTo(incident.level + 1, directory)],
  ['annotate', readNote],
  ['priority', readPriority],
]);

/**
 * The changes behind a click: `by` is a person's e-mail address, name or id (the one on call when
 * left out), and a `note` is written beside any action.
 */
export function readPersonsAction(action: string, click: PersonsClick): Read {
  const read = ACTIONS.get(action);
  if (read === undefined) {
    return { error: `'${action}' is no action; use ${[...ACTIONS.keys()].join(', ')}.` };
  }
  const by = personIn(click, 'by') ?? click.directory.onCall;
  if (typeof by === 'string') return { error: by };
  const changes = [read(click), ...besides(action, click)];
  const error = changes.find((change) => typeof change === 'string');
  if (error !== undefined) return { error };
  return { by: by.id, changes: changes.filter((change) => typeof change !== 'string') };
}

/** The incident that somebody makes by hand: in the first service, by whoever is on call. */
export function readCreation(
  fields: JsonObject,
  directory: Directory,
): { readonly wish: IncidentWish } | { readonly error: string } {
  const title = ownValue(fields, 'title');
  if (typeof title !== 'string' || title === '') return { error: "'title' must be a text." };
  const by = personIn({ fields, directory }, 'by') ?? directory.onCall;
  if (typeof by === 'string') return { error: by };
  const names = directory.services.map(({ name }) => name);
  const service = ownValue(fields, 'service') ?? names[0];
  if (typeof service !== 'string' || !names.includes(service)) {
    return { error: `'service' must be one of ${names.join(', ')}.` };
  }
  return { wish: { by: by.id, service, title, ...weightOf(fields) } };
}

/** How grave an incident is made; high when nothing is said. */
export const weightOf = (fields: JsonObject): Pick<IncidentWish, 'urgency' | 'priority'> => ({
  urgency: ownValue(fields, 'urgency') === 'low' ? 'low' : 'high',
  priority: PRIORITIES.find((name) => name === ownValue(fields, 'priority')) ?? null,
});

/** The note that comes with another action. */
function besides(action: string, click: PersonsClick): readonly (Change | string)[] {
  const hasNote = ownValue(click.fields, 'note') !== undefined;
  return hasNote && action !== 'annotate' ? [readNote(click)] : [];
}

/** The person that a field names, an error for an unknown one, `undefined` when it is left out. */
function personIn(
  { fields, directory }: Pick<PersonsClick, 'fields' | 'directory'>,
  name: string,
): DirectoryPerson | string | undefined {
  const value = ownValue(fields, name);
  if (value === undefined) return undefined;
  const person = typeof value === 'string' ? directory.findPerson(value) : undefined;
  const known = directory.people.map(({ email }) => email).join(', ');
  return person ?? `'${name}' is ${JSON.stringify(value)}, but must be one of ${known}.`;
}

function readReassignment(click: PersonsClick): Change | string {
  const to = personIn(click, 'to') ?? "'to' is missing: the person to reassign the incident to.";
  return typeof to === 'string' ? to : { type: 'reassigned', to: [to.id] };
}

function readDelegation(click: PersonsClick): Change | string {
  const to = personIn(click, 'to') ?? click.directory.onCall;
  if (typeof to === 'string') return to;
  const policy = ownValue(click.fields, 'policy') ?? DEFAULT_POLICY;
  if (typeof policy !== 'string') return "'policy' must be the name of an escalation policy.";
  return { type: 'delegated', policy, to: [to.id] };
}

function readNote({ fields, newNoteId }: PersonsClick): Change | string {
  const content = ownValue(fields, 'note');
  if (typeof content !== 'string' || content === '') return "'note' must be a text.";
  return { type: 'annotated', noteId: newNoteId(), content };
}

function readPriority({ fields }: PersonsClick): Change | string {
  const value = ownValue(fields, 'priority');
  if (value === null) return { type: 'priority_updated', priority: null };
  const priority = PRIORITIES.find((name) => name === value);
  if (priority === undefined) return `'priority' must be one of ${PRIORITIES.join(', ')}, or null.`;
  return { type: 'priority_updated', priority };
}
