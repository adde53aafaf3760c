import { randomBytes } from 'node:crypto';
import { isJsonObject, ownValue, type JsonObject } from '../shared/json.ts';

/**
 * The text at the path, else a new key: 32 hexadecimal digits, as PagerDuty's and Slack's are, after
 * what such a key begins with.
 */
export function keptText(kept: JsonObject, path: readonly string[], prefix = ''): string {
  const found = path.reduce<unknown>((value, key) => {
    if (Array.isArray(value)) return value[Number(key)] as unknown;
    return isJsonObject(value) ? ownValue(value, key) : undefined;
  }, kept);
  return typeof found === 'string' && found !== ''
    ? found
    : prefix + randomBytes(16).toString('hex');
}
