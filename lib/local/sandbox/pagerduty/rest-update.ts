import { isJsonObject, ownValue, type JsonObject } from '../../shared/json.ts';
import { changesToStatus } from './decide.ts';
import { PRIORITIES, type Directory } from './directory.ts';
import type { Change, IncidentStatus, Urgency } from './fact.ts';
import type { SandboxIncident } from './incident.ts';
import { stableId } from './sandbox-ids.ts';

type Read = { readonly changes: readonly Change[] } | { readonly errors: readonly string[] };

const STATUSES: readonly IncidentStatus[] = ['triggered', 'acknowledged', 'resolved'];
const URGENCIES: readonly Urgency[] = ['high', 'low'];
const TYPES = ['incident', 'incident_reference'];

/**
 * The changes that the body of `PUT /incidents/{id}` asks for, in the order in which they are made:
 * what the incident is called first, whom it is with next, its status last.
 */
export function readUpdate(body: unknown, incident: SandboxIncident, directory: Directory): Read {
  const wanted = isJsonObject(body) ? ownValue(body, 'incident') : undefined;
  if (!isJsonObject(wanted)) return { errors: ['Incident is missing.'] };
  if (!TYPES.includes(String(ownValue(wanted, 'type')))) {
    return { errors: ["Type must be 'incident' or 'incident_reference'."] };
  }
  const parts = [
    readTitle(wanted),
    readUrgency(wanted),
    readPriority(wanted),
    readLevel(wanted, directory),
    readAssignments(wanted, directory),
    readStatus(wanted, incident),
  ];
  const errors = parts.flatMap((part) => ('errors' in part ? part.errors : []));
  if (errors.length > 0) return { errors };
  return { changes: parts.flatMap((part) => ('changes' in part ? part.changes : [])) };
}

const NOTHING: Read = { changes: [] };

function readTitle(wanted: JsonObject): Read {
  const title = ownValue(wanted, 'title');
  if (title === undefined) return NOTHING;
  if (typeof title !== 'string' || title === '') return { errors: ['Title cannot be blank.'] };
  return { changes: [{ type: 'edited', title }] };
}

function readUrgency(wanted: JsonObject): Read {
  const value = ownValue(wanted, 'urgency');
  if (value === undefined) return NOTHING;
  const urgency = URGENCIES.find((known) => known === value);
  if (urgency === undefined) return { errors: ["Urgency must be 'high' or 'low'."] };
  return { changes: [{ type: 'edited', urgency }] };
}

/** A priority comes as its name or as a reference; null takes it away. */
function readPriority(wanted: JsonObject): Read {
  const value = ownValue(wanted, 'priority');
  if (value === undefined) return NOTHING;
  if (value === null) return { changes: [{ type: 'priority_updated', priority: null }] };
  const id = isJsonObject(value) ? ownValue(value, 'id') : undefined;
  const priority = PRIORITIES.find(
    (name) => name === value || stableId('P', `priority ${name}`) === id,
  );
  if (priority === undefined) return { errors: ['Priority is not one of this account.'] };
  return { changes: [{ type: 'priority_updated', priority }] };
}

function readLevel(wanted: JsonObject, directory: Directory): Read {
  const level = ownValue(wanted, 'escalation_level');
  if (level === undefined) return NOTHING;
  if (!Number.isSafeInteger(level) || Number(level) < 1) {
    return { errors: ['Escalation level must be a number from 1.'] };
  }
  return { changes: [escalationTo(Number(level), directory)] };
}

/** Level n of every policy is the n-th person, and the last person from there on. */
export function escalationTo(level: number, { people, onCall }: Directory): Change {
  const person = people[Math.min(level, people.length) - 1] ?? onCall;
  return { type: 'escalated', level, to: [person.id] };
}

function readAssignments(wanted: JsonObject, directory: Directory): Read {
  const assignments = ownValue(wanted, 'assignments');
  if (assignments === undefined) return NOTHING;
  if (!Array.isArray(assignments) || assignments.length === 0) {
    return { errors: ['Assignments must be a list with at least one assignee.'] };
  }
  const to = assignments.map((assignment) => assigneeOf(assignment, directory));
  return to.includes(undefined)
    ? { errors: ['Assignee not found.'] }
    : { changes: [{ type: 'reassigned', to: to.filter((id) => id !== undefined) }] };
}

function assigneeOf(assignment: unknown, directory: Directory): string | undefined {
  const assignee = isJsonObject(assignment) ? ownValue(assignment, 'assignee') : undefined;
  const id = isJsonObject(assignee) ? ownValue(assignee, 'id') : undefined;
  return typeof id === 'string' ? directory.findPerson(id)?.id : undefined;
}

function readStatus(wanted: JsonObject, incident: SandboxIncident): Read {
  const value = ownValue(wanted, 'status');
  if (value === undefined) return NOTHING;
  const status = STATUSES.find((known) => known === value);
  if (status === undefined) return { errors: ['Status is not one of an incident.'] };
  return { changes: changesToStatus(incident, status) };
}
