import type { ToldChange } from '../../domain/runbook/told-change.ts';
import { ok } from '../../domain/shared/result.ts';
import { firstText, listOf, member, textOf } from '../fields.ts';
import { parseInstant } from '../instant.ts';
import { readJsonObject } from '../json-body.ts';
import { intakeLimits } from '../limits.ts';
import {
  authorNames,
  idOf,
  linkOf,
  mustBe,
  nameOf,
  namesOf,
  nothing,
  shortSha,
  textOrNull,
  titleOf,
  wrong,
  type ReadChanges,
} from './reading.ts';

/**
 * Reads what Argo CD's notifications send by the template in docs/changes.md: one sync of one
 * application. Members that the template could not fill are empty or `<no value>`.
 */
export function decodeArgoCdChanges(body: Uint8Array | string): ReadChanges {
  const read = readJsonObject(body, { limits: intakeLimits, listName: null });
  if (!read.ok) return read;
  const value = Object.fromEntries(
    Object.entries(read.value.value).map(([name, was]) => [name, was === '<no value>' ? '' : was]),
  );
  const application = nameOf(textOf(value, 'application'));
  if (application === '') {
    return wrong(mustBe('application', member(value, 'application'), 'the name of an application'));
  }
  const phase = textOf(value, 'phase');
  const status = statusOf(phase);
  if (status === null) return nothing(`a sync in phase “${nameOf(phase)}”`);
  const revision = textOf(value, 'revision');
  const startedAt = textOf(value, 'startedAt');
  const atText =
    status === 'started' ? startedAt : firstText(textOf(value, 'finishedAt'), startedAt);
  const change: ToldChange = {
    id: idOf(`sync/${application}/${startedAt}/${revision}`),
    kind: 'rollout',
    subject: application,
    environment: textOrNull(value, 'environment'),
    title: titleOf(`Sync of ${application} to ${shortSha(revision)}`),
    url: linkOf(value, 'url'),
    authorNames: [
      ...authorNames(textOf(value, 'author')),
      ...authorNames(textOf(value, 'initiatedBy')),
    ],
    status,
    atMs: parseInstant(atText),
    versions: namesOf([revision, ...listOf(value, 'images')]),
    previous: namesOf([textOf(value, 'previousRevision')]),
  };
  return ok({ kind: 'changes', changes: [change] });
}

function statusOf(phase: string): ToldChange['status'] | null {
  switch (phase) {
    case 'Succeeded':
      return 'succeeded';
    case 'Failed':
    case 'Error':
      return 'failed';
    case 'Running':
      return 'started';
    default:
      return null;
  }
}
