import { describe, expect, it } from 'vitest';
import {
  ADA,
  button,
  clientAt,
  GENERAL,
  GRACE,
  INCIDENTS,
  refusal,
  section,
  SHOP,
  start,
  TEAM,
} from './harness.ts';

describe('who calls', () => {
  it('is told who it is', async () => {
    const { web } = await start();

    expect(await web.auth.test()).toMatchObject({
      ok: true,
      team: 'Example Shop',
      team_id: TEAM,
      user: 'tocsin',
      user_id: expect.stringMatching(/^U/) as string,
      bot_id: expect.stringMatching(/^B/) as string,
      is_enterprise_install: false,
    });
  });

  it('is refused without a token, with a wrong one, and for a method that is none', async () => {
    const { url, web, call } = await start();

    expect((await call('POST', '/api/auth.test')).body).toEqual({ ok: false, error: 'not_authed' });
    expect(await refusal(clientAt(url, 'xoxb-wrong').auth.test())).toMatchObject({
      error: 'invalid_auth',
    });
    expect(await refusal(web.apiCall('chat.sing'))).toMatchObject({ error: 'unknown_method' });
  });

  it('needs the scope of the method', async () => {
    const { web } = await start({ app: { scopes: ['channels:read'] } });

    expect(await refusal(web.chat.postMessage({ channel: INCIDENTS, text: 'x' }))).toMatchObject({
      error: 'missing_scope',
      needed: 'chat:write',
      provided: 'channels:read',
    });
  });

  it('sees and touches its own workspace alone', async () => {
    const other = { ...SHOP, teamId: 'T0OTHER', botToken: 'xoxb-other', channels: [] };
    const { web, url } = await start({ workspaces: [SHOP, other] });
    const theirs = clientAt(url, 'xoxb-other');

    expect(await refusal(theirs.chat.postMessage({ channel: INCIDENTS, text: 'x' }))).toMatchObject(
      {
        error: 'channel_not_found',
      },
    );
    expect(await web.chat.postMessage({ channel: INCIDENTS, text: 'x' })).toMatchObject({
      ok: true,
    });
  });

  it('may send JSON too, and is told what is missing', async () => {
    const { url } = await start();
    const response = await fetch(`${url}/api/chat.update`, {
      method: 'POST',
      headers: { authorization: 'Bearer xoxb-of-the-shop', 'content-type': 'application/json' },
      body: JSON.stringify({ channel: INCIDENTS }),
    });

    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: { messages: ['[ERROR] missing required field: ts'] },
    });
  });
});

