import { describe, expect, it } from 'vitest';
import { choosePagerDuty } from '../../../../lib/local/up/pagerduty-choice.ts';
import { StartProblem } from '../../../../lib/local/up/start-problem.ts';

const KEY = '0123456789abcdef0123456789ABCDEF';

describe('who is paged', () => {
  it.each([
    { env: {}, why: 'nothing is set' },
    { env: { PAGERDUTY_ROUTING_KEY: ' ', PAGERDUTY_EVENTS_URL: '' }, why: 'what is set is empty' },
    { env: { PAGERDUTY_API_TOKEN: 'token-of-another-tool' }, why: 'a token alone pages nobody' },
  ])('is the sandbox when $why', ({ env }) => {
    expect(choosePagerDuty(env)).toEqual({ kind: 'sandbox' });
  });

  it('is the real account that a routing key belongs to', () => {
    expect(choosePagerDuty({ PAGERDUTY_ROUTING_KEY: KEY })).toEqual({
      kind: 'outside',
      eventsUrl: 'https://events.pagerduty.com',
      apiUrl: 'https://api.pagerduty.com',
      routingKey: KEY,
      apiToken: null,
      apiFrom: null,
      webhookSecrets: [],
    });
  });

  it('proves itself both ways, several secrets at once during a rotation', () => {
    expect(
      choosePagerDuty({
        PAGERDUTY_ROUTING_KEY: KEY,
        PAGERDUTY_API_TOKEN: 'token',
        PAGERDUTY_API_FROM: 'ada@example.com',
        PAGERDUTY_WEBHOOK_SECRET: 'new, old,',
      }),
    ).toMatchObject({
      apiToken: 'token',
      apiFrom: 'ada@example.com',
      webhookSecrets: ['new', 'old'],
    });
  });

  it('is anything at an address, without a key of PagerDuty’s', () => {
    const env = {
      PAGERDUTY_EVENTS_URL: 'http://127.0.0.1:9000/',
      PAGERDUTY_API_URL: 'http://127.0.0.1:9001/api//',
    };

    expect(choosePagerDuty(env)).toMatchObject({
      kind: 'outside',
      eventsUrl: 'http://127.0.0.1:9000',
      apiUrl: 'http://127.0.0.1:9001/api',
      routingKey: null,
    });
  });

  it.each([
    { env: { PAGERDUTY_EVENTS_URL: 'events.pagerduty.com' }, says: 'which is no address' },
    { env: { PAGERDUTY_EVENTS_URL: 'ftp://127.0.0.1' }, says: 'which is no address' },
    { env: { PAGERDUTY_EVENTS_URL: 'http://127.0.0.1/?a=b' }, says: 'without a query' },
    {
      env: { PAGERDUTY_EVENTS_URL: 'https://events.eu.pagerduty.com' },
      says: 'PAGERDUTY_ROUTING_KEY is not set',
    },
    { env: { PAGERDUTY_API_URL: 'http://127.0.0.1:1' }, says: 'whom to page' },
  ])('is refused when the settings say it half: $env', ({ env, says }) => {
    expect(() => choosePagerDuty(env)).toThrow(StartProblem);
    expect(() => choosePagerDuty(env)).toThrow(says);
  });

  it('never shows a key, not even one that cannot be right', () => {
    expect(() => choosePagerDuty({ PAGERDUTY_ROUTING_KEY: 'R0123456' })).toThrow(
      /^(?!.*R0123456).*it has 8 characters.*32 letters and digits/,
    );
  });
});
