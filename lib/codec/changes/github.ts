import { Buffer } from 'node:buffer';
import type { ToldChange } from '../../domain/runbook/told-change.ts';
import type { JsonObject } from '../../domain/shared/json.ts';
import { ok } from '../../domain/shared/result.ts';
import { epochMs, type EpochMs } from '../../domain/shared/time.ts';
import { firstText, isRecord, listOf, member, numberOf, recordOf, textOf } from '../fields.ts';
import { parseInstant } from '../instant.ts';
import { readJsonObject } from '../json-body.ts';
import { intakeLimits } from '../limits.ts';
import { commitChanges, type ToldPush } from './push.ts';
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
 * Reads a webhook of GitHub: `deployment`, `deployment_status`, `push` to the default branch, and
 * `ping`. Which it is shows in the body: the header that names the event is not signed. All other
 * events tell of nothing. https://docs.github.com/en/webhooks/webhook-events-and-payloads
 */
export function decodeGitHubChanges(body: Uint8Array | string): ReadChanges {
  const json = unwrapped(body);
  const read = readJsonObject(json, { limits: intakeLimits, listName: 'commits' });
  if (!read.ok) return read;
  const { value } = read.value;
  if (isRecord(member(value, 'deployment'))) return readDeployment(value);
  if (typeof member(value, 'ref') === 'string' && member(value, 'commits') !== undefined) {
    return readPush(value);
  }
  if (typeof member(value, 'zen') === 'string') return nothing('a ping of GitHub');
  return nothing('an event of GitHub that tells of no deployment and no push');
}

/** GitHub's other content type: a form with the JSON in its field `payload`. */
function unwrapped(body: Uint8Array | string): Uint8Array | string {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  if (Buffer.from(bytes.subarray(0, 8)).toString('latin1') !== 'payload=') return body;
  return new URLSearchParams(Buffer.from(bytes).toString('utf8')).get('payload') ?? '';
}

function readDeployment(value: JsonObject): ReadChanges {
  const deployment = recordOf(value, 'deployment');
  if (textOf(value, 'action') !== 'created') {
    return nothing('an event of GitHub about a deployment that changes nothing');
  }
  const hasStatus = isRecord(member(value, 'deployment_status'));
  const told = hasStatus ? recordOf(value, 'deployment_status') : deployment;
  const state = textOf(told, 'state');
  const status = hasStatus ? statusOf(state) : 'started';
  if (status === null) return nothing(`a deployment status “${nameOf(state)}”`);
  const id = member(deployment, 'id');
  if (typeof id !== 'number') return wrong(mustBe('deployment.id', id, 'a number'));
  return ok({
    kind: 'changes',
    changes: [rollout(value, { id: `deployment/${id}`, status, told })],
  });
}

/** `told` is the part of the event that says when it happened, and where more is to be seen. */
function rollout(
  value: JsonObject,
  of: Pick<ToldChange, 'id' | 'status'> & { readonly told: JsonObject },
): ToldChange {
  const { id, status, told } = of;
  const deployment = recordOf(value, 'deployment');
  const repository = recordOf(value, 'repository');
  const sha = textOf(deployment, 'sha');
  const subject = nameOf(textOf(repository, 'full_name'));
  const environment = textOrNull(deployment, 'environment');
  return {
    id,
    kind: 'rollout',
    subject,
    environment,
    title: deploymentTitle({ subject, sha, environment }),
    url: linkOf(told, 'log_url') ?? linkOf(told, 'target_url') ?? commitUrl(repository, sha),
    authorNames: namesOf([textOf(recordOf(deployment, 'creator'), 'login')]),
    status,
    atMs: parseInstant(textOf(told, 'created_at')),
    versions: namesOf([sha, versionOf(textOf(deployment, 'ref'))]),
    previous: [],
  };
}

function commitUrl(repository: JsonObject, sha: string): string | null {
  const base = linkOf(repository, 'html_url');
  return base === null || !/^[0-9a-f]{7,64}$/.test(sha) ? null : `${base}/commit/${sha}`;
}

/** Null for what changes nothing that runs: `inactive` is told of what another took the place of. */
function statusOf(state: string): ToldChange['status'] | null {
  switch (state) {
    case 'success':
      return 'succeeded';
    case 'failure':
    case 'error':
      return 'failed';
    case 'pending':
    case 'queued':
    case 'in_progress':
      return 'started';
    default:
      return null;
  }
}

function readPush(value: JsonObject): ReadChanges {
  const repository = recordOf(value, 'repository');
  const sender = recordOf(value, 'sender');
  const pusher = recordOf(value, 'pusher');
  const push: ToldPush = {
    subject: nameOf(textOf(repository, 'full_name')),
    ref: textOf(value, 'ref'),
    defaultBranch: textOf(repository, 'default_branch'),
    before: textOf(value, 'before'),
    after: textOf(value, 'after'),
    atMs: pushedAt(repository),
    pusherNames: namesOf([
      textOf(sender, 'login'),
      textOf(pusher, 'email'),
      textOf(pusher, 'name'),
    ]),
    commits: listOf(value, 'commits')
      .filter(isRecord)
      .map((commit) => ({
        sha: textOf(commit, 'id'),
        message: textOf(commit, 'message'),
        url: linkOf(commit, 'url'),
        names: namesOf(
          ['username', 'email', 'name'].map((name) => textOf(recordOf(commit, 'author'), name)),
        ),
      })),
  };
  return commitChanges(push);
}

/** Seconds in a push; an RFC 3339 text everywhere else. */
function pushedAt(repository: JsonObject): EpochMs | null {
  const instant = parseInstant(firstText(textOf(repository, 'pushed_at')));
  if (instant !== null) return instant;
  const seconds = numberOf(repository, 'pushed_at');
  return seconds === null || seconds <= 0 ? null : epochMs(seconds * 1000);
}
