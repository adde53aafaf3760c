import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { renderForm } from '../../../../lib/codec/slack/form.ts';
import { decodeSlackCommand, decodeSlackInteraction } from '../../../../lib/codec/slack/request.ts';
import { actionsFor } from '../../../../lib/codec/slack/card-actions.ts';
import { stampOf } from '../../../../lib/domain/verbs/stamp.ts';
import { acknowledged, at, fold, paged, tenant } from '../../domain/samples.ts';

type Fields = Readonly<Record<string, string>>;

const form = (fields: Fields): Buffer => Buffer.from(new URLSearchParams(fields).toString());
const payload = (value: unknown): Buffer => form({ payload: JSON.stringify(value) });

const ada = { id: 'U0ADA', username: 'root', name: 'root', team_id: 'T0ACME' };
const base = { team: { id: 'T0ACME', domain: 'acme' }, user: ada, trigger_id: '1.2.x' };

const commandFields = {
  team_id: 'T0ACME',
  user_id: 'U0ADA',
  user_name: 'root',
  channel_id: 'C0INC',
  command: '/incident',
  text: 'ack',
  trigger_id: '1.2.x',
};

const valueOf = <Value>(
  result:
    { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly error: unknown },
): Value => {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};

describe('a command', () => {
  it('is of the ids in the payload, whatever names stand beside them (S15)', () => {
    expect(valueOf(decodeSlackCommand(form(commandFields)))).toEqual({
      kind: 'command',
      actor: {
        enterpriseId: null,
        teamId: 'T0ACME',
        userId: 'U0ADA',
        userTeamId: null,
        isBot: false,
        isGuest: false,
      },
      place: { channel: 'C0INC', threadTs: null },
      text: 'ack',
      triggerId: '1.2.x',
    });
  });

  it.each([
    ['', ''],
    ['  ack  me ', 'ack  me'],
    ['page <@U0BOB|bob> now', 'page <@U0BOB> now'],
    ['note see <#C1|general> and <#C2|>', 'note see #general and #C2'],
    ['link <https://a.example/?x=1&amp;y=2>', 'link https://a.example/?x=1&y=2'],
    ['link <https://a.example|a.example>', 'link https://a.example'],
    ['note <mailto:a@b.example|a@b.example>', 'note a@b.example'],
    ['note <!subteam^S1|@ops> <!here>', 'note @ops @here'],
    ['note a &lt; b &amp;&amp; c &gt; d', 'note a < b && c > d'],
    ['note &amp;lt;', 'note &lt;'],
    ['note caf\u00e9 \ud83d\udd25', 'note caf\u00e9 \ud83d\udd25'],
    ['x'.repeat(9_000), 'x'.repeat(8_192)],
  ])('says %j: %j', (text, spoken) => {
    const decoded = decodeSlackCommand(form({ ...commandFields, text }));
    expect(valueOf(decoded)).toMatchObject({ text: spoken });
  });

  it('of nobody is unreadable, as is one without a command', () => {
    expect(decodeSlackCommand(form({ ...commandFields, user_id: '' })).ok).toBe(false);
    expect(decodeSlackCommand(form({ ...commandFields, command: '' })).ok).toBe(false);
    expect(decodeSlackCommand(Buffer.from('')).ok).toBe(false);
    expect(decodeSlackCommand(Buffer.from([0xff, 0xfe, 0x00])).ok).toBe(false);
    expect(decodeSlackCommand(Buffer.alloc(1_048_577, 0x61)).ok).toBe(false);
  });

  it('with a field twice is unreadable: two readers could differ about it', () => {
    const twice = `${form(commandFields).toString()}&user_id=U0ROOT`;
    expect(decodeSlackCommand(Buffer.from(twice))).toMatchObject({
      error: { reason: 'A field of the form comes twice.' },
    });
  });
});

describe('a body that was signed for one address', () => {
  const click = payload({ ...base, type: 'block_actions', actions: [] });

  it('is refused at the other (S11)', () => {
    expect(decodeSlackCommand(form(commandFields)).ok).toBe(true);
    expect(decodeSlackInteraction(form(commandFields)).ok).toBe(false);
    expect(decodeSlackInteraction(click).ok).toBe(true);
    expect(decodeSlackCommand(click).ok).toBe(false);
  });

  it('is refused at both when it looks like both', () => {
    const both = form({ ...commandFields, payload: JSON.stringify(base) });
    expect(decodeSlackCommand(both).ok).toBe(false);
    expect(decodeSlackInteraction(both).ok).toBe(false);
  });
});

