import { devNull } from 'node:os';
import { REGION } from '../template/local-values.ts';
import type { FunctionSpec } from '../template/model.ts';

/** Where the AWS services of this machine are. */
export interface LocalAws {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** EventBridge, Secrets Manager, SNS and S3. */
  readonly servicesUrl: string;
  /** `undefined` for a template without tables. */
  readonly dynamodbUrl: string | undefined;
}

/**
 * The environment of a function: what Lambda sets, the template's own variables, where the local
 * services are, and last what the caller overrides. Nothing of this process's environment goes in, and
 * the AWS profile of the person at the keyboard is out of reach.
 */
export function functionEnvironment(
  spec: FunctionSpec,
  aws: LocalAws,
  overrides: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return {
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: spec.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${spec.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    LAMBDA_TASK_ROOT: spec.directory,
    TZ: 'UTC',
    AWS_ACCESS_KEY_ID: aws.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.secretAccessKey,
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    ...spec.environment,
    ...(aws.dynamodbUrl === undefined ? {} : { AWS_ENDPOINT_URL_DYNAMODB: aws.dynamodbUrl }),
    AWS_ENDPOINT_URL_EVENTBRIDGE: aws.servicesUrl,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.servicesUrl,
    AWS_ENDPOINT_URL_SNS: aws.servicesUrl,
    AWS_ENDPOINT_URL_S3: aws.servicesUrl,
    ...overrides,
  };
}
