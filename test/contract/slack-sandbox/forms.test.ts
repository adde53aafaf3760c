import { describe, expect, it } from 'vitest';
import {
  ADA,
  button,
  GRACE,
  movableTime,
  refusal,
  serveApp,
  start,
  type AppAnswer,
  type Body,
} from './harness.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const option = (value: string) => ({ text: plain(value), value });

const FORM = {
  type: 'modal' as const,
  callback_id: 'tocsin:update',
  private_metadata: '{"t":"default"}',
  title: plain('Publish an update'),
  submit: plain('Publish'),
  notify_on_close: true,
  blocks: [
    {
      type: 'input' as const,
      block_id: 'issue',
      label: plain('Issue'),
      element: { type: 'plain_text_input' as const, action_id: 'v', max_length: 20 },
    },
    {
      type: 'input' as const,
      block_id: 'severity',
      optional: true,
      label: plain('Severity'),
      element: {
        type: 'static_select' as const,
        action_id: 'v',
        options: [option('P0'), option('P1')],
      },
    },
    { type: 'actions' as const, block_id: 'more', elements: [button('preview')] },
  ],
};

/** A sandbox whose app opens `view` at every command, and answers a form with `submitted`. */
async function withForm(submitted: AppAnswer = {}, view: object = FORM) {
  const opened: unknown[] = [];
  const app = await serveApp(async ({ form, path, payload }) => {
    if (path !== '/commands') return payload['type'] === 'view_submission' ? submitted : {};
    const trigger_id = form.get('trigger_id') ?? '';
    const open = running.web.views.open({ trigger_id, view: view as never });
    opened.push(await open.catch((error: unknown) => error));
    return {};
  });
  const running = await start({ app: app.app });
  await running.people('command', { text: '/incident update' });
  const view_id = (await running.state()).view?.['id'];
  const submit = (values: object) => running.people('submit', { view_id, values });
  return { ...running, received: app.received, opened, view_id, submit };
}

const filled = { issue: { v: ['Nobody can pay'] }, severity: { v: ['P1'] } };