describe('a check of the certificate', () => {
  it('asks for nothing', () => {
    const body = form({ ssl_check: '1', token: 'x' });
    expect(decodeSlackCommand(body)).toEqual({ ok: true, value: { kind: 'ssl_check' } });
    expect(decodeSlackInteraction(body)).toEqual({ ok: true, value: { kind: 'ssl_check' } });
  });
});

describe('a click', () => {
  const incident = fold(paged);
  const { block_id: blockId, elements } = actionsFor(incident, tenant);
  const target = { tenant: 'acme', incidentId: incident.id, stamp: stampOf(incident) };
  const clicked = (action: unknown, more: object = {}) =>
    valueOf(
      decodeSlackInteraction(
        payload({
          ...base,
          type: 'block_actions',
          container: { type: 'message', channel_id: 'C0INC', message_ts: '1.000001' },
          actions: [action],
          ...more,
        }),
      ),
    );

  it('on each button of the card names its verb and what it was drawn for', () => {
    const buttons = elements.filter((element) => element.type === 'button');
    expect(buttons.map((button) => clicked({ ...button, block_id: blockId }))).toMatchObject([
      { verb: 'ack', target },
      { verb: 'update', target },
      { verb: 'note', target },
    ]);
  });

  it('on each entry of the menu does too', () => {
    const menu = elements.find((element) => element.type === 'overflow');
    const verbs = (menu?.options ?? []).map((option) =>
      clicked({ ...menu, block_id: blockId, selected_option: option }),
    );
    expect(verbs).toMatchObject(
      ['resolve', 'severity', 'assign', 'page', 'escalate'].map((verb) => ({ verb, target })),
    );
  });

  it('knows its channel and thread', () => {
    const thread = { container: { channel_id: 'C0INC', thread_ts: '9.000001' } };
    expect(clicked({}, thread)).toMatchObject({
      place: { channel: 'C0INC', threadTs: '9.000001' },
    });
    expect(clicked({})).toMatchObject({ place: { channel: 'C0INC', threadTs: null } });
    expect(clicked({}, { container: {} })).toMatchObject({ place: null });
  });

  it.each([
    [{ action_id: 'other', value: '{}' }, '', null],
    [{ action_id: 'tocsin:ack', value: 'not json' }, 'ack', null],
    [{ action_id: 'tocsin:ack', value: '{"t":"acme","i":7,"s":"x"}' }, 'ack', null],
    [{ action_id: 'tocsin:ack', value: '["acme"]' }, 'ack', null],
    [{ action_id: 'tocsin:more', block_id: 'other' }, '', null],
    [{ action_id: 7 }, '', null],
    ['ack', '', null],
  ])('on %j is the verb %j of %j', (action, verb, drawn) => {
    expect(clicked(action)).toMatchObject({ verb, target: drawn });
  });

  it.each([
    [{ is_bot: true }, { isBot: true }],
    [{ id: 'B0BOT' }, { isBot: true }],
    [{ id: 'USLACKBOT' }, { isBot: true }],
    [{ is_restricted: true }, { isGuest: true }],
    [{ is_ultra_restricted: true }, { isGuest: true }],
    [{ is_stranger: true }, { isGuest: true }],
    [{ team_id: 'T0OTHER' }, { userTeamId: 'T0OTHER', teamId: 'T0ACME' }],
    [{}, { isBot: false, isGuest: false }],
  ])('of the user %j is by %j', (user, actor) => {
    expect(clicked({}, { user: { ...ada, ...user } })).toMatchObject({ actor });
  });

  it('where the app is installed for a whole organisation names no workspace', () => {
    const grid = { team: null, enterprise: { id: 'E0ORG' }, is_enterprise_install: true };
    expect(clicked({}, grid)).toMatchObject({ actor: { teamId: null, enterpriseId: 'E0ORG' } });
  });
});

