import type { ChatPostMessageArguments } from '@slack/web-api';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { MessageBlock } from '../../../../lib/codec/slack/blocks.ts';
import { createSlackRenderer } from '../../../../lib/codec/slack/renderer.ts';
import type { CardInput } from '../../../../lib/domain/announce/renderer.ts';
import { adoptedSourceId } from '../../../../lib/domain/incident/adopted.ts';
import type { Incident } from '../../../../lib/domain/incident/state.ts';
import { canonicalJson } from '../../../../lib/domain/shared/json.ts';
import {
  acknowledged,
  ada,
  at,
  fold,
  paged,
  resolvedByHand,
  type Given,
} from '../../domain/samples.ts';
import { consoleUrl, slackTenant } from '../../../property/slack/scenes.ts';
import { spoken } from './spoken.ts';

const { card } = createSlackRenderer(['console.example']);

const date = (min: number, utc: string): string =>
  `<!date^${at(min) / 1000}^{date_short_pretty} at {time}|2026-05-12 ${utc} UTC>`;

const input = (incident: Incident, of: Partial<CardInput> = {}): CardInput => ({
  incident,
  tenant: slackTenant,
  consoleUrl,
  ownChannel: null,
  ...of,
});

const drawn = (given: Given, of: Partial<Incident> = {}) =>
  // The changed members are those of the state that the events make.
  card(input({ ...fold(given), ...of } as Incident));

const declared: Partial<Incident> = {
  sourceId: 'slack',
  correlationKey: canonicalJson(['source-group', 'slack', 'request:0a1b2c']),
  severityReason: { rule: 'declared', text: 'declared by Ada Byron (slack)' },
};

const links =
  '<https://meet.example/abcde-1234567|Call> · ' +
  '<https://console.example/incidents/abcde-1234567?t=acme&amp;e=1&amp;s=x|Console> · ' +
  '<https://wiki.example/checkout|Runbook>';

describe('the card of an incident', () => {
  it('says what fires, by when, who has it, where to look, and what to press', () => {
    expect(spoken(drawn(paged, { updateDueAtMs: at(15) }))).toEqual([
      '🟠 P1 TRIGGERED · CheckoutDown (checkout, production)',
      '*Checkout* · payments · production\nNo checkout succeeds\n1 of 1 alert firing',
      `⏱ *Respond by* ${date(60, '04:00')} (target 1 h)\n*Resolve by* ${date(240, '07:00')} (target 4 h)`,
      '*Nobody has it yet.* PagerDuty is calling.',
      `Next update due ${date(15, '03:15')}`,
      links,
      `abcde-1234567, opened ${date(0, '03:00')} · P1: the alert says error`,
      '[Acknowledge] [Update…] [Note…] [menu]',
    ]);
  });

  it('names who has it once somebody does', () => {
    const words = spoken(drawn(acknowledged));
    expect(words[0]).toBe('🔵 P1 ACKNOWLEDGED · CheckoutDown (checkout, production)');
    expect(words[2]).toBe(
      `⏱ *Resolve by* ${date(240, '07:00')} (target 4 h)\nResponded after 10 min (target 1 h)`,
    );
    expect(words[3]).toBe(`*Taken by* Ada ${date(10, '03:10')}`);
    expect(words.at(-1)).toBe('[Resolve] [Update…] [Note…] [menu]');
  });

  it('says how it ended', () => {
    const words = spoken(drawn(resolvedByHand, { postmortemDueAtMs: at(60), closeAtMs: at(140) }));
    expect(words[0]).toBe('🟢 P1 RESOLVED · CheckoutDown (checkout, production)');
    expect(words[2]).toBe(
      '⏱ Resolved after 20 min (target 4 h)\nResponded after 20 min (target 1 h)',
    );
    expect(words[3]).toBe(`*Resolved by* Ada ${date(20, '03:20')}`);
    expect(words.at(-2)).toContain(`post-mortem due ${date(60, '04:00')}`);
    expect(words.at(-2)).toContain(`closes ${date(140, '05:20')}`);
    expect(words.at(-1)).toBe('[Reopen] [Post-mortem] [Note…] [menu]');
  });

  it.each<readonly [string, Given, Partial<Incident>, string]>([
    ['alerts that are over', paged, { settleAtMs: at(2) }, '🟠 P1 TRIGGERED, alerts over · '],
    ['platform down', paged, { severity: 'P0' }, '🔴 P0 TRIGGERED · '],
    ['a feature', paged, { severity: 'P2' }, '🟡 P2 TRIGGERED · '],
    ['progress', acknowledged, { progress: 'identified' }, '🔵 P1 ACKNOWLEDGED, identified · '],
    ['closing', resolvedByHand, { closedAtMs: at(140) }, '⚪ P1 CLOSED · '],
  ])('tells of %s in its first line, which notifications show too', (_, given, of, start) => {
    const message = drawn(given, of);
    expect(spoken(message)[0]?.startsWith(start)).toBe(true);
    expect(message.text.startsWith(start)).toBe(true);
  });

  it.each<readonly [string, Partial<Incident>, number, string]>([
    [
      'a breach',
      { response: { ...fold(paged).response, isBreached: true } },
      2,
      '*Respond: overdue since*',
    ],
    [
      'a page that nobody took',
      { trigger: 'failed', fallbackAskedAtMs: at(1) },
      3,
      'The page was not taken: nobody may know; the second channel was asked too.',
    ],
    [
      'roles',
      {
        roles: [
          { role: 'scribe', person: { id: 'b', name: 'Bob' } },
          { role: 'commander', person: { id: 'a', name: 'Ada' } },
        ],
      },
      3,
      '\n*Commander* Ada · *Scribe* Bob',
    ],
    ['several services', { services: ['a', 'b'] }, 1, '1 of 1 alert firing in 2 services'],
    [
      'no alert',
      { totals: { firing: 0, alerts: 2, episodes: 2 }, isIncomplete: true },
      1,
      'None of 2 alerts fires any more; the source left some out',
    ],
    ['Tocsin', { isOperator: true }, 1, '*Tocsin itself*'],
  ])('tells of %s', (_, of, index, words) => {
    expect(spoken(drawn(paged, of))[index]).toContain(words);
  });

  it.each<readonly [string, Partial<Incident>, string]>([
    ['a declaration', declared, 'Declared by Ada Byron (slack)'],
    [
      'a declaration of another severity by now',
      { ...declared, severityReason: { rule: 'person', text: 'worse' } },
      'Declared by a person',
    ],
    ['what PagerDuty had first', { sourceId: adoptedSourceId }, 'Opened in PagerDuty'],
    ['an alert', {}, '1 of 1 alert firing'],
  ])('says where it is from, and no more of the place than is known: %s', (_, of, words) => {
    const nowhere = { service: '', team: '', environment: '', summary: '' };
    expect(spoken(drawn(paged, { ...nowhere, ...of }))[1]).toBe(words);
  });

  it('says when a target was missed, and not when the breach was withdrawn', () => {
    const { response } = fold(acknowledged);
    const late = { response: { ...response, isBreached: true } };
    const withdrawn = { response: { ...response, isBreached: true, isBreachWithdrawn: true } };
    expect(spoken(drawn(acknowledged, late))[2]).toContain('(target 1 h), *late*');
    expect(spoken(drawn(acknowledged, withdrawn))[2]).not.toContain('late');
  });

  it('repeats what stakeholders were told', () => {
    const latestUpdate = {
      issue: 'Nobody can pay',
      impact: 'All shops',
      actions: '',
      estimate: '04:00',
      nextDueAtMs: null,
      by: ada,
      atMs: at(12),
    };
    const words = spoken(drawn(acknowledged, { latestUpdate, updateDueAtMs: at(27) }));
    expect(words[4]).toBe(
      `*Update* by Ada ${date(12, '03:12')}\nNobody can pay\nImpact: All shops\n` +
        `Estimate: 04:00\nNext update due ${date(27, '03:27')}`,
    );
  });
});

