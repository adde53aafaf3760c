import { err, ok, type Result } from '../../domain/shared/result.ts';
import type {
  IntakeSecret,
  PagerDutySecret,
  SlackSecret,
  SlackWorkspaceSecret,
} from '../../ports/secrets.ts';
import { credentialProblem } from './credential-rules.ts';

/** What is wrong with a secret: where it is and what it must be, never what it holds. */
export interface ShapeProblem {
  /** Such as `sources.prometheus[0]`; empty for the whole. */
  readonly where: string;
  /** Completes "this ...". */
  readonly what: string;
}

export type Reading<Value> = Result<Value, ShapeProblem>;

/** One version of the console's secret: the port joins the keys of two. */
export interface ConsoleVersion {
  readonly signingKey: string;
  readonly people: Readonly<Record<string, string>>;
}

export type Members = Readonly<Record<string, unknown>>;

/** `{ "sources": { "<sourceId>": ["<token>", ...] } }` */
export function readIntake(json: unknown): Reading<IntakeSecret> {
  return inObject(json, '', (secret) => {
    const sources = eachMember(secret['sources'], 'sources', credentials);
    return sources.ok ? ok({ sources: sources.value }) : sources;
  });
}

/**
 * `{ "routingKeys": { "<name>": "<key>" }, "apiToken"?, "apiFrom"?, "webhookSecrets": { "<tenant>":
 * ["<secret>", ...] } }`. Keys and token are PagerDuty's, of its own lengths.
 */
export function readPagerDuty(json: unknown): Reading<PagerDutySecret> {
  return inObject(json, '', (secret) => {
    const routingKeys = eachMember(secret['routingKeys'], 'routingKeys', text);
    if (!routingKeys.ok) return routingKeys;
    const webhookSecrets = eachMember(secret['webhookSecrets'], 'webhookSecrets', credentials);
    if (!webhookSecrets.ok) return webhookSecrets;
    const apiToken = optionalText(secret['apiToken'], 'apiToken');
    if (!apiToken.ok) return apiToken;
    const apiFrom = optionalText(secret['apiFrom'], 'apiFrom');
    if (!apiFrom.ok) return apiFrom;
    return ok({
      routingKeys: routingKeys.value,
      webhookSecrets: webhookSecrets.value,
      apiToken: apiToken.value,
      apiFrom: apiFrom.value,
    });
  });
}

/** `{ "signingKey": "<key>", "people"?: { "<name>": "<token>" } }` */
export function readConsole(json: unknown): Reading<ConsoleVersion> {
  return inObject(json, '', (secret) => {
    const signingKey = credential(secret['signingKey'], 'signingKey');
    if (!signingKey.ok) return signingKey;
    const people = eachMember(secret['people'] ?? {}, 'people', credential);
    if (!people.ok) return people;
    return ok({ signingKey: signingKey.value, people: people.value });
  });
}

/** `{ "workspaces": { "<tenant>": { "signingSecrets": ["<secret>", ...], "botToken": "xoxb-..." } } }` */
export function readSlack(json: unknown): Reading<SlackSecret> {
  return inObject(json, '', (secret) => {
    const workspaces = eachMember(secret['workspaces'], 'workspaces', slackWorkspace);
    return workspaces.ok ? ok({ workspaces: workspaces.value }) : workspaces;
  });
}

function slackWorkspace(json: unknown, where: string): Reading<SlackWorkspaceSecret> {
  return inObject(json, where, (workspace) => {
    const signingSecrets = credentials(workspace['signingSecrets'], `${where}.signingSecrets`);
    if (!signingSecrets.ok) return signingSecrets;
    const botToken = text(workspace['botToken'], `${where}.botToken`);
    if (!botToken.ok) return botToken;
    return ok({ signingSecrets: signingSecrets.value, botToken: botToken.value });
  });
}

/** The members of what must be an object. */
export function inObject<Value>(
  json: unknown,
  where: string,
  read: (members: Members) => Reading<Value>,
): Reading<Value> {
  const isObject = typeof json === 'object' && json !== null && !Array.isArray(json);
  return isObject ? read({ ...json }) : err({ where, what: 'must be a JSON object' });
}

/** Every member of an object, read alike. */
export function eachMember<Value>(
  json: unknown,
  where: string,
  read: (value: unknown, where: string) => Reading<Value>,
): Reading<Readonly<Record<string, Value>>> {
  return inObject(json, where, (members) => {
    const values: [string, Value][] = [];
    for (const [name, member] of Object.entries(members)) {
      const value = read(member, `${where}.${name}`);
      if (!value.ok) return value;
      values.push([name, value.value]);
    }
    return ok(Object.fromEntries(values));
  });
}

/** Several that are valid at once. */
function credentials(json: unknown, where: string): Reading<readonly string[]> {
  if (!Array.isArray(json)) return err({ where, what: 'must be a list of texts, such as ["..."]' });
  const read: string[] = [];
  for (const [at, member] of json.entries()) {
    const one = credential(member, `${where}[${at}]`);
    if (!one.ok) return one;
    read.push(one.value);
  }
  return ok(read);
}

/** A text that admits whoever shows it. */
function credential(json: unknown, where: string): Reading<string> {
  const read = text(json, where);
  const problem = read.ok ? credentialProblem(read.value) : null;
  return problem === null ? read : err({ where, what: problem });
}

/** Absent and null mean that it is not configured. */
export function optionalText(json: unknown, where: string): Reading<string | null> {
  return json === undefined || json === null ? ok(null) : text(json, where);
}

/** A line break at the end comes from an editor, and makes a credential that nobody can send. */
export function text(json: unknown, where: string): Reading<string> {
  if (typeof json !== 'string') return err({ where, what: 'must be a text' });
  if (json === '') return err({ where, what: 'is empty' });
  const isTrimmed = json === json.trim();
  return isTrimmed ? ok(json) : err({ where, what: 'begins or ends with a blank or a line break' });
}
