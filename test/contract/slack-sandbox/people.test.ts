import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  ADA,
  button,
  GENERAL,
  GRACE,
  INCIDENTS,
  refusal,
  SAM,
  SECRET,
  section,
  serveApp,
  start,
  TEAM,
  type Behaviour,
  type Body,
  type Received,
} from './harness.ts';

/** A sandbox with an app behind it. */
async function startWithApp(behave: Behaviour = () => ({})) {
  const { app, received } = await serveApp(behave);
  return { ...(await start({ app, rateLimits: 'off' })), received };
}

/** What only Ada sees in the channel. */
const onlyAda = async ({ state }: { readonly state: (as?: string) => Promise<Body> }) => {
  const channels = (await state(ADA))['channels'] as readonly Body[];
  return channels.find(({ id }) => id === INCIDENTS)?.['only_you'];
};

function isSigned({ headers, raw }: Received): boolean {
  const timestamp = String(headers['x-slack-request-timestamp']);
  const base = Buffer.concat([Buffer.from(`v0:${timestamp}:`), raw]);
  const digest = createHmac('sha256', SECRET).update(base).digest('hex');
  const ageS = Math.abs(Date.now() / 1000 - Number(timestamp));
  return headers['x-slack-signature'] === `v0=${digest}` && ageS < 60;
}

