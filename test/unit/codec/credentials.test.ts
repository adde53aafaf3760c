import { describe, expect, it } from 'vitest';
import {
  readBearer,
  redactQuery,
  verifyIntakeCredential,
  type IntakeAttempt,
} from '../../../lib/codec/credentials.ts';
import { unauthorizedResponse } from '../../../lib/codec/http-response.ts';

const sources = [
  { id: 'prod-am', kind: 'alertmanager' },
  { id: 'dev-am', kind: 'alertmanager' },
  { id: 'gcp', kind: 'cloud-monitoring' },
  { id: 'gcp-two', kind: 'cloud-monitoring' },
  { id: 'inner', kind: 'tocsin' },
] as const;

const secrets = {
  'prod-am': ['am-current', 'am-previous'],
  'dev-am': ['dev-token'],
  gcp: ['gcp-token+/=', ''],
  'gcp-two': ['gcp-two:with:colons'],
  inner: ['inner-token'],
  removed: ['token-of-a-removed-source'],
};

const verify = (attempt: Partial<IntakeAttempt>): string | null =>
  verifyIntakeCredential({
    authorization: undefined,
    rawQueryString: '',
    sourceKind: 'alertmanager',
    sources,
    secrets,
    ...attempt,
  });

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;

describe('verifyIntakeCredential', () => {
  it.each([
    ['a bearer token', { authorization: 'Bearer am-current' }, 'prod-am'],
    ['the previous token', { authorization: 'Bearer am-previous' }, 'prod-am'],
    ['another source of the kind', { authorization: 'Bearer dev-token' }, 'dev-am'],
    ['any case of the scheme', { authorization: 'bearer am-current' }, 'prod-am'],
    ['several blanks', { authorization: 'Bearer   am-current' }, 'prod-am'],
    ['basic credentials', { authorization: basic('prod-am', 'am-current') }, 'prod-am'],
  ])('accepts %s', (_, attempt, expected) => {
    expect(verify(attempt)).toBe(expected);
  });

  it.each([
    ['a token in the query', { rawQueryString: 'auth_token=gcp-token%2B%2F%3D' }, 'gcp'],
    ['a token as people paste it', { rawQueryString: 'a=b&auth_token=gcp-token+/=' }, 'gcp'],
    ['an encoded name', { rawQueryString: 'auth%5Ftoken=gcp-token+/=' }, 'gcp'],
    ['basic with colons', { authorization: basic('gcp-two', 'gcp-two:with:colons') }, 'gcp-two'],
    [
      'the header, whatever the query says',
      { authorization: basic('gcp', 'gcp-token+/='), rawQueryString: 'auth_token=wrong' },
      'gcp',
    ],
  ])('accepts from Cloud Monitoring %s', (_, attempt, expected) => {
    expect(verify({ sourceKind: 'cloud-monitoring', ...attempt })).toBe(expected);
  });

  it.each([
    ['nothing', {}],
    ['an empty header', { authorization: '' }],
    ['an empty token', { authorization: 'Bearer ' }],
    ['a wrong token', { authorization: 'Bearer nope' }],
    ['a prefix of a token', { authorization: 'Bearer am-curren' }],
    ['two headers joined by the gateway', { authorization: 'Bearer am-current,Bearer am-current' }],
    ['two headers joined with a blank', { authorization: 'Bearer am-current, Bearer x' }],
    ['a line break', { authorization: 'Bearer am-current\r\nx: y' }],
    ['another scheme', { authorization: 'Token am-current' }],
    ['no scheme', { authorization: 'am-current' }],
    ['the token of another user', { authorization: basic('dev-am', 'am-current') }],
    ['an unknown user', { authorization: basic('nobody', 'am-current') }],
    ['a user that every object has', { authorization: basic('__proto__', 'am-current') }],
    ['no user', { authorization: basic('', 'am-current') }],
    ['no password', { authorization: basic('prod-am', '') }],
    ['no colon', { authorization: `Basic ${Buffer.from('am-current').toString('base64')}` }],
    ['no base64', { authorization: 'Basic %%%' }],
    ['two basic headers', { authorization: `${basic('prod-am', 'am-current')},Basic eDp5` }],
    ['a token in the query', { rawQueryString: 'auth_token=am-current' }],
    ['a token of a source that is gone', { authorization: 'Bearer token-of-a-removed-source' }],
  ])('refuses on the path of Alertmanager %s', (_, attempt) => {
    expect(verify(attempt)).toBeNull();
  });

  it.each([
    ['two tokens', 'auth_token=gcp-token+/=&auth_token=gcp-token+/='],
    ['a right and a wrong token', 'auth_token=gcp-token+/=&auth%5ftoken=x'],
    ['an empty token', 'auth_token='],
    ['a name without a value', 'auth_token'],
    ['another name', 'token=gcp-token+/='],
    ['bad encoding', 'auth_token=%E0%A4%A'],
  ])('refuses from Cloud Monitoring a query with %s', (_, rawQueryString) => {
    expect(verify({ sourceKind: 'cloud-monitoring', rawQueryString })).toBeNull();
  });

  it('lets a wrong header stand against a right query', () => {
    const rawQueryString = 'auth_token=gcp-token+/=';
    const attempt = { sourceKind: 'cloud-monitoring', rawQueryString } as const;
    expect(verify({ ...attempt, authorization: 'Bearer wrong' })).toBeNull();
  });

  it('refuses a token that two sources share, unless the user says which', () => {
    const shared = { 'prod-am': ['same'], 'dev-am': ['same'] };
    expect(verify({ secrets: shared, authorization: 'Bearer same' })).toBeNull();
    expect(verify({ secrets: shared, authorization: basic('dev-am', 'same') })).toBe('dev-am');
  });

  it('has no token for a source that is named like a part of every object', () => {
    const odd = [{ id: 'constructor', kind: 'alertmanager' } as const, ...sources];
    expect(verify({ sources: odd, authorization: 'Bearer am-current' })).toBe('prod-am');
    expect(verify({ sources: odd, authorization: basic('constructor', 'x') })).toBeNull();
  });

  it('refuses an empty token, even one that is configured', () => {
    const attempt = { sourceKind: 'cloud-monitoring', secrets: { gcp: [''] } } as const;
    expect(verify({ ...attempt, authorization: basic('gcp', '') })).toBeNull();
    expect(verify({ ...attempt, rawQueryString: 'auth_token=' })).toBeNull();
    expect(verify(attempt)).toBeNull();
  });

  it('lets each source use only the path of its kind (S04)', () => {
    const kinds = ['alertmanager', 'cloud-monitoring', 'tocsin'] as const;
    for (const source of sources) {
      const [token = ''] = secrets[source.id];
      for (const sourceKind of kinds) {
        const expected = source.kind === sourceKind ? source.id : null;
        expect(verify({ sourceKind, authorization: `Bearer ${token}` })).toBe(expected);
        expect(verify({ sourceKind, authorization: basic(source.id, token) })).toBe(expected);
      }
    }
  });

  it('is answered the same whatever was wrong (S03)', () => {
    expect(unauthorizedResponse()).toEqual(unauthorizedResponse());
    expect(unauthorizedResponse()).toMatchObject({
      statusCode: 401,
      body: '{"error":"unauthorized"}\n',
    });
  });
});

describe('readBearer', () => {
  it('reads the token', () => {
    expect(readBearer('Bearer abc.def')?.token).toBe('abc.def');
    expect(readBearer('Basic abc')).toBeNull();
  });
});

describe('redactQuery', () => {
  it.each([
    ['', ''],
    ['auth_token=secret', 'auth_token=REDACTED'],
    ['auth%5Ftoken=secret&state=open', 'auth%5Ftoken=REDACTED&state=REDACTED'],
    ['secret', 'REDACTED'],
    ['a=secret=secret&=secret&&secret', 'a=REDACTED&REDACTED&REDACTED&REDACTED'],
    ['a\r\nb=secret', 'REDACTED'],
    [`${'secret'.repeat(20)}=1`, 'REDACTED'],
  ])('shows %j as %j', (raw, expected) => {
    expect(redactQuery(raw)).toBe(expected);
  });

  it('counts what is beyond twenty parameters', () => {
    expect(redactQuery('a=1&'.repeat(24) + 'a=1')).toBe(`${'a=REDACTED&'.repeat(20)}(5 more)`);
  });
});