describe('a form', () => {
  it('opens for who asked for it', async () => {
    const { state } = await withForm();

    expect((await state(ADA)).view).toMatchObject({ callback_id: 'tocsin:update' });
    expect((await state(GRACE)).view).toBeNull();
  });

  it('is sent with what was filled in, and closes', async () => {
    const { submit, received, state } = await withForm();
    await submit(filled);

    expect(received.at(-1)?.payload).toMatchObject({
      type: 'view_submission',
      user: { id: ADA },
      response_urls: [],
      view: {
        callback_id: 'tocsin:update',
        private_metadata: '{"t":"default"}',
        state: {
          values: {
            issue: { v: { type: 'plain_text_input', value: 'Nobody can pay' } },
            severity: { v: { type: 'static_select', selected_option: option('P1') } },
          },
        },
      },
    });
    expect((await state()).view).toBeNull();
  });

  it('tells of an input that was left empty as null', async () => {
    const { submit, received } = await withForm();
    await submit({ issue: { v: ['x'] }, severity: { v: [''] } });

    const { state } = received.at(-1)?.payload['view'] as { readonly state: Body };
    expect(state).toMatchObject({ values: { severity: { v: { selected_option: null } } } });
  });

  it.each([
    [{}, 'Please complete this required field.'],
    [{ issue: { v: ['x'.repeat(21)] } }, 'Please enter at most 20 characters.'],
  ])('is not sent before it is filled in: %j', async (values, says) => {
    const { submit, received, state } = await withForm();
    await submit(values);

    expect((await state()).view).toMatchObject({ errors: { issue: says } });
    expect(received).toHaveLength(1);
  });

  it('stays open with what the app finds wrong', async () => {
    const errors = { issue: 'Say what customers see.' };
    const { submit, state } = await withForm({ body: { response_action: 'errors', errors } });
    await submit(filled);

    expect((await state()).view).toMatchObject({ errors });
  });

  it('gives way to another, or is put below it', async () => {
    const next = { type: 'modal', title: plain('Done'), blocks: [{ type: 'divider' }] };
    const update = await withForm({ body: { response_action: 'update', view: next } });
    await update.submit(filled);
    expect((await update.state()).view).toMatchObject({ id: update.view_id, title: plain('Done') });

    const push = await withForm({ body: { response_action: 'push', view: next } });
    await push.submit(filled);
    const over = (await push.state()).view;
    expect(over).toMatchObject({ previous_view_id: push.view_id, root_view_id: push.view_id });
    await push.people('close', { view_id: over?.['id'] });
    expect((await push.state()).view).toMatchObject({ id: push.view_id });
  });

  it.each([{ status: 500 }, { body: { response_action: 'update', view: { type: 'modal' } } }])(
    'stays open when the answer is none: %j',
    async (answer) => {
      const { submit, state } = await withForm(answer);
      await submit(filled);

      expect((await state()).view).toMatchObject({ errors: { '': expect.any(String) as string } });
    },
  );

  it('tells the app when it is closed, where that was asked for', async () => {
    const { people, view_id, received, state } = await withForm();
    await people('close', { view_id });

    expect(received.at(-1)?.payload).toMatchObject({ type: 'view_closed', is_cleared: false });
    expect((await state()).view).toBeNull();
    expect((await people('submit', { view_id, values: {} })).status).toBe(409);
  });

  it('has buttons of its own', async () => {
    const { people, view_id, received } = await withForm();
    const where = { view_id, block_id: 'more', action_id: 'preview', values: filled };
    await people('click', where);

    expect(received.at(-1)?.payload).toMatchObject({
      type: 'block_actions',
      container: { type: 'view', view_id },
      view: { state: { values: { issue: { v: { value: 'Nobody can pay' } } } } },
      actions: [{ action_id: 'preview' }],
    });
  });

  it('is updated by its id, unless it changed meanwhile', async () => {
    const { web, state, view_id } = await withForm();
    const hash = String((await state()).view?.['hash']);
    const view = { ...FORM, title: plain('Changed') };
    const by = { view_id: String(view_id), view };

    expect(await web.views.update({ ...by, hash })).toMatchObject({ ok: true });
    expect(await refusal(web.views.update({ ...by, hash }))).toMatchObject({
      error: 'hash_conflict',
    });
    expect(await refusal(web.views.update({ ...by, view_id: 'V0' }))).toMatchObject({
      error: 'not_found',
    });
  });

  it.each([
    [{ ...FORM, title: plain('x'.repeat(25)) }, 'must be less than 25 characters'],
    [{ ...FORM, submit: undefined }, 'missing required field: submit'],
    [{ ...FORM, private_metadata: 'x'.repeat(3001) }, 'must be less than 3001 characters'],
    [{ ...FORM, blocks: Array.from({ length: 101 }, () => ({ type: 'divider' })) }, '100 items'],
  ])('is refused when Slack could not show it', async (view, says) => {
    const { opened } = await withForm({}, view);

    expect(opened).toMatchObject([
      { data: { error: 'invalid_arguments', errors: [expect.stringContaining(says)] } },
    ]);
  });
});

describe('a trigger', () => {
  const trigger = async (time = movableTime(1_800_000_000_000)) => {
    const app = await serveApp();
    const running = await start({ app: app.app, timekeeper: time });
    await running.people('command', { text: '/incident update' });
    const trigger_id = app.received[0]?.form.get('trigger_id') ?? '';
    return {
      time,
      open: (id = trigger_id) => running.web.views.open({ trigger_id: id, view: FORM }),
    };
  };

  it('opens one form', async () => {
    const { open } = await trigger();
    await open();

    expect(await refusal(open())).toMatchObject({ error: 'exchanged_trigger_id' });
    expect(await refusal(open('1.2.3'))).toMatchObject({ error: 'invalid_trigger_id' });
  });

  it('ends after three seconds', async () => {
    const { time, open } = await trigger();
    time.move(3001);

    expect(await refusal(open())).toMatchObject({ error: 'expired_trigger_id' });
  });
});
