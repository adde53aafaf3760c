import type { ViewsOpenArguments } from '@slack/web-api';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { createReplyRenderer } from '../../../../lib/codec/slack/reply.ts';
import type { SlackView } from '../../../../lib/codec/slack/view.ts';
import { text } from '../../../../lib/domain/announce/phrase.ts';
import { formFields, type Form, type FormName } from '../../../../lib/domain/verbs/form.ts';
import { consoleUrl, slackTenant } from '../../../property/slack/scenes.ts';
import { acknowledged, fold } from '../../domain/samples.ts';
import { spoken } from './spoken.ts';

const replies = createReplyRenderer(['console.example']);
const scene = { tenant: slackTenant, consoleUrl };
const incident = fold(acknowledged);

describe('a reply', () => {
  it.each([
    [{ kind: 'done', text: 'You have it.', incident }, '✅ You have it.', 'Done'],
    [
      { kind: 'refused', text: 'No.\nSay `ack`.', incident: null },
      '✋ No.\nSay `ack`.',
      'Not done',
    ],
    [
      { kind: 'failed', text: 'Try again.', why: 'timeout' },
      '⚠️ Try again.',
      'Something went wrong',
    ],
  ] as const)('in words is plain text, in a message and in a window', (reply, words, title) => {
    expect(spoken(replies.message(reply, scene))).toEqual([words]);
    const view = replies.notice(reply, scene);
    expect(spoken(view)).toEqual([words]);
    expect(view).toMatchObject({ type: 'modal', title: { text: title }, close: { text: 'Close' } });
    expect(view).not.toHaveProperty('submit');
    expect(JSON.stringify(view)).not.toContain('timeout');
  });

  it('with a card has a line above it where there is something to say', () => {
    const card = spoken(replies.message({ kind: 'card', lead: '', incident }, scene));
    const led = spoken(replies.message({ kind: 'card', lead: 'It has changed.', incident }, scene));
    expect(card[0]).toContain('ACKNOWLEDGED');
    expect(led).toEqual(['It has changed.', ...card]);
  });

  it('with a card in a window has no buttons: nobody would see what they answer', () => {
    const reply = { kind: 'card', lead: 'It has changed.', incident } as const;
    const message = spoken(replies.message(reply, scene));
    expect(message.at(-1)).toContain('[Resolve]');
    expect(spoken(replies.notice(reply, scene))).toEqual(message.slice(0, -1));
  });

  it('in lines has a title; links lead to allowed hosts', () => {
    const link = (url: string) => ({ kind: 'link', title: 'All', url }) as const;
    const lines = [
      [text('one')],
      [link('https://console.example/x')],
      [link('https://evil.example/')],
    ];
    const message = replies.message({ kind: 'lines', title: 'Open: 1', lines }, scene);
    expect(message.text).toBe('Open: 1');
    expect(spoken(message)).toEqual([
      'Open: 1',
      'one\n<https://console.example/x|All>\nAll (evil.example, not linked)',
    ]);
  });

  it('in no lines is its title', () => {
    const message = replies.message(
      { kind: 'lines', title: 'No incident is open', lines: [] },
      scene,
    );
    expect(spoken(message)).toEqual(['No incident is open']);
  });
});

describe('a form', () => {
  const form = (name: FormName, of: Partial<Form> = {}): Form => ({
    name,
    incident: name === 'declare' ? null : incident,
    values: {},
    choices: {},
    occurredAtMs: null,
    ...of,
  });

  it.each(Object.keys(formFields) as FormName[])('asks for all fields of %s', (name) => {
    const asked = JSON.parse(JSON.stringify(replies.form(form(name)))) as {
      readonly blocks: readonly { readonly type: string; readonly block_id?: string }[];
    };
    const inputs = asked.blocks.filter(({ type }) => type === 'input');
    expect(inputs.map(({ block_id: id }) => id)).toEqual([...formFields[name]]);
  });

  it('says which incident it is about', () => {
    expect(spoken(replies.form(form('note')))[0]).toBe(
      '🔵 P1 ACKNOWLEDGED · CheckoutDown (checkout, production)',
    );
    expect(spoken(replies.form(form('declare')))[0]).toBe('What is wrong?: ___');
  });

  it('shows few choices at once and many in a menu, the chosen one chosen', () => {
    const choices = {
      role: [{ value: 'scribe', label: 'Scribe' }],
      person: Array.from({ length: 120 }, (_, index) => ({
        value: `p${index}`,
        label: `${index} ${'n'.repeat(90)}`,
      })),
    };
    const view = replies.form(form('role', { choices, values: { person: 'p3', role: 'nobody' } }));
    const [, role, person] = (view as unknown as { readonly blocks: readonly unknown[] }).blocks;
    expect(role).toMatchObject({ element: { type: 'radio_buttons' } });
    expect(role).not.toHaveProperty('element.initial_option');
    expect(person).toMatchObject({
      element: { type: 'static_select', initial_option: { value: 'p3' } },
    });
    expect(person).toHaveProperty('element.options.length', 100);
  });

  it('asks for no choice among nothing', () => {
    expect(
      JSON.stringify(replies.form(form('declare', { choices: { service: [] } }))),
    ).not.toContain('Service');
  });

  it('begins with what is known', () => {
    const view = replies.form(form('update', { values: { issue: 'a & <b>', impact: '' } }));
    expect(JSON.stringify(view)).toContain('"initial_value":"a & <b>"');
    expect(JSON.stringify(view).match(/initial_value/g)).toHaveLength(1);
  });

  it('has the types of Slack’s own client', () => {
    type Mutable<Value> = Value extends readonly (infer Item)[]
      ? Mutable<Item>[]
      : Value extends object
        ? { -readonly [Name in keyof Value]: Mutable<Value[Name]> }
        : Value;
    expectTypeOf<Mutable<SlackView>>().toExtend<ViewsOpenArguments['view']>();
  });
});
