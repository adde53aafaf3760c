import { createS3Blobs } from '../adapters/s3/blobs.ts';
import { systemClock } from '../adapters/system/clock.ts';
import type { Blobs } from '../ports/blobs.ts';
import type { Log } from '../ports/system.ts';
import { awsCredentials } from './aws-credentials.ts';
import { required, type Variables } from './environment.ts';

/** The bucket for what is too large for a row, and for documents. */
export function wireBlobs(variables: Variables, log: Log): Blobs {
  const endpoint = variables['AWS_ENDPOINT_URL_S3'];
  return createS3Blobs({
    bucket: required(variables, 'TOCSIN_BUCKET'),
    region: required(variables, 'AWS_REGION'),
    ...(endpoint === undefined ? {} : { endpoint }),
    credentials: awsCredentials(variables),
    clock: systemClock,
    log,
  });
}