describe('messages', () => {
  it('are posted, found by their metadata, and changed in place', async () => {
    const { web } = await start();
    const metadata = { event_type: 'tocsin', event_payload: { key: 'k1' } };
    const { ts = '' } = await web.chat.postMessage({
      channel: INCIDENTS,
      text: 'down',
      blocks: [section('*down*')],
      metadata,
    });
    await web.chat.update({ channel: INCIDENTS, ts, text: 'up', blocks: [section('*up*')] });

    const { messages } = await web.conversations.history({
      channel: INCIDENTS,
      include_all_metadata: true,
    });
    expect(messages).toMatchObject([
      { ts, text: 'up', blocks: [section('*up*')], metadata, edited: {} },
    ]);
    const plain = await web.conversations.history({ channel: INCIDENTS });
    expect(plain.messages?.[0]).not.toHaveProperty('metadata');
  });

  it('have a thread, which the channel shows only as a number', async () => {
    const { web } = await start();
    const { ts = '' } = await web.chat.postMessage({ channel: INCIDENTS, text: 'parent' });
    const reply = await web.chat.postMessage({ channel: INCIDENTS, text: 'reply', thread_ts: ts });

    const { messages } = await web.conversations.history({ channel: INCIDENTS });
    expect(messages).toMatchObject([{ ts, reply_count: 1, latest_reply: reply.ts }]);
    const thread = await web.conversations.replies({ channel: INCIDENTS, ts });
    expect(thread.messages?.map(({ text }) => text)).toEqual(['parent', 'reply']);
    expect(
      await refusal(
        web.chat.postMessage({ channel: INCIDENTS, text: 'x', thread_ts: reply.ts ?? '' }),
      ),
    ).toMatchObject({ error: 'cannot_reply_to_message' });
  });

  it('come in pages, the newest first, within bounds', async () => {
    const { web } = await start({ rateLimits: 'off' });
    const sent: string[] = [];
    for (const text of ['1', '2', '3', '4', '5']) {
      sent.push((await web.chat.postMessage({ channel: INCIDENTS, text })).ts ?? '');
    }
    const first = await web.conversations.history({ channel: INCIDENTS, limit: 2 });
    const cursor = first.response_metadata?.next_cursor ?? '';
    const next = await web.conversations.history({ channel: INCIDENTS, limit: 2, cursor });
    const since = await web.conversations.history({ channel: INCIDENTS, oldest: sent[2] ?? '' });

    const texts = ({ messages = [] }: typeof first) => messages.map(({ text }) => text);
    expect([texts(first), first.has_more]).toEqual([['5', '4'], true]);
    expect(texts(next)).toEqual(['3', '2']);
    expect(texts(since)).toEqual(['5', '4']);
    expect(new Set(sent).size).toBe(5);
  });

  it.each([
    ['channel_not_found', { channel: 'C0NONE', text: 'x' }],
    ['not_in_channel', { channel: GENERAL, text: 'x' }],
    ['no_text', { channel: INCIDENTS, text: '' }],
    ['thread_not_found', { channel: INCIDENTS, text: 'x', thread_ts: '1.2' }],
    ['invalid_blocks', { channel: INCIDENTS, text: 'x', blocks: [section('x'.repeat(3001))] }],
  ])('are refused with %s', async (error, message) => {
    const { web } = await start();

    expect(await refusal(web.chat.postMessage(message))).toMatchObject({ ok: false, error });
  });

  it('of others are not to be changed', async () => {
    const { web, people, state } = await start();
    await people('message', { text: 'hello' });
    const [message] = (await state()).channels[0]?.messages ?? [];
    const ts = String(message?.['ts']);

    const update = (of: string) => web.chat.update({ channel: INCIDENTS, ts: of, text: 'x' });
    expect(await refusal(update(ts))).toMatchObject({ error: 'cant_update_message' });
    expect(await refusal(update('1.2'))).toMatchObject({ error: 'message_not_found' });
  });

  it('for one person are seen by nobody else, and only in a channel of theirs', async () => {
    const { web, state } = await start();
    await web.chat.postEphemeral({ channel: INCIDENTS, user: ADA, text: 'psst' });

    expect((await state(ADA)).channels[0]?.only_you).toMatchObject([{ text: 'psst', from: 'app' }]);
    expect((await state(GRACE)).channels[0]?.only_you).toEqual([]);
    const { channel } = await web.conversations.create({ name: 'quiet' });
    const elsewhere = { channel: channel?.id ?? '', user: ADA, text: 'psst' };
    expect(await refusal(web.chat.postEphemeral(elsewhere))).toMatchObject({
      error: 'user_not_in_channel',
    });
  });

  it('have an address in the view', async () => {
    const { web, url } = await start();
    const { ts = '' } = await web.chat.postMessage({
      channel: INCIDENTS,
      text: 'x',
      blocks: [{ type: 'actions', elements: [button('ack')] }],
    });

    const { permalink = '' } = await web.chat.getPermalink({ channel: INCIDENTS, message_ts: ts });
    expect(permalink).toBe(`${url}?workspace=${TEAM}&channel=${INCIDENTS}#m-${ts}`);
    expect(await (await fetch(permalink)).text()).toContain(`id="m-${ts}"`);
  });
});

