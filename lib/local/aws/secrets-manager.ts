import type { JsonObject } from '../shared/json.ts';
import { jsonAnswer, jsonError, type AwsAnswer } from './answer.ts';
import type { JsonOperation } from './eventbridge.ts';
import type { SecretStore, SecretVersion } from './secret-store.ts';

/** A secret of the template. */
export interface KnownSecret {
  readonly name: string;
  readonly arn: string;
}

export interface SecretsManagerDeps {
  readonly secrets: readonly KnownSecret[];
  readonly store: SecretStore;
}

/** `GetSecretValue` and `PutSecretValue` on the store, for the secrets of the template. */
export function createSecretsManager(deps: SecretsManagerDeps): ReadonlyMap<string, JsonOperation> {
  const withSecret =
    (run: (secret: KnownSecret, input: JsonObject) => AwsAnswer): JsonOperation =>
    (input) => {
      const id = input['SecretId'];
      const secret = deps.secrets.find(({ name, arn }) => id === name || id === arn);
      return secret === undefined
        ? notFound("Secrets Manager can't find the specified secret.")
        : run(secret, input);
    };
  return new Map([
    ['GetSecretValue', withSecret((secret, input) => getValue(deps.store, secret, input))],
    ['PutSecretValue', withSecret((secret, input) => putValue(deps.store, secret, input))],
  ]);
}

function getValue(store: SecretStore, secret: KnownSecret, input: JsonObject): AwsAnswer {
  const stored = store.get(secret.name);
  const versions: readonly (readonly [string, SecretVersion | undefined])[] = [
    ['AWSCURRENT', stored?.current],
    ['AWSPREVIOUS', stored?.previous],
  ];
  const { VersionId: versionId, VersionStage: versionStage } = input;
  const wantedStage = versionStage ?? (versionId === undefined ? 'AWSCURRENT' : undefined);
  const found = versions.find(
    ([stage, version]) =>
      version !== undefined &&
      (wantedStage === undefined || stage === wantedStage) &&
      (versionId === undefined || version.versionId === versionId),
  );
  if (found?.[1] === undefined) {
    const wanted = String(wantedStage ?? versionId);
    return notFound(
      `Secrets Manager can't find the specified secret value for staging label: ${wanted}`,
    );
  }
  return jsonAnswer({
    ARN: secret.arn,
    Name: secret.name,
    VersionId: found[1].versionId,
    VersionStages: [found[0]],
    SecretString: found[1].secretString,
  });
}

function putValue(store: SecretStore, secret: KnownSecret, input: JsonObject): AwsAnswer {
  const value = input['SecretString'];
  if (typeof value !== 'string') {
    const message = 'You must provide SecretString; binary secrets are not kept on one machine.';
    return jsonError({ statusCode: 400, code: 'InvalidParameterException', message });
  }
  const { versionId } = store.put(secret.name, value);
  return jsonAnswer({
    ARN: secret.arn,
    Name: secret.name,
    VersionId: versionId,
    VersionStages: ['AWSCURRENT'],
  });
}

function notFound(message: string): AwsAnswer {
  return jsonError({ statusCode: 400, code: 'ResourceNotFoundException', message });
}
