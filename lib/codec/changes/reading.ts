import type { Unreadable } from '../../domain/alert/alert.ts';
import type { ToldChanges } from '../../domain/runbook/told-change.ts';
import type { Json, JsonObject } from '../../domain/shared/json.ts';
import type { Result } from '../../domain/shared/result.ts';
import { cutIdentity, cutText, showJson } from '../cut.ts';
import { textOf } from '../fields.ts';
import { intakeLimits } from '../limits.ts';
import { webLink } from '../web-link.ts';

export type ReadChanges = Result<ToldChanges, Unreadable>;

/** Of one message; the rest of a larger push is in its own repository. */
export const maxChanges = 50;

/** Of one change: its image, its commit and what else it is called. */
const maxVersions = 20;

const titleCodePoints = 200;
const nameCodePoints = 256;

/** A commit by the digits that people compare. */
export const shortSha = (sha: string): string => sha.slice(0, 8);

/** One line of text for people. */
export const titleOf = (text: string): string =>
  cutText((text.split(/\r?\n/, 1)[0] ?? '').trim(), titleCodePoints);

/** The title that both Git hosts' deployments get. */
export const deploymentTitle = (of: {
  readonly subject: string;
  readonly sha: string;
  readonly environment: string | null;
}): string => {
  const where = of.environment === null ? '' : ` to ${of.environment}`;
  return titleOf(`Deployment of ${of.subject} ${shortSha(of.sha)}${where}`);
};

export const nameOf = (text: string): string => cutText(text.trim(), nameCodePoints);

export const idOf = (text: string): string => cutIdentity(text, nameCodePoints);

export const linkOf = (record: JsonObject, name: string): string | null =>
  webLink(textOf(record, name), intakeLimits.linkCodePoints) ?? null;

/** A text, or null where it is empty. */
export const textOrNull = (record: JsonObject, name: string): string | null => {
  const text = nameOf(textOf(record, name));
  return text === '' ? null : text;
};

/** Different names that are not empty, in order. */
export const namesOf = (texts: readonly (Json | undefined)[]): readonly string[] =>
  [...new Set(texts.flatMap((text) => (typeof text === 'string' ? [nameOf(text)] : [])))]
    .filter((text) => text !== '')
    .slice(0, maxVersions);

/** A tag that names a version; a branch names none, since it moves. */
export const versionOf = (ref: string): string => (/^v?\d+(\.\d+)+/.test(ref) ? ref : '');

/** `Ada Lovelace <ada@example.com>` as both names; the address is the better one. */
export function authorNames(text: string): readonly string[] {
  const match = /^(.*?)\s*<([^<>\s]+)>$/.exec(text.trim());
  return namesOf(match === null ? [text] : [match[2], match[1]]);
}

/** No change, and why: kept, answered, and not wrong. */
export const nothing = (reason: string): ReadChanges => ({
  ok: true,
  value: { kind: 'nothing', reason },
});

export const wrong = (reason: string): ReadChanges => ({
  ok: false,
  error: { kind: 'unreadable', reason },
});

/** The sentence about a member that is not what it must be. */
export const mustBe = (name: string, came: unknown, what: string): string =>
  `\`${name}\` is ${showJson(came)}; ${what} is expected.`;
