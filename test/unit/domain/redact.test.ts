import { describe, expect, it } from 'vitest';
import { redact, redactAll } from '../../../lib/domain/shared/redact.ts';
import { composeFallback, composePage } from '../../../lib/domain/paging/compose.ts';
import { ada, checkoutDown, createWorld } from '../api/world.ts';

/** Made of parts, so that nobody takes them for credentials that leaked. */
const join = (...parts: readonly string[]): string => parts.join('');
const base62 = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0';

const planted: readonly (readonly [name: string, token: string])[] = [
  ['an AWS access key', join('AKIA', 'QYLPMN5HHHFPZAM2')],
  ['a GitHub token', join('ghp_', base62.slice(0, 36))],
  ['a fine-grained GitHub token', join('github_pat_', base62)],
  ['a GitLab token', join('glpat-', base62.slice(0, 20))],
  ['a Slack token', join('xoxb-', '123456789012-', base62.slice(0, 24))],
  [
    'a Slack webhook',
    join('hooks.slack.com/services/', 'T00000000/B00000000/', base62.slice(0, 24)),
  ],
  ['a Google API key', join('AIza', base62.slice(0, 35))],
  ['a Google token', join('ya29.', base62)],
  ['a Stripe key', join('sk_live_', base62.slice(0, 24))],
  ['an npm token', join('npm_', base62.slice(0, 36))],
  ['a SendGrid key', join('SG.', base62.slice(0, 22), '.', base62)],
  ['an API key', join('sk-', 'proj-', base62)],
  ['a JWT', join('eyJhbGciOiJIUzI1NiJ9', '.eyJzdWIiOiIxMjM0In0', '.', base62)],
  [
    'a private key',
    join(
      '-----BEGIN RSA PRIVATE',
      ' KEY-----\nProc-Type: 4\n\nMIIEow',
      base62,
      '\n-----END RSA PRIVATE',
      ' KEY-----',
    ),
  ],
];

const surrounded: readonly (readonly [before: string, secret: string, after: string])[] = [
  ['Authorization: Bearer ', base62, ''],
  ['authorization: Basic ', 'dXNlcjpodW50ZXIyaHVudGVyMg==', ''],
  ['postgres://app:', 'hunter2!x', '@db.example.com/shop'],
  ['password=', 'hunter2hunter2', ' for the user'],
  ['{"api_key":"', base62, '"}'],
  ['https://x.example/hook?auth_token=', base62, '&a=1'],
];

describe('redact', () => {
  it.each(planted)('replaces %s by what it was', (_name, token) => {
    const shown = redact(`before ${token} after`);

    expect(shown).toMatch(/^before \[redacted [\w ]+\] after$/);
    expect(redact(shown)).toBe(shown);
  });

  it.each(surrounded)('replaces what stands after %s', (before, secret, after) => {
    const shown = redact(`${before}${secret}${after}`);

    expect(shown).not.toContain(secret);
    expect(shown.startsWith(before) && shown.endsWith(after)).toBe(true);
    expect(redact(shown)).toBe(shown);
  });

  it.each([
    'CheckoutDown on checkout in production',
    'a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90',
    'tocsin:default:0123456789abcdef0123456789abcdef:0123456789abcdef',
    'https://grafana.example.com/d/abc?var-service=checkout&from=now-1h',
    'arn:aws:iam::111122223333:user/ada',
    'The secret rotation failed; tokens expire in 5 min',
    'sk-hynix module, risk-based-authentication-is-on-for-everybody',
    'user@example.com wrote: basic functions are bearing up',
  ])('leaves what is no credential: %s', (text) => {
    expect(redact(text)).toBe(text);
  });

  it.each(['eyJ', '-eyJ', 'a://', '-----BEGIN PRIVATE KEY', 'xoxb-', 'token="', 'SG.', 'ghp_a'])(
    'is not slowed down by many beginnings of %s',
    (piece) => {
      const text = piece.repeat(Math.ceil(100_000 / piece.length));
      const before = process.cpuUsage().user;
      redact(text);
      expect(process.cpuUsage().user - before).toBeLessThan(1_000_000);
    },
  );

  it('goes through a whole value and keeps names', () => {
    const [, token] = planted[0] ?? ['', ''];

    expect(redactAll({ a: [token, 1, null], [token]: { b: `x ${token}` } })).toEqual({
      a: ['[redacted AWS access key]', 1, null],
      [token]: { b: 'x [redacted AWS access key]' },
    });
  });
});

describe('what leaves the system', () => {
  it.each(planted)(
    'does not hold %s that came in labels, annotations and notes',
    async (_, token) => {
      const world = createWorld({ isConsoleOpen: true });
      const raised = await world.raise(
        { ...checkoutDown, alertname: `Down ${token}`, host: token },
        { annotations: { summary: `It says ${token}`, runbook_url: `https://x.example/${token}` } },
      );
      const [intent] = raised.intents;
      if (intent === undefined) throw new Error('An open incident has a page.');
      const pages = [
        composePage(raised, { ...intent, text: token }, 'https://c.example'),
        composeFallback(raised, { ...intent, text: token }, 'https://c.example'),
      ];
      const { id } = await world.act(raised, {
        kind: 'acknowledge',
        by: { kind: 'person', via: 'api', id: 'ada', name: 'ada' },
        note: token,
        occurredAtMs: world.clock.now(),
      });
      const answers = await Promise.all(
        [
          '/',
          `/incidents/${id}`,
          `/v1/incidents`,
          `/v1/incidents/${id}`,
          `/v1/incidents/${id}/timeline`,
          `/v1/incidents/${id}/postmortem`,
          `/v1/incidents/${id}/postmortem?format=json`,
        ].map((url) => world.ask({ url, as: ada })),
      );

      // Line breaks and Markdown's escapes would hide a token from the search.
      const core = token.replaceAll('\n', ' ').slice(-24);
      for (const text of [...answers.map(({ body }) => body), JSON.stringify(pages)]) {
        expect(text).toContain('redacted');
        expect(text.replaceAll('\\', '')).not.toContain(core);
      }
    },
  );
});
