import { describe, expect, it } from 'vitest';
import { createSlackChat } from '../../lib/adapters/slack/chat.ts';
import { ok } from '../../lib/domain/shared/result.ts';
import { epochMs } from '../../lib/domain/shared/time.ts';
import type { Chat } from '../../lib/ports/chat.ts';
import type { Freshness } from '../../lib/ports/secrets.ts';
import { misbehaving, type Behaviour, type Misbehaving } from './misbehaving-server.ts';

const says = (answer: object): Behaviour => ({ status: 200, body: JSON.stringify(answer) });
const refuses = (error: string): Behaviour => says({ ok: false, error });

const place = { channel: 'C1', threadTs: null };
const message = { text: 'down', blocks: [{ type: 'divider' }] };
const hello = { place, message, key: 'k1' };

interface Slack extends Misbehaving {
  readonly chat: Chat;
  /** The calls that came, by method, with their forms. */
  readonly calls: () => readonly (readonly [string, Readonly<Record<string, string>>])[];
}

/** The adapter before a Slack that answers as told. */
async function slack(...behaviours: readonly Behaviour[]): Promise<Slack> {
  const server = await misbehaving(...behaviours);
  const workspaceOf = (botToken: string) => ({ acme: { signingSecrets: [], botToken } });
  const secrets = {
    slack: (freshness: Freshness = 'cached') =>
      Promise.resolve(ok({ workspaces: workspaceOf(`xoxb-${freshness}`) })),
  };
  const chat = createSlackChat({ apiUrl: `${server.url}/api/`, secrets });
  const calls: Slack['calls'] = () =>
    server.seen.map(({ path, body }) => [
      path.replace('/api/', ''),
      Object.fromEntries(new URLSearchParams(body)),
    ]);
  return { ...server, chat, calls };
}

describe('a post', () => {
  it('carries text, layout and its key, and unfurls nothing', async () => {
    const { chat, calls } = await slack(says({ ok: true, channel: 'C1', ts: '1.2' }));
    const thread = { channel: 'C1', threadTs: '1.1' };
    const posted = await chat.post('acme', { ...hello, place: thread });
    expect(posted).toEqual({ ok: true, value: { channel: 'C1', ts: '1.2' } });
    expect(calls()).toEqual([
      [
        'chat.postMessage',
        {
          channel: 'C1',
          thread_ts: '1.1',
          text: 'down',
          blocks: '[{"type":"divider"}]',
          metadata: '{"event_type":"tocsin_post","event_payload":{"key":"k1"}}',
          unfurl_links: 'false',
          unfurl_media: 'false',
        },
      ],
    ]);
  });

  it('to a public channel that we were never in joins it first', async () => {
    const { chat, calls } = await slack(
      refuses('not_in_channel'),
      says({ ok: true }),
      says({ ok: true, channel: 'C1', ts: '1.2' }),
    );
    expect(await chat.post('acme', hello)).toMatchObject({ ok: true });
    const methods = calls().map(([method]) => method);
    expect(methods).toEqual(['chat.postMessage', 'conversations.join', 'chat.postMessage']);
  });

  it.each<[string, Behaviour, object]>([
    ['an archived channel', refuses('is_archived'), { kind: 'not_found', about: 'channel' }],
    ['a revoked token', refuses('token_revoked'), { kind: 'rejected', about: 'access' }],
    ['bad blocks', refuses('invalid_blocks'), { kind: 'rejected', about: 'message' }],
    ['too long a text', refuses('msg_too_long'), { kind: 'too_large', about: 'message' }],
    ['a code that nobody knows', refuses('brand_new'), { kind: 'rejected', reason: 'brand_new' }],
    ['trouble of its own', refuses('fatal_error'), { kind: 'unavailable', about: 'service' }],
    ['a limit in the body', refuses('ratelimited'), { kind: 'throttled', retryAfterMs: 30_000 }],
    [
      'a limit with its wait',
      { status: 429, headers: { 'retry-after': '7' } },
      { kind: 'throttled', retryAfterMs: 7000 },
    ],
    ['a limit without one', { status: 429 }, { kind: 'throttled', retryAfterMs: 30_000 }],
    ['an error page', { status: 503, body: '<html>' }, { kind: 'unavailable' }],
    [
      'no JSON',
      { status: 200, body: '<html>' },
      { kind: 'unavailable', about: 'service', reason: 'unreadable_answer' },
    ],
    ['a cut connection', 'cut', { kind: 'unavailable', reason: 'unreachable' }],
  ])('that meets %s says so, after one try', async (_what, behaviour, error) => {
    const { chat, seen } = await slack(behaviour);
    const posted = await chat.post('acme', hello);
    expect(posted).toMatchObject({ ok: false, error });
    expect(JSON.stringify(posted)).not.toContain('xoxb');
    expect(seen.length).toBeLessThanOrEqual(2);
  });

  it.each(['silent', 'half'] as const)('ends in time when the answer is %s', async (behaviour) => {
    const { chat, seen } = await slack(behaviour);
    expect(await chat.post('acme', hello)).toMatchObject({ error: { kind: 'timeout' } });
    expect(seen).toHaveLength(1);
  });

  it('goes out with the new token when the old one was just replaced', async () => {
    const { chat, seen } = await slack(
      refuses('token_revoked'),
      says({ ok: true, channel: 'C1', ts: '1.2' }),
    );
    expect(await chat.post('acme', hello)).toMatchObject({ ok: true });
    const tokens = seen.map(({ headers }) => headers.authorization);
    expect(tokens).toEqual(['Bearer xoxb-cached', 'Bearer xoxb-fresh']);
  });

  it('needs a workspace in the secret', async () => {
    const { chat, seen } = await slack(says({ ok: true }));
    const posted = await chat.post('globex', hello);
    expect(posted).toMatchObject({ error: { about: 'access', reason: 'no_workspace' } });
    expect(seen).toEqual([]);
  });
});

