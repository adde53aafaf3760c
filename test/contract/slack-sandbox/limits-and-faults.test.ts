import { describe, expect, it } from 'vitest';
import {
  ADA,
  button,
  INCIDENTS,
  movableTime,
  refusal,
  section,
  start,
  type Body,
  type Running,
} from './harness.ts';

const post = ({ web }: Running, channel = INCIDENTS) =>
  web.chat.postMessage({ channel, text: 'x' });

/** The seconds after which a limited call may come again; it is limited, or the test fails. */
async function waitAsked(call: Promise<unknown>): Promise<number> {
  const error: unknown = await call.then(
    () => new Error('The call was not limited.'),
    (thrown: unknown) => thrown,
  );
  if (typeof error === 'object' && error !== null && 'retryAfter' in error) {
    return Number(error.retryAfter);
  }
  throw error;
}

describe('the rate limits', () => {
  it('take one message a second and channel, after a short burst', async () => {
    const time = movableTime(1_800_000_000_000);
    const running = await start({ timekeeper: time });
    const { channel } = await running.web.conversations.create({ name: 'other' });
    for (let sent = 0; sent < 5; sent += 1) await post(running);

    expect(await waitAsked(post(running))).toBe(1);
    await post(running, channel?.id ?? '');
    time.move(1000);
    await post(running);
    expect(await waitAsked(post(running))).toBe(1);
  });

  it('count each method by itself, by its tier', async () => {
    const time = movableTime(1_800_000_000_000);
    const running = await start({ timekeeper: time });
    const create = (name: string) => running.web.conversations.create({ name });
    for (let made = 0; made < 20; made += 1) await create(`c${made}`);

    expect(await waitAsked(create('one-more'))).toBe(3);
    await post(running);
    time.move(3000);
    await create('one-more');
  });

  it('can be off', async () => {
    const running = await start({ rateLimits: 'off' });
    const posts = Array.from({ length: 30 }, () => post(running));

    expect(await Promise.all(posts)).toHaveLength(30);
  });
});

describe('faults', () => {
  const set = (running: Running, ...faults: readonly object[]) =>
    running.call('POST', '/faults', { faults });

  it('answer what they are told, to the method that they are about, so many times', async () => {
    const running = await start();
    await set(running, {
      kind: 'error',
      error: 'channel_is_limited_access',
      method: 'chat.postMessage',
      times: 1,
    });

    expect(await refusal(post(running))).toMatchObject({ error: 'channel_is_limited_access' });
    await post(running);
  });

  it('limit with the seconds that they are told', async () => {
    const running = await start();
    await set(running, { kind: 'status', status: 429, retryAfterS: 30 });

    expect(await waitAsked(post(running))).toBe(30);
    expect(await waitAsked(running.web.auth.test())).toBe(30);
  });

  it.each(['down', 'lost'])('%s cuts the connection', async (kind) => {
    const running = await start();
    await set(running, { kind, times: 1 });

    await expect(post(running)).rejects.toThrow();
    const { channels } = await running.state();
    expect(channels[0]?.messages).toHaveLength(kind === 'lost' ? 1 : 0);
  });

  it('slow answers late', async () => {
    const running = await start();
    await set(running, { kind: 'slow', delayMs: 1 });

    expect(await post(running)).toMatchObject({ ok: true });
  });

  it('are shown, taken back, and refused when they are none', async () => {
    const running = await start();
    await set(running, { kind: 'down' });

    expect((await running.call('GET', '/faults')).body).toEqual({ faults: [{ kind: 'down' }] });
    await running.call('PUT', '/faults', { faults: [] });
    await post(running);
    for (const fault of [{ kind: 'rain' }, { kind: 'slow' }, { kind: 'down', times: 0 }]) {
      const { status, body } = await set(running, fault);
      expect([status, body['message']]).toEqual([400, expect.stringContaining('This is no fault')]);
    }
  });

  it('leave people alone', async () => {
    const running = await start();
    await set(running, { kind: 'down' });

    expect((await running.people('message', { text: 'Slack is down?' })).status).toBe(200);
  });
});

