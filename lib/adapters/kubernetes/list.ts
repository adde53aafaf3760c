import { isRecord, listOf, member, recordOf, textOf } from '../../codec/fields.ts';
import type { KubeRef } from '../../domain/action/plan.ts';
import type { JsonObject } from '../../domain/shared/json.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { ClusterFailure, ClusterResult } from '../../ports/cluster.ts';
import { refusal } from './failures.ts';
import { maxListBytes, maxPages, pageSize } from './limits.ts';
import { listPath } from './paths.ts';
import { ask, type TransportDeps } from './transport.ts';

/** All pages of a list; from the beginning once more when the server forgot where we were. */
export async function listAll(
  deps: TransportDeps,
  of: Omit<KubeRef, 'name'>,
  selector: string,
): ClusterResult<readonly JsonObject[]> {
  const path = listPath(of);
  if (!path.ok) return path;
  const list = { path: path.value, selector, doing: `list ${of.kind}s in ${of.namespace}` };
  const first = await pages(deps, list);
  return first.ok || first.error.status !== 410 ? first : pages(deps, list);
}

interface Listing {
  readonly path: string;
  readonly selector: string;
  readonly doing: string;
}

async function pages(deps: TransportDeps, list: Listing): ClusterResult<readonly JsonObject[]> {
  const found: JsonObject[] = [];
  let next = '';
  for (let page = 0; page < maxPages; page += 1) {
    const got = await ask(deps, {
      doing: list.doing,
      method: 'GET',
      path: list.path,
      query: {
        limit: String(pageSize),
        ...(list.selector === '' ? {} : { labelSelector: list.selector }),
        ...(next === '' ? {} : { continue: next }),
      },
      body: null,
      isWrite: false,
      maxBytes: maxListBytes,
    });
    if (!got.ok) return got;
    const items = itemsOf(got.value);
    if (items === null) return err(failure(deps, list, 'its answer is no list'));
    found.push(...items);
    next = textOf(recordOf(got.value, 'metadata'), 'continue');
    if (next === '') return ok(found);
  }
  return err({
    ...failure(deps, list, `there are more than ${maxPages * pageSize}`),
    kind: 'too_large',
  });
}

/** Null for what is no list of objects. Go writes an empty one as null. */
function itemsOf(json: JsonObject): readonly JsonObject[] | null {
  if (!textOf(json, 'kind').endsWith('List')) return null;
  const items = member(json, 'items');
  if (items === null) return [];
  const all = listOf(json, 'items');
  const objects = all.filter(isRecord);
  return Array.isArray(items) && objects.length === all.length ? objects : null;
}

const failure = ({ cluster }: TransportDeps, { doing }: Listing, why: string): ClusterFailure => ({
  ...refusal(`The cluster ${cluster} could not ${doing}: ${why}.`, 'unavailable'),
  status: 200,
});
