import type { ToldChange } from '../../domain/runbook/told-change.ts';
import type { JsonObject } from '../../domain/shared/json.ts';
import { ok } from '../../domain/shared/result.ts';
import { firstText, isRecord, listOf, member, recordOf, textOf } from '../fields.ts';
import { parseInstant } from '../instant.ts';
import { readJsonObject } from '../json-body.ts';
import { intakeLimits } from '../limits.ts';
import { commitChanges } from './push.ts';
import {
  deploymentTitle,
  linkOf,
  mustBe,
  nameOf,
  namesOf,
  nothing,
  textOrNull,
  versionOf,
  wrong,
  type ReadChanges,
} from './reading.ts';

/**
 * Reads a webhook of GitLab: deployment events, and push events of the default branch. All others
 * tell of nothing. https://docs.gitlab.com/user/project/integrations/webhook_events/
 */
export function decodeGitLabChanges(body: Uint8Array | string): ReadChanges {
  const read = readJsonObject(body, { limits: intakeLimits, listName: 'commits' });
  if (!read.ok) return read;
  const { value } = read.value;
  switch (textOf(value, 'object_kind')) {
    case 'deployment':
      return readDeployment(value);
    case 'push':
      return readPush(value);
    case '':
      return wrong(mustBe('object_kind', member(value, 'object_kind'), 'a kind of event'));
    default:
      return nothing('an event of GitLab that tells of no deployment and no push');
  }
}

function readDeployment(value: JsonObject): ReadChanges {
  const state = textOf(value, 'status');
  const status = statusOf(state);
  if (status === null) return nothing(`a deployment that is “${nameOf(state)}”`);
  const id = member(value, 'deployment_id');
  if (typeof id !== 'number') return wrong(mustBe('deployment_id', id, 'a number'));
  const subject = nameOf(textOf(recordOf(value, 'project'), 'path_with_namespace'));
  const user = recordOf(value, 'user');
  const environment = textOrNull(value, 'environment');
  const commit = linkOf(value, 'commit_url');
  // The event holds the short form only; the whole commit is at the end of its address.
  const sha = /\/commit\/([0-9a-f]{40,64})$/.exec(commit ?? '')?.[1] ?? textOf(value, 'short_sha');
  const change: ToldChange = {
    id: `deployment/${id}`,
    kind: 'rollout',
    subject,
    environment,
    title: deploymentTitle({ subject, sha, environment }),
    url: linkOf(value, 'deployable_url') ?? commit,
    authorNames: namesOf(['username', 'email', 'name'].map((name) => shownName(user, name))),
    status,
    atMs: parseInstant(textOf(value, 'status_changed_at')),
    versions: namesOf([sha, textOf(value, 'short_sha'), versionOf(textOf(value, 'ref'))]),
    previous: [],
  };
  return ok({ kind: 'changes', changes: [change] });
}

/** GitLab writes `[REDACTED]` where a person hides their address. */
const shownName = (user: JsonObject, name: string): string =>
  textOf(user, name) === '[REDACTED]' ? '' : textOf(user, name);

function statusOf(state: string): ToldChange['status'] | null {
  switch (state) {
    case 'success':
      return 'succeeded';
    case 'failed':
    case 'canceled':
      return 'failed';
    case 'created':
    case 'running':
      return 'started';
    default:
      return null;
  }
}

function readPush(value: JsonObject): ReadChanges {
  const project = recordOf(value, 'project');
  return commitChanges({
    subject: nameOf(textOf(project, 'path_with_namespace')),
    ref: textOf(value, 'ref'),
    defaultBranch: textOf(project, 'default_branch'),
    before: textOf(value, 'before'),
    after: textOf(value, 'after'),
    // A push of GitLab has no instant; those of its commits are their authors' clocks.
    atMs: null,
    pusherNames: namesOf(
      ['user_username', 'user_email', 'user_name'].map((name) => shownName(value, name)),
    ),
    commits: listOf(value, 'commits')
      .filter(isRecord)
      .map((commit) => ({
        sha: textOf(commit, 'id'),
        message: firstText(textOf(commit, 'title'), textOf(commit, 'message')),
        url: linkOf(commit, 'url'),
        names: namesOf(
          ['email', 'name'].map((name) => shownName(recordOf(commit, 'author'), name)),
        ),
      })),
  });
}