describe('links on the card', () => {
  const linksOf = (incident: Partial<Incident>, of: Partial<CardInput> = {}): string => {
    const message = card(
      input({ ...fold(paged), updateDueAtMs: null, ...incident } as Incident, of),
    );
    return spoken(message)[4] ?? '';
  };

  it('lead to its own channel first', () => {
    expect(linksOf({}, { ownChannel: 'C0OWN' })).toBe(`<#C0OWN> · ${links}`);
  });

  it('are text where a host is not allowed', () => {
    const words = linksOf({
      links: { runbook: 'https://evil.example/login', source: 'javascript:alert(1)' },
      addedLinks: [{ title: 'Graph', url: 'https://wiki.example/g' }],
    });
    expect(words).toContain('Runbook (evil.example, not linked) · Alert · ');
    expect(words).toContain('<https://wiki.example/g|Graph>');
    expect(words).not.toContain('<https://evil');
  });

  it.each([
    [
      'https://acme.pagerduty.com/incidents/Q1',
      '<https://acme.pagerduty.com/incidents/Q1|PagerDuty>',
    ],
    ['https://console.example/sandbox/1', '<https://console.example/sandbox/1|PagerDuty>'],
    ['https://pagerduty.com.evil.example/', 'PagerDuty (pagerduty.com.evil.example, not linked)'],
  ])('to PagerDuty at %s are %s', (pagerUrl, words) => {
    expect(linksOf({ pagerUrl })).toContain(words);
  });

  it('leave out what nobody can open', () => {
    expect(linksOf({ links: {} }, { consoleUrl: '/incidents/x' })).toBe(
      '<https://meet.example/abcde-1234567|Call>',
    );
    const tenant = { ...slackTenant, slack: null };
    expect(linksOf({ links: {} }, { consoleUrl: '/incidents/x', tenant })).toContain('abcde');
  });
});

describe('what Slack is sent', () => {
  it('has the types of its own client', () => {
    type Sent = Extract<ChatPostMessageArguments, { blocks: unknown }>['blocks'][number];
    type Mutable<Value> = Value extends readonly (infer Item)[]
      ? Mutable<Item>[]
      : Value extends object
        ? { -readonly [Name in keyof Value]: Mutable<Value[Name]> }
        : Value;
    expectTypeOf<Mutable<MessageBlock>>().toExtend<Sent>();
  });

  it('is the same for the same incident', () => {
    expect(drawn(paged)).toEqual(drawn(paged));
  });

  it('holds no credential that an alert let slip', () => {
    const message = drawn(paged, { summary: 'token=abcdef123456 refused' });
    expect(JSON.stringify(message)).not.toContain('abcdef123456');
  });
});
