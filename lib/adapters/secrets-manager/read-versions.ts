import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { readAwsError } from '../../codec/aws-error.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { Log } from '../../ports/system.ts';
import type { Reading, ShapeProblem } from './shapes.ts';

/** What a secret says now, and what it said before the last rotation. */
export interface Versions<Value> {
  readonly current: Value;
  /** Null when there was none, or it cannot be used any more. */
  readonly previous: Value | null;
}

export interface SecretSource<Value> {
  readonly id: string;
  readonly client: SecretsManagerClient;
  readonly log: Log;
  readonly shape: (json: unknown) => Reading<Value>;
}

type Stage = 'AWSCURRENT' | 'AWSPREVIOUS';

/**
 * Reads both versions. Only the current one can fail the reading: what is wrong with the one
 * before is a warning. No message holds anything of a value.
 */
export async function readVersions<Value>(
  source: SecretSource<Value>,
): Promise<Result<Versions<Value>, PortFailure>> {
  const [current, previous] = await Promise.all([
    readVersion(source, 'AWSCURRENT'),
    readVersion(source, 'AWSPREVIOUS'),
  ]);
  if (!current.ok) return current;
  if (previous.ok) return ok({ current: current.value, previous: previous.value });
  // A secret that was never rotated has none.
  if (previous.error.kind !== 'not_found') {
    const { kind, message } = previous.error;
    source.log.warn('The previous version of a secret is left out.', { kind, message });
  }
  return ok({ current: current.value, previous: null });
}

async function readVersion<Value>(
  { id, client, shape }: SecretSource<Value>,
  stage: Stage,
): Promise<Result<Value, PortFailure>> {
  const text = await fetchText(client, id, stage);
  if (!text.ok) return text;
  const read = shape(parse(text.value));
  return read.ok ? read : err(misshapen(id, stage, read.error));
}

async function fetchText(
  client: SecretsManagerClient,
  id: string,
  stage: Stage,
): Promise<Result<string, PortFailure>> {
  try {
    const command = new GetSecretValueCommand({ SecretId: id, VersionStage: stage });
    const { SecretString } = await client.send(command);
    if (SecretString !== undefined) return ok(SecretString);
    const problem = { where: '', what: 'is binary; it must be text, a JSON object' };
    return err(misshapen(id, stage, problem));
  } catch (cause) {
    const { kind, name, message } = readAwsError(cause);
    const what = `The secret ${id} (${stage}) could not be read: ${name}: ${message}`;
    return err({ kind, message: what, cause });
  }
}

/** Undefined for what is no JSON: the parser's own message would quote the secret. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function misshapen(id: string, stage: Stage, { where, what }: ShapeProblem): PortFailure {
  const at = where === '' ? 'its value' : where;
  return { kind: 'rejected', message: `In the secret ${id} (${stage}), ${at} ${what}.` };
}
