import { createHash, randomBytes } from 'node:crypto';
import { readTextIfPresent, writeFileAtomically } from '../shared/files.ts';
import { isJsonObject, ownValue, parseJson, type JsonObject } from '../shared/json.ts';

/** One version of a secret's value. */
export interface SecretVersion {
  readonly versionId: string;
  readonly secretString: string;
}

/** The values of one secret: in use, and the one before, still accepted during a rotation. */
export interface StoredSecret {
  readonly current: SecretVersion;
  readonly previous: SecretVersion | undefined;
}

/** How a first value is made when nobody gives one. */
export interface GenerationRule {
  readonly length: number;
  readonly template: string | undefined;
  readonly key: string | undefined;
}

/** The secrets of this machine, in one file. */
export interface SecretStore {
  readonly get: (name: string) => StoredSecret | undefined;
  /** Makes the value current and the one before previous; the same value again changes nothing. */
  readonly put: (name: string, secretString: string) => SecretVersion;
}

/**
 * Keeps secrets in a JSON file of mode 0600: `{ "<name>": { "current": ..., "previous": ... } }`, where
 * a value is a text or, easier for a person to edit, a JSON object. The file is read at every call, so
 * an edit counts as soon as the functions' own caches let go.
 */
export function createSecretStore(path: string): SecretStore {
  const read = (): JsonObject => {
    const text = readTextIfPresent(path);
    if (text === undefined) return {};
    const parsed = parseJson(text);
    if (isJsonObject(parsed)) return parsed;
    throw new Error(
      `${path} is no JSON object. Mend it, or move it away to start with new secrets.`,
    );
  };
  const get = (name: string): StoredSecret | undefined => {
    const entry = ownValue(read(), name);
    if (!isJsonObject(entry)) return undefined;
    const current = versionOf(name, entry['current']);
    return current === undefined
      ? undefined
      : { current, previous: versionOf(name, entry['previous']) };
  };
  return {
    get,
    put: (name, secretString) => {
      const before = get(name)?.current;
      const version = newVersion(name, secretString);
      if (before?.secretString === secretString) return before;
      const entry = {
        current: readable(secretString),
        ...(before === undefined ? {} : { previous: readable(before.secretString) }),
      };
      const all = Object.entries(read()).filter(([other]) => other !== name);
      const next = Object.fromEntries([...all, [name, entry]]);
      writeFileAtomically(path, `${JSON.stringify(next, undefined, 2)}\n`);
      return version;
    },
  };
}

/** A first value, as Secrets Manager makes it from `GenerateSecretString`. */
export function generateSecret({ length, template, key }: GenerationRule): string {
  const random = randomBytes(length).toString('base64url').slice(0, length);
  if (key === undefined) return random;
  const base = parseJson(template ?? '{}');
  return JSON.stringify({ ...(isJsonObject(base) ? base : {}), [key]: random });
}

function versionOf(name: string, value: unknown): SecretVersion | undefined {
  if (typeof value === 'string') return newVersion(name, value);
  return isJsonObject(value) ? newVersion(name, JSON.stringify(value)) : undefined;
}

/** The id follows from the value, so that it needs no place in the file. */
function newVersion(name: string, secretString: string): SecretVersion {
  const hash = createHash('sha256').update(`${name}\n${secretString}`).digest('hex');
  const versionId = [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `4${hash.slice(13, 16)}`,
    `a${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-');
  return { versionId, secretString };
}

/** An object where that gives back the very same text, else the text. */
function readable(secretString: string): unknown {
  const parsed = parseJson(secretString);
  return isJsonObject(parsed) && JSON.stringify(parsed) === secretString ? parsed : secretString;
}
