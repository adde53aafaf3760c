import type { ToldChange } from '../../domain/runbook/told-change.ts';
import type { Json, JsonObject } from '../../domain/shared/json.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { firstText, isList, isRecord, listOf, member, textOf } from '../fields.ts';
import { parseInstant } from '../instant.ts';
import { readJsonObject } from '../json-body.ts';
import { intakeLimits } from '../limits.ts';
import {
  authorNames,
  idOf,
  linkOf,
  maxChanges,
  mustBe,
  nameOf,
  namesOf,
  textOrNull,
  titleOf,
  wrong,
  type ReadChanges,
} from './reading.ts';

/**
 * Reads our own format (docs/changes.md): one change, or up to 50 under `changes`. Fails when one
 * of them lacks its id, service or status, or has an instant that is none. Never throws.
 */
export function decodeOwnChanges(body: Uint8Array | string): ReadChanges {
  const read = readJsonObject(body, { limits: intakeLimits, listName: null });
  if (!read.ok) return read;
  const { value } = read.value;
  const list = member(value, 'changes');
  if (list !== undefined && !isList(list)) return wrong(mustBe('changes', list, 'a list'));
  const items = list ?? [value];
  if (items.length > maxChanges) {
    return wrong(
      `There are ${items.length} changes in one message; at most ${maxChanges} are read.`,
    );
  }
  return readAll(items);
}

function readAll(items: readonly Json[]): ReadChanges {
  const changes: ToldChange[] = [];
  for (const item of items) {
    const change = isRecord(item) ? readChange(item) : err(mustBe('changes[]', item, 'an object'));
    if (!change.ok) return wrong(change.error);
    changes.push(change.value);
  }
  return ok({ kind: 'changes', changes });
}

const statuses = ['started', 'succeeded', 'failed'] as const;

function readChange(item: JsonObject): Result<ToldChange, string> {
  const id = textOf(item, 'id');
  const service = nameOf(textOf(item, 'service'));
  const status = statuses.find((each) => each === member(item, 'status'));
  if (id === '') return err(mustBe('id', member(item, 'id'), 'a name of this change'));
  if (service === '') return err(mustBe('service', member(item, 'service'), 'a service'));
  if (status === undefined) {
    return err(mustBe('status', member(item, 'status'), 'started, succeeded or failed'));
  }
  const at = readAt(item);
  if (!at.ok) return at;
  const versions = namesOf(listOf(item, 'versions'));
  return ok({
    id: idOf(id),
    kind: 'rollout',
    subject: service,
    environment: textOrNull(item, 'environment'),
    title: titleOf(firstText(textOf(item, 'title'), `${service} ${versions[0] ?? id}`)),
    url: linkOf(item, 'url'),
    authorNames: authorNames(textOf(item, 'author')),
    status,
    atMs: at.value,
    versions,
    previous: namesOf(listOf(item, 'previous')),
  });
}

function readAt(item: JsonObject): Result<ToldChange['atMs'], string> {
  const at = member(item, 'at');
  if (at === undefined || at === null) return ok(null);
  const atMs = typeof at === 'string' ? parseInstant(at) : null;
  return atMs === null ? err(mustBe('at', at, 'an RFC 3339 time')) : ok(atMs);
}
