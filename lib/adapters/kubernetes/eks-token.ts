import { presignedQuery, type AwsCredentials } from '../../codec/aws-signature.ts';
import type { EpochMs } from '../../domain/shared/time.ts';
import { hostOf } from './aws-call.ts';
import { tokenExpiresSeconds } from './limits.ts';

/**
 * A bearer token for a cluster of EKS: the address of a signed, never sent question to STS who we
 * are, with the cluster's name in a signed header. Its nine query keys and no other are accepted
 * (kubernetes-sigs/aws-iam-authenticator, `pkg/token/token.go`), for 15 minutes from `atMs`.
 */
export function eksToken(of: {
  readonly clusterName: string;
  readonly region: string;
  readonly credentials: AwsCredentials;
  readonly atMs: EpochMs;
}): string {
  const { clusterName, region, credentials, atMs } = of;
  const host = hostOf('sts', region);
  const query = presignedQuery(
    {
      method: 'GET',
      path: '/',
      query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
      headers: { host, 'x-k8s-aws-id': clusterName },
      body: new Uint8Array(),
    },
    { credentials, region, service: 'sts', atMs },
    tokenExpiresSeconds,
  );
  return `k8s-aws-v1.${Buffer.from(`https://${host}/?${query}`).toString('base64url')}`;
}
