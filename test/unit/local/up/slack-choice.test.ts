import { describe, expect, it } from 'vitest';
import { chooseSlack } from '../../../../lib/local/up/slack-choice.ts';
import { StartProblem } from '../../../../lib/local/up/start-problem.ts';

const TOKEN = 'xoxb-0-0-token';
const SECRET = '0123456789abcdef0123456789abcdef';

describe('which Slack it is', () => {
  it.each([
    { env: {}, why: 'nothing is set' },
    { env: { SLACK_BOT_TOKEN: ' ', SLACK_SIGNING_SECRET: '' }, why: 'what is set is empty' },
  ])('is the sandbox when $why', ({ env }) => {
    expect(chooseSlack(env)).toEqual({ kind: 'sandbox' });
  });

  it('is the workspace of a token and a secret, of both during a rotation', () => {
    const env = { SLACK_BOT_TOKEN: TOKEN, SLACK_SIGNING_SECRET: `${SECRET}, ${SECRET},` };

    expect(chooseSlack(env)).toEqual({
      kind: 'outside',
      apiUrl: 'https://slack.com/api/',
      botToken: TOKEN,
      signingSecrets: [SECRET, SECRET],
    });
  });

  it('is anything at an address, whatever its credentials look like', () => {
    const env = {
      SLACK_BOT_TOKEN: 'token',
      SLACK_SIGNING_SECRET: 'secret',
      SLACK_API_URL: 'http://127.0.0.1:9000/api',
    };

    expect(chooseSlack(env)).toMatchObject({ apiUrl: 'http://127.0.0.1:9000/api/' });
  });

  it.each([
    { env: { SLACK_BOT_TOKEN: TOKEN }, says: 'SLACK_SIGNING_SECRET is not' },
    { env: { SLACK_SIGNING_SECRET: SECRET }, says: 'SLACK_BOT_TOKEN is not' },
    { env: { SLACK_API_URL: 'http://127.0.0.1:1/' }, says: 'are not set' },
    { env: { SLACK_API_URL: 'slack.com' }, says: 'which is no address' },
    { env: { SLACK_API_URL: 'http://127.0.0.1/?a=b' }, says: 'without a query' },
  ])('is refused when the settings say it half: $env', ({ env, says }) => {
    expect(() => chooseSlack(env)).toThrow(StartProblem);
    expect(() => chooseSlack(env)).toThrow(says);
  });

  it('never shows a token or a secret, not even one that cannot be right', () => {
    const user = { SLACK_BOT_TOKEN: 'xoxp-of-a-person', SLACK_SIGNING_SECRET: SECRET };
    expect(() => chooseSlack(user)).toThrow(/^(?!.*of-a-person).*no bot token/);

    const cut = { SLACK_BOT_TOKEN: TOKEN, SLACK_SIGNING_SECRET: 'abc123' };
    expect(() => chooseSlack(cut)).toThrow(/^(?!.*abc123).*it has 6 characters.*32 hexadecimal/);
  });
});
