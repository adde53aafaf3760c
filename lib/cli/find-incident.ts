import { textOf } from '../codec/fields.ts';
import type { Api } from './api.ts';
import { readAnswer, recordsOf } from './answer.ts';
import { EXIT } from './exit-codes.ts';
import { Failure } from './failure.ts';

const wholeId = /^[0-9a-z]{5}-[0-9a-z]{7}$/;

/** The incident that an id means; the beginning of one is enough while it names only one. */
export async function findIncidentId(api: Api, given: string): Promise<string> {
  const wanted = given.trim().toLowerCase();
  if (wanted === '') {
    throw new Failure(EXIT.usage, 'The id is empty. `npx tocsin incidents` lists them.');
  }
  if (wholeId.test(wanted)) return wanted;
  const lists = await Promise.all(
    ['open', 'closed'].map((status) =>
      api({ method: 'GET', path: '/v1/incidents', query: { status, limit: '100' } }),
    ),
  );
  const ids = lists
    .flatMap((text) => recordsOf(readAnswer(text), 'incidents'))
    .map((incident) => textOf(incident, 'id'))
    .filter((id) => id.startsWith(wanted));
  const [only, ...others] = [...new Set(ids)];
  if (only === undefined) {
    throw new Failure(
      EXIT.notFound,
      `No incident has an id that begins with ${JSON.stringify(given)} among the newest 100 open and ` +
        '100 closed ones. `npx tocsin incidents` lists them.',
    );
  }
  if (others.length > 0) {
    const list = [only, ...others].slice(0, 5).join(', ');
    throw new Failure(
      EXIT.usage,
      `${JSON.stringify(given)} can mean ${list}. Give more of the id.`,
    );
  }
  return only;
}

export const pathOf = (id: string): string => `/v1/incidents/${encodeURIComponent(id)}`;
