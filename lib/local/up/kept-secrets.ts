import { randomBytes } from 'node:crypto';
import type { Policy } from '../../domain/policy/policy.ts';
import type { SecretStore } from '../aws/secret-store.ts';
import type { SecretSpec } from '../runtime/template/model.ts';
import { isJsonObject, ownValue, parseJson, type JsonObject } from '../shared/json.ts';
import type { PagerDutyKeys } from './pagerduty-keys.ts';
import type { SlackKeys } from './slack-keys.ts';
import { StartProblem } from './start-problem.ts';
import type { TargetsHere } from './targets.ts';

/** The variables that functions know the secrets of the template by. */
export const CONSOLE_VARIABLE = 'TOCSIN_CONSOLE_SECRET';
const INTAKE_VARIABLE = 'TOCSIN_INTAKE_SECRET';
const PAGERDUTY_VARIABLE = 'TOCSIN_PAGERDUTY_SECRET';
const SLACK_VARIABLE = 'TOCSIN_SLACK_SECRET';
const TARGETS_VARIABLE = 'TOCSIN_TARGETS_SECRET';

export interface KeptSecretsRequest {
  readonly store: SecretStore;
  readonly secrets: readonly SecretSpec[];
  readonly policy: Policy;
  readonly person: string;
  readonly pagerDuty: PagerDutyKeys;
  readonly slack: SlackKeys;
  readonly targets: Pick<TargetsHere, 'addTo'>;
}

/** What the person at the keyboard needs to know of the secrets. */
export interface KeptSecrets {
  /** The first token of each source of the policy. */
  readonly sourceTokens: Readonly<Record<string, string>>;
  /** The token of the named person. */
  readonly personToken: string;
}

/**
 * Gives every secret of the template what it needs: tokens for the sources of the policy, the keys
 * of PagerDuty and Slack, the key that signs links, a token for the person. What is there stays, so
 * a token that was handed out, or edited in by hand, goes on working; only PagerDuty's and Slack's
 * follow the environment at every start.
 */
export function keepSecrets(request: KeptSecretsRequest): KeptSecrets {
  const { store, policy, person, pagerDuty, slack } = request;
  const update = (variable: string, next: (current: JsonObject) => JsonObject): JsonObject => {
    const name = nameOf(request.secrets, variable);
    const value = next(readSecret(store, name));
    store.put(name, JSON.stringify(value));
    return value;
  };
  const sources = policy.tenants.flatMap((tenant) =>
    [...tenant.sources, ...tenant.actions.changeSources].map(({ id }) => id),
  );
  const intake = update(INTAKE_VARIABLE, (current) => ({
    sources: { ...membersOf(current, 'sources'), ...newTokens(sources, current) },
  }));
  update(PAGERDUTY_VARIABLE, () => ({ ...pagerDuty }));
  update(SLACK_VARIABLE, () => ({ ...slack }));
  update(TARGETS_VARIABLE, (current) => request.targets.addTo(current, policy));
  const console = update(CONSOLE_VARIABLE, (current) => ({
    ...current,
    signingKey: textIn(current, 'signingKey') ?? newToken(),
    people: {
      ...membersOf(current, 'people'),
      [person]: textIn(membersOf(current, 'people'), person) ?? newToken(),
    },
  }));
  return {
    sourceTokens: Object.fromEntries(sources.map((id) => [id, tokensIn(intake, id)[0] ?? ''])),
    personToken: textIn(membersOf(console, 'people'), person) ?? '',
  };
}

/** 192 random bits in 32 letters that need no quoting in a shell, a URL or a header. */
export function newToken(): string {
  return randomBytes(24).toString('base64url').replaceAll('-', 'x').replaceAll('_', 'y');
}

function newTokens(sources: readonly string[], intake: JsonObject): JsonObject {
  const missing = sources.filter((id) => tokensIn(intake, id).length === 0);
  return Object.fromEntries(missing.map((id) => [id, [newToken()]]));
}

function tokensIn(intake: JsonObject, sourceId: string): readonly string[] {
  const tokens = ownValue(membersOf(intake, 'sources'), sourceId);
  return Array.isArray(tokens) ? tokens.filter((token) => typeof token === 'string') : [];
}

function readSecret(store: SecretStore, name: string): JsonObject {
  const text = store.get(name)?.current.secretString;
  if (text === undefined) return {};
  const value = parseJson(text);
  if (isJsonObject(value)) return value;
  throw new StartProblem(
    `The secret ${name} in secrets.json of the data directory is no JSON object. Mend it, or ` +
      'remove its entry to have a new one made.',
  );
}

function nameOf(secrets: readonly SecretSpec[], variable: string): string {
  const secret = secrets.find(({ variables }) => variables.includes(variable));
  if (secret !== undefined) return secret.name;
  throw new StartProblem(`No function of the template knows a secret as ${variable}.`);
}

function membersOf(object: JsonObject, key: string): JsonObject {
  const value = ownValue(object, key);
  return isJsonObject(value) ? value : {};
}

function textIn(object: JsonObject, key: string): string | undefined {
  const value = ownValue(object, key);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
