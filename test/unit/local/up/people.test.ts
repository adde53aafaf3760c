import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { authorizePeople } from '../../../../lib/local/up/people.ts';

const SECRET = JSON.stringify({ signingKey: 'k', people: { ada: 'token-a', grace: 'token-g' } });

function ask(authorization: string | undefined, secret: string | undefined = SECRET) {
  const request = new IncomingMessage(new Socket());
  if (authorization !== undefined) request.headers.authorization = authorization;
  return authorizePeople(() => secret)(request);
}

describe('a request on an IAM route of this machine', () => {
  it.each([
    { authorization: 'Bearer token-a', principalName: 'ada' },
    { authorization: 'bearer token-g', principalName: 'grace' },
  ])('is $principalName’s', ({ authorization, principalName }) => {
    expect(ask(authorization)).toEqual({ kind: 'person', principalName });
  });

  it.each([
    { authorization: undefined, statusCode: 401, why: 'no token' },
    { authorization: 'Basic YWRhOnRva2VuLWE=', statusCode: 401, why: 'another scheme' },
    { authorization: 'Bearer', statusCode: 401, why: 'an empty token' },
    { authorization: 'Bearer token-x', statusCode: 403, why: 'nobody’s token' },
    { authorization: 'Bearer ada', statusCode: 403, why: 'a name' },
    { authorization: 'Bearer token-a,token-g', statusCode: 401, why: 'two tokens' },
  ])('is refused with $statusCode: $why', ({ authorization, statusCode }) => {
    expect(ask(authorization)).toMatchObject({ kind: 'refused', statusCode });
  });

  it.each([undefined, 'no JSON', '{}', '{"people":[]}', '{"people":{"ada":""}}'])(
    'is nobody’s when the secret holds nobody: %s',
    (secret) => {
      expect(ask('Bearer token-a', secret ?? '')).toMatchObject({ kind: 'refused' });
    },
  );
});