describe('blocks', () => {
  const plain = (text: string) => ({ type: 'plain_text', text });
  const option = (value: string) => ({ text: plain('x'), value });
  const select = (more: object) => ({ type: 'static_select', action_id: 'a', ...more });
  const actions = (...elements: readonly object[]) => ({ type: 'actions', elements });

  const refused: readonly (readonly [string, readonly object[], string])[] = [
    ['51 of them', Array.from({ length: 51 }, () => section('x')), 'no more than 50 items allowed'],
    ['a text of 3001 characters', [section('x'.repeat(3001))], 'must be less than 3001 characters'],
    ['an empty text', [section('')], 'must be more than 0 characters'],
    ['a section of nothing', [{ type: 'section' }], 'missing required field: text or fields'],
    [
      'eleven fields',
      [{ type: 'section', fields: Array.from({ length: 11 }, () => plain('x')) }],
      'no more than 10 items allowed',
    ],
    [
      'a header in mrkdwn',
      [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }],
      'unsupported',
    ],
    ['a header of 151 characters', [{ type: 'header', text: plain('x'.repeat(151)) }], 'than 151'],
    [
      '26 buttons',
      [actions(...Array.from({ length: 26 }, (_, at) => button(`b${at}`)))],
      '25 items',
    ],
    ['no button', [actions()], 'no fewer than 1'],
    ['a button text of 76', [actions(button('x'.repeat(76)))], 'must be less than 76 characters'],
    ['a button value of 2001', [actions(button('b', { value: 'x'.repeat(2001) }))], 'than 2001'],
    ['a style that is none', [actions(button('b', { style: 'loud' }))], 'one of primary, danger'],
    [
      'a script for a link',
      [actions(button('b', { url: 'javascript:alert(1)' }))],
      'must be a URL',
    ],
    ['the same button twice', [actions(button('b'), button('b'))], '`action_id` b already exists'],
    [
      'the same block twice',
      [
        { ...section('x'), block_id: 'one' },
        { ...section('y'), block_id: 'one' },
      ],
      '`block_id` one already exists',
    ],
    [
      'six in an overflow menu',
      [actions({ type: 'overflow', options: ['1', '2', '3', '4', '5', '6'].map(option) })],
      'no more than 5 items',
    ],
    [
      'an option value of 151',
      [actions(select({ options: [option('x'.repeat(151))] }))],
      'must be less than 151 characters',
    ],
    ['a menu without options', [actions(select({}))], 'missing required field: options'],
    [
      'eleven pieces of context',
      [{ type: 'context', elements: Array.from({ length: 11 }, () => plain('x')) }],
      'no more than 10 items',
    ],
    ['an input in a message', [{ type: 'input' }], 'unsupported type: input'],
    ['a field that is none', [{ type: 'divider', colour: 'red' }], 'invalid additional property'],
  ];

  it.each(refused)('are refused with %s', async (_, blocks, says) => {
    const { web } = await start();
    // Wrong on purpose, so no type of Slack's fits.
    const message = { channel: INCIDENTS, text: 'x', blocks: blocks as never };
    const { error, errors } = await refusal(web.chat.postMessage(message));

    expect(error).toBe('invalid_blocks');
    expect(String(errors)).toContain(says);
    expect(String(errors)).toContain('[json-pointer:/blocks');
  });

  it('may be as large as Slack allows, counted in characters', async () => {
    const { web } = await start();
    const blocks = Array.from({ length: 50 }, () => section('🚨'.repeat(3000)));

    expect(await web.chat.postMessage({ channel: INCIDENTS, text: 'x', blocks })).toMatchObject({
      ok: true,
    });
  });

  it('get the ids that they came without', async () => {
    const { web, state } = await start();
    const { action_id: _, ...nameless } = button('x');
    await web.chat.postMessage({
      channel: INCIDENTS,
      text: 'x',
      blocks: [actions(nameless)] as never,
    });

    const blocks = (await state(ADA)).channels[0]?.messages[0]?.['blocks'] as readonly Body[];
    expect(blocks).toMatchObject([
      {
        block_id: expect.stringMatching(/^\w{5}$/) as string,
        elements: [{ action_id: expect.stringMatching(/^\w{5}$/) as string }],
      },
    ]);
  });
});