describe('channels', () => {
  it('are made, named, filled and archived, and say so themselves', async () => {
    const { web, state } = await start();
    const made = await web.conversations.create({ name: 'inc-checkout', is_private: true });
    const channel = made.channel?.id ?? '';
    await web.conversations.setTopic({ channel, topic: 'P0 <https://example.com|bridge>' });
    await web.conversations.invite({ channel, users: `${ADA},${GRACE}` });
    await web.conversations.archive({ channel });

    const info = await web.conversations.info({ channel });
    expect(info.channel).toMatchObject({
      name: 'inc-checkout',
      is_private: true,
      is_archived: true,
      is_member: true,
      num_members: 3,
      topic: { value: 'P0 <https://example.com|bridge>' },
    });
    const said = (await state()).channels.find(({ id }) => id === channel)?.messages ?? [];
    expect(said.map(({ subtype }) => subtype)).toEqual([
      'channel_join',
      'channel_topic',
      'channel_join',
      'channel_join',
      'channel_archive',
    ]);
    expect(await refusal(web.chat.postMessage({ channel, text: 'x' }))).toMatchObject({
      error: 'is_archived',
    });
    expect(await refusal(web.conversations.archive({ channel }))).toMatchObject({
      error: 'already_archived',
    });
    expect(await refusal(web.conversations.create({ name: 'inc-checkout' }))).toMatchObject({
      error: 'name_taken',
    });
  });

  it.each([
    ['', 'invalid_name_required'],
    ['Inc', 'invalid_name_specials'],
    ['inc checkout', 'invalid_name_specials'],
    ['---', 'invalid_name_punctuation'],
    ['x'.repeat(81), 'invalid_name_maxlength'],
  ])('cannot be called %j', async (name, error) => {
    const { web } = await start();

    expect(await refusal(web.conversations.create({ name }))).toMatchObject({ error });
  });

  it('take those who can be invited, with force whatever the others are', async () => {
    const { web } = await start();
    const { user_id: self = '' } = await web.auth.test();
    const { channel } = await web.conversations.create({ name: 'inc-1' });
    const to = { channel: channel?.id ?? '' };

    for (const [users, error] of [
      [`${ADA},U0NOBODY`, 'user_not_found'],
      [self, 'cant_invite_self'],
    ] as const) {
      expect(await refusal(web.conversations.invite({ ...to, users }))).toMatchObject({ error });
    }
    const forced = await web.conversations.invite({ ...to, users: `${ADA},U0NO`, force: true });
    expect(forced).toMatchObject({ ok: true, errors: [{ user: 'U0NO', error: 'user_not_found' }] });
    expect(await refusal(web.conversations.invite({ ...to, users: ADA }))).toMatchObject({
      error: 'already_in_channel',
    });
  });

  it('that are public can be joined', async () => {
    const { web } = await start();
    await web.conversations.join({ channel: GENERAL });

    expect(await web.chat.postMessage({ channel: GENERAL, text: 'x' })).toMatchObject({ ok: true });
    expect(await web.conversations.join({ channel: GENERAL })).toMatchObject({
      warning: 'already_in_channel',
    });
  });

  it('have a topic of 250 characters at most', async () => {
    const { web } = await start();
    const set = (topic: string) => web.conversations.setTopic({ channel: INCIDENTS, topic });

    expect(await set('🚨'.repeat(250))).toMatchObject({ ok: true });
    expect(await refusal(set('x'.repeat(251)))).toMatchObject({ error: 'too_long' });
  });
});

describe('people', () => {
  it('are found by id and by e-mail address', async () => {
    const { web } = await start();
    const { user } = await web.users.info({ user: ADA });

    expect(user).toMatchObject({ id: ADA, team_id: TEAM, is_restricted: false, is_bot: false });
    expect((await web.users.lookupByEmail({ email: 'ADA@example.com' })).user?.id).toBe(ADA);
    expect((await web.users.info({ user: 'U0GIL' })).user).toMatchObject({ is_restricted: true });
    expect((await web.users.info({ user: 'U0SAM' })).user?.team_id).not.toBe(TEAM);
    expect(await refusal(web.users.info({ user: 'U0NO' }))).toMatchObject({
      error: 'user_not_found',
    });
    expect(await refusal(web.users.lookupByEmail({ email: 'no@example.com' }))).toMatchObject({
      error: 'users_not_found',
    });
  });
});
