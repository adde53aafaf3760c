import { describe, expect, it } from 'vitest';
import type { PageRequested } from '../../../lib/domain/incident/page-event.ts';
import { planSend, type SendPlan } from '../../../lib/domain/paging/plan-send.ts';
import type { EpochMs } from '../../../lib/domain/shared/time.ts';
import {
  acknowledged,
  at,
  fold,
  justOpened,
  paged,
  requested,
  resolvedByHand,
  t0,
  type Given,
} from './samples.ts';

const asking = (given: Given, ...wishes: readonly Partial<PageRequested>[]): Given => [
  ...given,
  ...wishes.map((wish) => [at(0, 2000), requested(wish)] as const),
];
const update = { intentId: 'p5', purpose: 'update' } as const;
const newer = { intentId: 'p6', purpose: 'breach' } as const;
const acknowledgement = { intentId: 'p7', action: 'acknowledge', purpose: 'follow' } as const;
const resolve = { intentId: 'p8', action: 'resolve', purpose: 'follow' } as const;
const fallback = { intentId: 'p9', channel: 'fallback', purpose: 'primary-silent' } as const;
const held: Given = [...justOpened, [at(0, 1), { type: 'page.held', intentId: 'p3', reason: 'r' }]];

interface Row {
  readonly why: string;
  readonly given: Given;
  readonly intentId: string;
  readonly then: SendPlan['kind'];
  readonly nowMs?: EpochMs;
}

const rows: readonly Row[] = [
  { why: 'the page goes', given: justOpened, intentId: 'p3', then: 'send', nowMs: t0 },
  { why: '1 ms too early', given: justOpened, intentId: 'p3', then: 'wait', nowMs: at(0, -1) },
  { why: 'accepted before', given: paged, intentId: 'p3', then: 'gone' },
  { why: 'held for a summary', given: held, intentId: 'p3', then: 'wait' },
  {
    why: 'an update of an accepted page',
    given: asking(paged, update),
    intentId: 'p5',
    then: 'send',
  },
  {
    why: 'an update while the page itself is on its way',
    given: asking(justOpened, update),
    intentId: 'p5',
    then: 'carried',
  },
  {
    why: 'an older update beside a newer one',
    given: asking(paged, update, newer),
    intentId: 'p5',
    then: 'carried',
  },
  {
    why: 'the newer one',
    given: asking(paged, update, newer),
    intentId: 'p6',
    then: 'send',
  },
  {
    why: 'an acknowledgement',
    given: asking(acknowledged, acknowledgement),
    intentId: 'p7',
    then: 'send',
  },
  {
    why: 'an acknowledgement before its page: it must come second',
    given: asking([...justOpened, ...acknowledged.slice(paged.length)], acknowledgement),
    intentId: 'p7',
    then: 'wait',
  },
  {
    why: 'an acknowledgement that was taken back',
    given: asking(paged, acknowledgement),
    intentId: 'p7',
    then: 'carried',
  },
  { why: 'a resolve', given: asking(resolvedByHand, resolve), intentId: 'p8', then: 'send' },
  {
    why: 'the second channel waits for nobody',
    given: asking(justOpened, fallback),
    intentId: 'p9',
    then: 'send',
  },
  {
    why: 'the second channel is no newer update of the first',
    given: asking(paged, update, fallback),
    intentId: 'p5',
    then: 'send',
  },
];

describe('planSend', () => {
  it.each(rows)('$why: $then', ({ given, intentId, then, nowMs = at(30) }) => {
    expect(planSend(fold(given), intentId, nowMs).kind).toBe(then);
  });

  it('sends the intent as it stands', () => {
    const incident = fold(justOpened);
    expect(planSend(incident, 'p3', t0)).toEqual({ kind: 'send', intent: incident.intents[0] });
  });

  it('says what carries an intent', () => {
    expect(planSend(fold(asking(justOpened, update)), 'p5', at(30))).toMatchObject({
      reason: 'the page that is still on its way says it',
    });
    expect(planSend(fold(asking(paged, update, newer)), 'p5', at(30))).toMatchObject({
      reason: 'a newer update says it',
    });
    expect(planSend(fold(asking(paged, acknowledgement)), 'p7', at(30))).toMatchObject({
      reason: 'the incident is triggered by now',
    });
  });
});
