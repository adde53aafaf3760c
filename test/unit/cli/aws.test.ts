import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { incident, listOf } from './incident-samples.ts';
import { fakeApi, nowMs, run, type Received } from './run-cli.ts';

const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'session/token+with=signs',
};
const findAwsCredentials = () => Promise.resolve(credentials);

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();

/** What the authorizer of an HTTP API does with a request, from the bytes that arrived. */
function expectedAuthorization({ method, url, headers, body }: Received, region: string): string {
  const [path = '', query = ''] = url.split('?');
  const authorization = headers.authorization ?? '';
  const names = (/SignedHeaders=([^,]+)/.exec(authorization)?.[1] ?? '').split(';');
  const stamp = String(headers['x-amz-date']);
  const canonical = [
    method,
    path,
    query === '' ? '' : query.split('&').sort().join('&'),
    ...names.map((name) => `${name}:${String(headers[name])}`),
    '',
    names.join(';'),
    sha256(body),
  ].join('\n');
  const scope = `${stamp.slice(0, 8)}/${region}/execute-api/aws4_request`;
  let key: string | Buffer = `AWS4${credentials.secretAccessKey}`;
  for (const part of scope.split('/')) key = hmac(key, part);
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${stamp}\n${scope}\n${sha256(canonical)}`);
  return (
    `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, ` +
    `SignedHeaders=${names.join(';')}, Signature=${signature.toString('hex')}`
  );
}

describe('the HTTP API in AWS', () => {
  it.each([
    ['a list with a query', ['incidents', '--tenant', "sh'op (ü)/*+ 1"]],
    ['a note', ['ack', incident.id, '-m', 'größer "als" &x=1']],
    ['a request without a body', ['resolve', incident.id]],
  ])('is asked with a signature that holds: %s', async (_name, args) => {
    const { url, received } = await fakeApi({
      'GET /v1/incidents': listOf(),
      [`POST /v1/incidents/${incident.id}/acknowledge`]: { changed: true, incident },
      [`POST /v1/incidents/${incident.id}/resolve`]: { changed: true, incident },
    });
    const around = { findAwsCredentials };
    const { exitCode } = await run([...args, '--url', url, '--region', 'eu-west-1'], around);
    expect(exitCode).toBe(0);
    const [request] = received;
    if (request === undefined) throw new Error('Nothing was asked.');
    expect(request.headers.authorization).toBe(expectedAuthorization(request, 'eu-west-1'));
    expect(request.headers).toMatchObject({
      'x-amz-date': new Date(nowMs).toISOString().replace(/[-:]|\.000/g, ''),
      'x-amz-security-token': credentials.sessionToken,
    });
    const signedNames = /SignedHeaders=([^,]+)/.exec(request.headers.authorization ?? '')?.[1];
    expect(signedNames).toBe('content-type;host;x-amz-date;x-amz-security-token');
  });

  it('is taken from TOCSIN_URL, with the region from AWS_REGION', async () => {
    const { url, received } = await fakeApi({ 'GET /v1/incidents': listOf() });
    const env = { TOCSIN_URL: `${url}/`, AWS_REGION: 'us-west-2' };
    expect((await run(['incidents'], { env, findAwsCredentials })).exitCode).toBe(0);
    expect(received[0]?.headers.authorization).toContain('/us-west-2/execute-api/');
  });

  it('is not meant when a data directory is named', async () => {
    const { dataDir, received } = await fakeApi({ 'GET /v1/incidents': listOf() });
    const env = { TOCSIN_URL: 'http://127.0.0.1:2', AWS_REGION: 'us-west-2' };
    expect((await run(['incidents', '--data', dataDir], { env })).exitCode).toBe(0);
    expect(received[0]?.headers.authorization).toBe('Bearer token-of-ada');
  });

  it.each([
    ['http://127.0.0.1:2', 'The region of http://127.0.0.1:2 is not known: name it with --region.'],
    ['not a url', '"not a url" is no http or https URL. The stack’s output ApiUrl is meant.'],
    ['ftp://x', '"ftp://x" is no http or https URL. The stack’s output ApiUrl is meant.'],
  ])('%s exits 2', async (url, message) => {
    expect(await run(['incidents', '--url', url], { findAwsCredentials })).toEqual({
      exitCode: 2,
      out: '',
      err: `error: ${message}\n`,
    });
  });

  it('exits 1 with a sentence when there are no credentials', async () => {
    const outcome = await run(['incidents', '--url', 'http://127.0.0.1:2', '--region', 'x'], {
      findAwsCredentials: () => Promise.reject(new Error('Could not load credentials')),
    });
    expect(outcome.exitCode).toBe(1);
    expect(outcome.err).toMatch(
      /^error: There are no AWS credentials to sign with \(Could not load credentials\)/,
    );
  });
});
