import type { AwsCredentials } from '../codec/aws-signature.ts';
import { required, type Variables } from './environment.ts';

/** Of the function's own role, as Lambda gives them. */
export function awsCredentials(variables: Variables): AwsCredentials {
  const sessionToken = variables['AWS_SESSION_TOKEN'];
  return {
    accessKeyId: required(variables, 'AWS_ACCESS_KEY_ID'),
    secretAccessKey: required(variables, 'AWS_SECRET_ACCESS_KEY'),
    ...(sessionToken === undefined ? {} : { sessionToken }),
  };
}
