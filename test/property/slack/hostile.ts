import fc from 'fast-check';

/** What people have tried on chats and their renderers. */
const tricks = [
  '<!channel>',
  '<!here|here>',
  '<!everyone>',
  '<@U0ADA>',
  '<#C0INC>',
  '<!subteam^S1|@ops>',
  '<!date^1^{time}|now>',
  '<https://evil.example|login>',
  '<https://wiki.example@evil.example|wiki>',
  'https://evil.example/login',
  '&lt;!channel&gt;',
  '&amp;lt;!channel&amp;gt;',
  '*bold* _italic_ ~struck~ `code`',
  '```\nblock\n```',
  '> quoted',
  '\n> quoted',
  '\n\n*',
  '_',
  '__init__ and _x_',
  'node_cpu_seconds_total',
  'a|b',
  '|>',
  '>|<',
  '<',
  '&',
  ':rotating_light:',
  '@here #general',
  '\u202egnp.exe\u2066',
  'a\u0000b\u200bc\u2028d',
  '\ud800 lone',
  '🔥👩‍👩‍👧',
  '"}],"type":"actions"',
  '__proto__',
  'password=hunter22222',
] as const;

/** Short enough for no text to be cut. */
export const hostile = fc
  .array(fc.oneof(fc.constantFrom(...tricks), fc.string({ unit: 'binary', maxLength: 8 })), {
    maxLength: 3,
  })
  .map((parts) => parts.join(''));

/** Longer than anything that Slack takes. */
export const endless = fc
  .tuple(fc.constantFrom(...tricks, 'x', '🔥', '&'), fc.integer({ min: 1, max: 4_000 }))
  .map(([part, count]) => part.repeat(count).slice(0, 6_000));
