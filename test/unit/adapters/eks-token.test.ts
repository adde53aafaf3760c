import { describe, expect, it } from 'vitest';
import { eksToken } from '../../../lib/adapters/kubernetes/eks-token.ts';
import { epochMs } from '../../../lib/domain/shared/time.ts';

const of = {
  clusterName: 'main',
  region: 'eu-west-1',
  credentials: {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLE/token+with=signs',
  },
  atMs: epochMs(Date.UTC(2026, 10, 21, 10, 30)),
};

const urlOf = (token: string): URL =>
  new URL(Buffer.from(token.slice('k8s-aws-v1.'.length), 'base64url').toString('utf8'));

describe('a token for EKS', () => {
  it('is a signed question to STS, with the nine keys that are accepted', () => {
    const token = eksToken(of);
    expect(token).toMatch(/^k8s-aws-v1\.[\w-]+$/);
    const url = urlOf(token);
    expect(url.origin + url.pathname).toBe('https://sts.eu-west-1.amazonaws.com/');
    // The signature was computed once with `presign` of @smithy/signature-v4 5.
    expect(Object.fromEntries(url.searchParams)).toEqual({
      Action: 'GetCallerIdentity',
      Version: '2011-06-15',
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': 'AKIDEXAMPLE/20261121/eu-west-1/sts/aws4_request',
      'X-Amz-Date': '20261121T103000Z',
      'X-Amz-Expires': '60',
      'X-Amz-Security-Token': 'IQoJb3JpZ2luX2VjEXAMPLE/token+with=signs',
      'X-Amz-SignedHeaders': 'host;x-k8s-aws-id',
      'X-Amz-Signature': '27f347e8fcf306ee564d648d2d82ee0c3d12714fcc30052fe23666c1be280b70',
    });
  });

  it('is good for one cluster alone', () => {
    const signature = (clusterName: string) =>
      urlOf(eksToken({ ...of, clusterName })).searchParams.get('X-Amz-Signature');
    expect(signature('main')).not.toBe(signature('other'));
  });

  it('asks the STS of its partition', () => {
    expect(urlOf(eksToken({ ...of, region: 'cn-north-1' })).host).toBe(
      'sts.cn-north-1.amazonaws.com.cn',
    );
  });
});
