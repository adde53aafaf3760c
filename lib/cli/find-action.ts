import { textOf } from '../codec/fields.ts';
import type { JsonObject } from '../domain/shared/json.ts';
import type { Api } from './api.ts';
import { readAnswer, recordsOf } from './answer.ts';
import { EXIT } from './exit-codes.ts';
import { Failure } from './failure.ts';

const wholeId = /^a[0-9a-f]{15}$/;

/** The action that an id means; the beginning of one is enough while it names only one. */
export async function findActionId(api: Api, given: string): Promise<string> {
  const wanted = given.trim().toLowerCase();
  if (wanted === '') {
    throw new Failure(EXIT.usage, 'The id is empty. `npx tocsin actions` lists them.');
  }
  if (wholeId.test(wanted)) return wanted;
  const ids = (await listActions(api, ['open', 'ended']))
    .map((action) => textOf(action, 'id'))
    .filter((id) => id.startsWith(wanted));
  const [only, ...others] = [...new Set(ids)];
  if (only === undefined) {
    throw new Failure(
      EXIT.notFound,
      `No action has an id that begins with ${JSON.stringify(given)} among the newest 100 open and ` +
        '100 ended ones. `npx tocsin actions --all` lists them.',
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

/** The newest 100 actions of each of these lists. */
export async function listActions(
  api: Api,
  statuses: readonly ('open' | 'ended')[],
): Promise<readonly JsonObject[]> {
  const lists = await Promise.all(
    statuses.map((status) =>
      api({ method: 'GET', path: '/v1/actions', query: { status, limit: '100' } }),
    ),
  );
  return lists.flatMap((text) => recordsOf(readAnswer(text), 'actions'));
}

export const actionPathOf = (id: string): string => `/v1/actions/${encodeURIComponent(id)}`;