describe('a slash command', () => {
  it('comes as a signed form, with names and signs escaped', async () => {
    const { people, received } = await startWithApp();
    await people('command', { text: '/incident role @grace is <b> & 🚨' });

    const [request] = received;
    expect(request && isSigned(request)).toBe(true);
    expect(request?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(Object.fromEntries(request?.form ?? [])).toMatchObject({
      command: '/incident',
      text: `role <@${GRACE}|grace> is &lt;b&gt; &amp; 🚨`,
      team_id: TEAM,
      channel_id: INCIDENTS,
      channel_name: 'incidents',
      user_id: ADA,
      user_name: 'ada',
      is_enterprise_install: 'false',
      token: expect.any(String) as string,
      trigger_id: expect.any(String) as string,
      response_url: expect.stringContaining('/response/') as string,
    });
  });

  it('says of a stranger which workspace it comes from', async () => {
    const { people, received } = await startWithApp();
    await people('command', { as: SAM, text: '/incident ack' });

    expect(received[0]?.form.get('team_id')).not.toBe(TEAM);
  });

  it.each([
    [{ body: { text: 'only *you*' } }, [{ text: 'only *you*', from: 'app' }], 0],
    [{ type: 'text/plain', body: 'plain' }, [{ text: 'plain' }], 0],
    [{ body: { response_type: 'in_channel', text: 'all' } }, [], 1],
    [{ body: { text: 'x', blocks: [section('block')] } }, [{ blocks: [section('block')] }], 0],
    [{ body: '' }, [], 0],
    [
      { status: 500 },
      [{ from: 'slack', text: expect.stringContaining('dispatch_failed') as string }],
      0,
    ],
    [{ status: 401, body: { text: 'no' } }, [{ from: 'slack' }], 0],
    [
      { body: { blocks: [section('x'.repeat(3001))] } },
      [{ from: 'slack', text: expect.stringContaining('invalid_blocks') as string }],
      0,
    ],
  ])('is answered as the app says: %j', async (answer, whispered, said) => {
    const running = await startWithApp(() => answer);
    await running.people('command', { text: '/incident list' });

    expect(await onlyAda(running)).toMatchObject(whispered);
    expect((await running.state()).channels[0]?.messages).toHaveLength(said);
  });

  it('fails after three seconds without an answer', async () => {
    const running = await startWithApp(() => 'silent');
    await running.people('command', { text: '/incident list' });

    expect(await onlyAda(running)).toMatchObject([
      { from: 'slack', text: '/incident failed with the error "operation_timeout"' },
    ]);
  }, 10_000);

  it('is refused when there is none of that name', async () => {
    const { people, received } = await startWithApp();

    expect(await people('command', { text: '/other x' })).toMatchObject({ status: 409 });
    expect(received).toEqual([]);
  });
});

describe('a response URL', () => {
  it('takes five answers, for one person or for all, also where the app is no member', async () => {
    const running = await startWithApp();
    await running.people('command', { channel: GENERAL, text: '/incident list' });
    const url = running.received[0]?.form.get('response_url') ?? '';
    const answer = async (body: object) =>
      (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).status;

    expect(await answer({ text: 'psst' })).toBe(200);
    expect(await answer({ response_type: 'in_channel', text: 'hear' })).toBe(200);
    const general = (await running.state()).channels[1];
    expect(general?.only_you).toMatchObject([{ text: 'psst' }]);
    expect(general?.messages).toMatchObject([{ text: 'hear' }]);
    for (let more = 0; more < 3; more += 1) await answer({ text: 'more' });
    expect(await answer({ text: 'one too many' })).toBe(404);
  });

  it('replaces and takes away what the person was shown', async () => {
    const running = await startWithApp(({ path }) =>
      path === '/commands'
        ? { body: { text: 'x', blocks: [{ type: 'actions', elements: [button('b')] }] } }
        : {},
    );
    await running.people('command', { text: '/incident list' });
    const [shown] = (await onlyAda(running)) as readonly Body[];
    const [block] = shown?.['blocks'] as readonly Body[];
    await running.people('click', {
      ts: shown?.['ts'],
      block_id: block?.['block_id'],
      action_id: 'b',
    });

    const { payload } = running.received[1] ?? {};
    expect(payload?.['container']).toMatchObject({ is_ephemeral: true });
    expect(payload).not.toHaveProperty('message');
    const answer = (body: object) =>
      fetch(String(payload?.['response_url']), { method: 'POST', body: JSON.stringify(body) });
    await answer({ replace_original: true, text: 'done' });
    expect(await onlyAda(running)).toMatchObject([{ text: 'done', blocks: [] }]);
    await answer({ delete_original: true });
    expect(await onlyAda(running)).toEqual([]);
  });
});

describe('a click', () => {
  const blocks = [
    {
      type: 'actions' as const,
      block_id: 'acts',
      elements: [
        button('ack', { value: 'v1' }),
        {
          type: 'overflow' as const,
          action_id: 'more',
          options: [{ text: { type: 'plain_text' as const, text: 'Note' }, value: 'note' }],
        },
      ],
    },
  ];

  async function withCard() {
    const running = await startWithApp();
    const { ts } = await running.web.chat.postMessage({
      channel: INCIDENTS,
      text: 'card',
      blocks,
    });
    return { ...running, ts };
  }

  it('comes as a signed payload, with the message and who clicked', async () => {
    const { people, received, ts } = await withCard();
    await people('click', { as: GRACE, ts, block_id: 'acts', action_id: 'ack' });

    const [request] = received;
    expect(request && isSigned(request)).toBe(true);
    expect(request?.payload).toMatchObject({
      type: 'block_actions',
      team: { id: TEAM },
      enterprise: null,
      user: { id: GRACE, username: 'grace', team_id: TEAM },
      channel: { id: INCIDENTS },
      container: { type: 'message', message_ts: ts, is_ephemeral: false },
      message: { ts, text: 'card' },
      actions: [{ type: 'button', block_id: 'acts', action_id: 'ack', value: 'v1' }],
    });
  });

  it('in a menu tells the option', async () => {
    const { people, received, ts } = await withCard();
    await people('click', { ts, block_id: 'acts', action_id: 'more', chosen: ['note'] });

    expect(received[0]?.payload['actions']).toMatchObject([
      { type: 'overflow' as const, selected_option: { value: 'note' } },
    ]);
  });

  it('of a stranger is told apart by the user’s own team alone', async () => {
    const { people, received, ts } = await withCard();
    await people('click', { as: SAM, ts, block_id: 'acts', action_id: 'ack' });

    const { team, user } = received[0]?.payload ?? {};
    expect(team).toMatchObject({ id: TEAM });
    expect((user as Body)['team_id']).not.toBe(TEAM);
  });

  it('on what is no longer there is sent to nobody', async () => {
    const { people, received, ts } = await withCard();

    for (const where of [{ ts: '1.2' }, { ts, block_id: 'acts', action_id: 'gone' }]) {
      expect((await people('click', where)).status).toBe(409);
    }
    expect(received).toEqual([]);
  });

  it('that the app does not take is told to the person', async () => {
    const running = await startWithApp(() => ({ status: 503 }));
    const { ts } = await running.web.chat.postMessage({
      channel: INCIDENTS,
      text: 'x',
      blocks,
    });
    await running.people('click', { ts, block_id: 'acts', action_id: 'ack' });

    expect(await onlyAda(running)).toMatchObject([{ from: 'slack' }]);
  });
});

describe('a shortcut', () => {
  it('of the composer belongs to no channel; one of a message carries it', async () => {
    const { people, received, state } = await startWithApp();
    await people('message', { text: 'look at this' });
    const ts = (await state()).channels[0]?.messages[0]?.['ts'];
    await people('shortcut', { callback_id: 'tocsin:declare' });
    await people('shortcut', { callback_id: 'tocsin:note', ts });

    const [global, message] = received.map(({ payload }) => payload);
    expect(global).toMatchObject({ type: 'shortcut', callback_id: 'tocsin:declare' });
    expect(global).not.toHaveProperty('channel');
    expect(message).toMatchObject({
      type: 'message_action',
      callback_id: 'tocsin:note',
      message_ts: ts,
      message: { text: 'look at this', user: ADA },
    });
    expect((await people('shortcut', { callback_id: 'tocsin:note' })).status).toBe(409);
  });
});

describe('somebody who writes', () => {
  it('is heard in the channel and in a thread, but not where they are no member', async () => {
    const { people, state, web } = await startWithApp();
    const { ts } = await web.chat.postMessage({ channel: INCIDENTS, text: 'parent' });
    await people('message', { text: 'see https://example.com and #general', thread_ts: ts });

    expect((await state()).channels[0]?.messages[1]).toMatchObject({
      user: ADA,
      thread_ts: ts,
      text: `see <https://example.com> and <#${GENERAL}|general>`,
    });
    const { channel } = await web.conversations.create({ name: 'quiet' });
    expect((await people('message', { channel: channel?.id, text: 'x' })).status).toBe(409);
    await web.conversations.archive({ channel: INCIDENTS });
    expect((await people('message', { text: 'x' })).status).toBe(409);
    expect(
      await refusal(web.chat.update({ channel: INCIDENTS, ts: ts ?? '', text: 'x' })),
    ).toMatchObject({ error: 'is_archived' });
  });
});
