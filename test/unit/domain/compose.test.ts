import { describe, expect, it } from 'vitest';
import type { PagePurpose, PageRequested } from '../../../lib/domain/incident/page-event.ts';
import type { Incident, OpenIntent } from '../../../lib/domain/incident/state.ts';
import { composeFallback, composePage } from '../../../lib/domain/paging/compose.ts';
import {
  acknowledged,
  at,
  attached,
  fold,
  justOpened,
  opened,
  requested,
  t0,
  type Given,
} from './samples.ts';

const consoleUrl = 'https://tocsin.example/incidents/abcde-1234567';

/** An incident that asks for one page, and that page. */
function asking(given: Given, wish: Partial<PageRequested> = {}): [Incident, OpenIntent] {
  const incident = fold([...given, [t0, requested({ intentId: 'asked', ...wish })]]);
  const intent = incident.intents.find(({ intentId }) => intentId === 'asked');
  if (intent === undefined) throw new Error('An intent that was asked for is open.');
  return [incident, intent];
}

const pageOf = (given: Given, wish?: Partial<PageRequested>) =>
  composePage(...asking(given, wish), consoleUrl);

describe('composePage', () => {
  it('says all that a person needs to begin', () => {
    expect(pageOf(justOpened)).toEqual({
      action: 'trigger',
      routingKey: 'payments',
      dedupKey: 'tocsin:acme:0123456789abcdef0123456789abcdef:0123456789abcdef',
      severity: 'P1',
      summary: '[P1] CheckoutDown (checkout, production): No checkout succeeds',
      source: 'checkout',
      component: 'checkout',
      group: 'payments',
      class: 'CheckoutDown (checkout, production)',
      occurredAtMs: t0,
      details: {
        incident: 'abcde-1234567',
        why: 'opened as P1: the alert says error',
        severity: 'P1',
        'severity reason': 'the alert says error',
        'severity rule': 'label-error',
        service: 'checkout',
        team: 'payments',
        environment: 'production',
        source: 'prometheus',
        alerts: 1,
        'alerts firing': 1,
        opened: '2026-05-12T03:00:00.000Z',
        'respond by': '2026-05-12T04:00:00.000Z',
        'resolve by': '2026-05-12T07:00:00.000Z',
        policy: '0123456789ab',
      },
      links: { runbook: 'https://wiki.example/checkout' },
      consoleUrl,
    });
  });

  it.each<[PagePurpose, boolean, string]>([
    ['open', false, 'the title is the news'],
    ['follow', false, 'PagerDuty shows no summary of it'],
    ['update', true, 'what changed comes first'],
    ['stage', true, 'how much time is left comes first'],
    ['breach', true, 'that it is breached comes first'],
  ])('for %s begins with the reason: %s (%s)', (purpose, isNews) => {
    const { summary } = pageOf(justOpened, { purpose, text: 'Time is short' });
    expect(summary.startsWith('[P1] Time is short. CheckoutDown')).toBe(isNews);
  });

  it('leaves out an empty summary, and names the source where no service is known', () => {
    const bare: Given = [
      [t0, opened({ summary: '', service: '' })],
      [t0, attached()],
    ];
    expect(pageOf(bare)).toMatchObject({
      summary: '[P1] CheckoutDown (checkout, production)',
      source: 'prometheus',
      component: '',
    });
  });

  it('says the least after it was refused: something in it may be why', () => {
    const [incident, intent] = asking(justOpened);
    const page = composePage(incident, { ...intent, wasRejected: true }, consoleUrl);

    expect(page.details).toEqual({ incident: 'abcde-1234567', severity: 'P1' });
    expect(page.links).toEqual({});
    expect(page.dedupKey).toBe(incident.dedupKey);
  });

  it('says how a clock ended, or that it is breached', () => {
    const breached: Given = [
      ...acknowledged,
      [
        at(240),
        {
          type: 'sla.breached',
          clock: 'resolution',
          version: 1,
          severity: 'P1',
          deadlineAtMs: at(240),
        },
      ],
    ];
    expect(pageOf(breached).details).toMatchObject({
      'respond by': 'met at 2026-05-12T03:10:00.000Z',
      'resolve by': 'breached at 2026-05-12T07:00:00.000Z',
    });
  });
});

describe('composeFallback', () => {
  it('fits a text message', () => {
    const [incident, intent] = asking(justOpened, { text: 'PagerDuty has not accepted the page' });

    expect(composeFallback(incident, intent, consoleUrl)).toEqual({
      subject: '[P1] CheckoutDown (checkout, production)',
      text: [
        'P1 CheckoutDown (checkout, production)',
        'No checkout succeeds',
        'Why this channel: PagerDuty has not accepted the page.',
        'Incident abcde-1234567, opened 2026-05-12T03:00:00.000Z.',
        consoleUrl,
      ].join('\n'),
    });
  });

  it('has no empty line', () => {
    const bare: Given = [
      [t0, opened({ summary: '' })],
      [t0, attached()],
    ];
    const [incident, intent] = asking(bare);

    expect(composeFallback(incident, intent, consoleUrl).text.split('\n')).toHaveLength(4);
  });
});
