import { describe, expect, it } from 'vitest';
import { readSettings, type UpRequest } from '../../../../lib/local/up/settings.ts';
import { StartProblem } from '../../../../lib/local/up/start-problem.ts';

const NOTHING: UpRequest = {
  port: undefined,
  data: undefined,
  policy: undefined,
  stage: undefined,
  person: undefined,
};

function settings(
  request: Partial<UpRequest> = {},
  env: Readonly<Record<string, string>> = {},
  userName = 'grace',
) {
  return readSettings({ ...NOTHING, ...request }, { env, cwd: '/shop', userName });
}

describe('the settings of a start', () => {
  it('have a default for everything', () => {
    expect(settings()).toEqual({
      port: 8484,
      dataDir: '/shop/.tocsin',
      stage: 'sandbox',
      policyFile: null,
      person: 'grace',
      pagerDuty: { kind: 'sandbox' },
      slack: { kind: 'sandbox' },
      dynamodbUrl: undefined,
    });
  });

  it('come from options, relative to where the person stands', () => {
    const request = { port: '0', data: 'here', policy: '../p.yaml', stage: 'dev', person: 'ada' };

    expect(settings(request, { TOCSIN_PORT: '9000', USER: 'root' })).toMatchObject({
      port: 0,
      dataDir: '/shop/here',
      policyFile: '/p.yaml',
      stage: 'dev',
      person: 'ada',
    });
  });

  it('come from the environment', () => {
    const env = { TOCSIN_PORT: '9000', USER: 'ada', AWS_ENDPOINT_URL_DYNAMODB: 'http://db:8000' };

    expect(settings({}, env)).toMatchObject({
      port: 9000,
      person: 'ada',
      dynamodbUrl: 'http://db:8000',
    });
  });

  it.each([
    { env: {}, userName: 'Ada Byron', person: 'operator', why: 'a name that is no IAM name' },
    { env: { USER: 'DOMAIN\\ada' }, userName: 'ada', person: 'ada', why: 'the next one that is' },
  ])('name somebody who acts: $why', ({ env, userName, person }) => {
    expect(settings({}, env, userName).person).toBe(person);
  });

  it.each([
    { request: { port: '70000' }, says: '--port is "70000", which is no port' },
    { request: { port: '-1' }, says: '--port is "-1", which is no port' },
    { request: { stage: 'test' }, says: 'There is no stage "test"' },
    { request: { person: 'Ada Byron' }, says: '--person is "Ada Byron"' },
  ])('are refused with what would do: $says', ({ request, says }) => {
    expect(() => settings(request)).toThrow(StartProblem);
    expect(() => settings(request)).toThrow(says);
  });

  it('are refused when TOCSIN_PORT is no port', () => {
    expect(() => settings({}, { TOCSIN_PORT: 'http' })).toThrow(
      'TOCSIN_PORT is "http", which is no port. Allowed are 1 to 65535, and 0 for any free one',
    );
  });
});