describe('finding a post', () => {
  const mark = { event_type: 'tocsin_post', event_payload: { key: 'k1' } };
  const since = { key: 'k1', sinceMs: epochMs(1_700_000_000_000) };

  it('goes through the pages of the channel until its key is there', async () => {
    const other = { ts: '1.1', metadata: { ...mark, event_payload: { key: 'k0' } } };
    const { chat, calls } = await slack(
      says({ ok: true, messages: [other, {}], response_metadata: { next_cursor: 'more' } }),
      says({ ok: true, messages: [{ ts: '1.2', metadata: mark }] }),
    );
    const found = await chat.findPosted('acme', { place, ...since });
    expect(found).toEqual({ ok: true, value: { channel: 'C1', ts: '1.2' } });
    expect(calls()).toMatchObject([
      ['conversations.history', { oldest: '1699999940', include_all_metadata: 'true' }],
      ['conversations.history', { cursor: 'more' }],
    ]);
  });

  it('says when it is not there, in a thread', async () => {
    const { chat, calls } = await slack(says({ ok: true, messages: [{ ts: '1.1' }] }));
    const thread = { channel: 'C1', threadTs: '1.1' };
    const found = await chat.findPosted('acme', { place: thread, ...since });
    expect(found).toEqual({ ok: true, value: null });
    expect(calls()).toMatchObject([['conversations.replies', { ts: '1.1', channel: 'C1' }]]);
  });
});

describe('a channel', () => {
  it('is made, and a taken name is told from other refusals', async () => {
    const { chat } = await slack(
      says({ ok: true, channel: { id: 'C9', name: 'inc-1' } }),
      refuses('name_taken'),
      refuses('restricted_action'),
    );
    const wanted = { name: 'inc-1', isPrivate: true };
    expect(await chat.createChannel('acme', wanted)).toEqual({
      ok: true,
      value: { id: 'C9', name: 'inc-1' },
    });
    const taken = { kind: 'conflict', about: 'name', reason: 'name_taken' };
    expect(await chat.createChannel('acme', wanted)).toMatchObject({ error: taken });
    expect(await chat.createChannel('acme', wanted)).toMatchObject({ error: { kind: 'rejected' } });
  });

  it.each<[string, (chat: Chat) => Promise<unknown>, string]>([
    [
      'inviting who is there',
      (chat) => chat.invite('acme', { channel: 'C1', userIds: ['U1'] }),
      'already_in_channel',
    ],
    ['archiving what is archived', (chat) => chat.archive('acme', 'C1'), 'already_archived'],
  ])('takes %s as done', async (_what, call, reason) => {
    const { chat } = await slack(refuses(reason));
    expect(await call(chat)).toEqual({ ok: true, value: undefined });
  });

  it('can be asked whether it is in use', async () => {
    const info = { id: 'C1', name: 'ops', is_archived: true };
    const { chat } = await slack(says({ ok: true, channel: info }), refuses('channel_not_found'));
    expect(await chat.describeChannel('acme', 'C1')).toEqual({
      ok: true,
      value: { id: 'C1', name: 'ops', isArchived: true },
    });
    const gone = { kind: 'not_found', about: 'channel' };
    expect(await chat.describeChannel('acme', 'C2')).toMatchObject({ error: gone });
  });
});

it('an update replaces the layout even by none, and a window opens soon or not at all', async () => {
  const { chat, calls } = await slack(says({ ok: true }), refuses('expired_trigger_id'));
  const updated = { channel: 'C1', ts: '1.2', message: { text: 'plain', blocks: [] } };
  expect(await chat.update('acme', updated)).toEqual({ ok: true, value: undefined });
  const opened = await chat.openView('acme', { triggerId: 't', view: { type: 'modal' } });
  expect(opened).toMatchObject({ error: { about: 'message', reason: 'expired_trigger_id' } });
  expect(calls()).toEqual([
    ['chat.update', { channel: 'C1', ts: '1.2', text: 'plain', blocks: '[]' }],
    ['views.open', { trigger_id: 't', view: '{"type":"modal"}' }],
  ]);
});

it('says who we are', async () => {
  const { chat } = await slack(says({ ok: true, team_id: 'T1', user_id: 'UBOT' }));
  expect(await chat.whoAmI('acme')).toEqual({
    ok: true,
    value: { teamId: 'T1', enterpriseId: null, botUserId: 'UBOT' },
  });
});
