import { createHash, timingSafeEqual } from 'node:crypto';
import { readBearer } from '../../codec/credentials.ts';
import type { Authorize } from '../runtime/http/api-server.ts';
import { isJsonObject, ownValue, parseJson } from '../shared/json.ts';

/**
 * Stands for IAM on one machine: a request is a person's when it carries the person's token as
 * bearer. `consoleSecret` is read at every request, so a token that was taken out of the file counts
 * no more. The offer is compared with every token, by digest and in constant time.
 */
export function authorizePeople(consoleSecret: () => string | undefined): Authorize {
  return ({ headers }) => {
    const offered = readBearer(headers.authorization ?? '');
    if (offered === null) return { kind: 'refused', statusCode: 401, message: NO_TOKEN };
    const digest = sha256(offered.token);
    const [person] = peopleOf(consoleSecret())
      .map(([name, token]) => ({ name, isTheirs: timingSafeEqual(digest, sha256(token)) }))
      .filter(({ isTheirs }) => isTheirs);
    return person === undefined
      ? { kind: 'refused', statusCode: 403, message: WRONG_TOKEN }
      : { kind: 'person', principalName: person.name };
  };
}

const NO_TOKEN =
  'This needs the token of a named person (Authorization: Bearer ...). `npx tocsin` sends yours; ' +
  'it is in connection.json of the data directory.';
const WRONG_TOKEN = 'The token is nobody’s. Yours is in connection.json of the data directory.';

function peopleOf(secret: string | undefined): readonly (readonly [string, string])[] {
  const value = parseJson(secret ?? '');
  const people = isJsonObject(value) ? ownValue(value, 'people') : undefined;
  return Object.entries(isJsonObject(people) ? people : {}).flatMap(([name, token]) =>
    typeof token === 'string' && token !== '' ? [[name, token] as const] : [],
  );
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();