describe('a form that was sent', () => {
  const incident = fold(acknowledged);
  const submit = (view: object) =>
    valueOf(decodeSlackInteraction(payload({ ...base, type: 'view_submission', view })));
  const asRendered = (name: 'update' | 'role') =>
    JSON.parse(
      JSON.stringify(renderForm({ name, incident, values: {}, choices: {}, occurredAtMs: at(7) })),
    ) as Readonly<Record<string, unknown>>;

  it('tells what was filled in, by field, and for which incident', () => {
    const values = {
      issue: { 'tocsin:input': { type: 'plain_text_input', value: ' Checkout <b> & co \n' } },
      impact: { 'tocsin:input': { type: 'plain_text_input', value: null } },
      next: { x: { type: 'static_select', selected_option: { value: '30m' } } },
      estimate: { x: { type: 'static_select', selected_option: null } },
      approvedBy: { x: { type: 'plain_text_input', value: 'root' } },
    };
    expect(submit({ ...asRendered('update'), state: { values } })).toMatchObject({
      kind: 'view_submission',
      form: 'update',
      target: { tenant: 'acme', incidentId: incident.id, stamp: stampOf(incident) },
      occurredAtMs: at(7),
      fields: { issue: 'Checkout <b> & co', impact: '', actions: '', estimate: '', next: '30m' },
    });
  });

  it('has no fields but its own (S20)', () => {
    const values = {
      person: { x: { value: 'ada' } },
      __proto__: { x: { value: 'p' } },
      tenant: {},
    };
    expect(submit({ ...asRendered('role'), state: { values } })).toMatchObject({
      fields: { role: '', person: 'ada' },
    });
  });

  it.each([
    [{ callback_id: 'other' }, { form: '', target: null, fields: {} }],
    [{ callback_id: 'tocsin:__proto__' }, { form: '__proto__', fields: {} }],
    [
      { callback_id: 'tocsin:declare', private_metadata: '{}' },
      { form: 'declare', target: null },
    ],
    [{ callback_id: 'tocsin:note', private_metadata: '{"t":"acme"' }, { target: null }],
  ])('as %j is %j', (view, expected) => {
    expect(submit(view)).toMatchObject(expected);
  });
});

describe('a shortcut on a message', () => {
  const message = { type: 'message', user: 'U0BOB', ts: '1583636382.000300', text: 'a &amp; b' };
  const used = (more: object) =>
    decodeSlackInteraction(
      payload({
        ...base,
        type: 'message_action',
        callback_id: 'tocsin:note',
        channel: { id: 'C0INC' },
        message,
        ...more,
      }),
    );

  it('tells what was said, when, by whom and where', () => {
    expect(valueOf(used({}))).toMatchObject({
      callbackId: 'tocsin:note',
      place: { channel: 'C0INC', threadTs: '1583636382.000300' },
      message: { text: 'a & b', sentAtMs: 1_583_636_382_000, userId: 'U0BOB' },
    });
    const inThread = { message: { ...message, thread_ts: '1583636000.000100', user: undefined } };
    expect(valueOf(used(inThread))).toMatchObject({
      place: { threadTs: '1583636000.000100' },
      message: { userId: null },
    });
  });

  it('without a message is unreadable', () => {
    expect(used({ message: null }).ok).toBe(false);
    expect(used({ message: { ...message, ts: 'soon' } }).ok).toBe(false);
  });
});

describe('any other interaction', () => {
  it.each([
    [{ type: 'view_closed' }, { kind: 'view_closed' }],
    [{ type: 'block_suggestion' }, { kind: 'other', type: 'block_suggestion' }],
    [{ type: 'constructor' }, { kind: 'other', type: 'constructor' }],
  ])('as %j is %j', (value, expected) => {
    expect(valueOf(decodeSlackInteraction(payload({ ...base, ...value })))).toEqual(expected);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', 'payload=%7B'],
    ['a list', 'payload=%5B%5D'],
    ['no type', 'payload=%7B%7D'],
    ['no user', 'payload=%7B%22type%22%3A%22block_actions%22%7D'],
    ['too many levels', `payload=${'%5B'.repeat(40)}`],
  ])('with %s is unreadable', (_, body) => {
    expect(decodeSlackInteraction(Buffer.from(body))).toMatchObject({
      ok: false,
      error: { kind: 'unreadable' },
    });
  });
});
