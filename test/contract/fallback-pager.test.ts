import { SNSClient } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import { createMemoryFallbackPager } from '../../lib/adapters/memory/pager.ts';
import { createSnsFallbackPager } from '../../lib/adapters/sns/fallback-pager.ts';
import { durationMs } from '../../lib/domain/shared/time.ts';
import type { FallbackPager } from '../../lib/ports/pager.ts';
import { clientFor, startAws, topicArn } from './aws-endpoint.ts';
import { fallbackContract, patience } from './fallback-pager.contract.ts';
import { misbehaving, type Behaviour } from './misbehaving-server.ts';

const fallbackAt = (client: object, arn = topicArn): FallbackPager =>
  createSnsFallbackPager({ client: new SNSClient(client), topicArn: arn });

describe('a second channel in memory', () => {
  fallbackContract(() => {
    const fallback = createMemoryFallbackPager();
    const texts = () => Promise.resolve(fallback.messages().map(({ text }) => text));
    return Promise.resolve({ fallback, texts });
  });
});

describe('the SNS of one machine', () => {
  fallbackContract(async () => {
    const aws = await startAws();
    const texts = () =>
      Promise.resolve(aws.sns.latest().map((message) => String(message['message'])));
    return { fallback: fallbackAt(aws.client), texts };
  });

  it.each([
    ['[P0] Größe: café ↔ 🚨', '[P0] Gro?e: cafe ? ?'],
    ['two\nlines\tand\u0000more', 'two lines and more'],
    [`[P1] ${'x'.repeat(200)}`, `[P1] ${'x'.repeat(91)}...`],
    ['\u200b', 'Tocsin'],
  ])('takes the subject %j as %j', async (subject, shown) => {
    const aws = await startAws();
    const sent = await fallbackAt(aws.client).send({ subject, text: 'text' }, patience);
    expect(sent).toEqual({ ok: true, value: undefined });
    expect(aws.sns.latest()).toMatchObject([{ subject: shown }]);
  });

  it('takes any text, the longest and the empty one', async () => {
    const aws = await startAws();
    const fallback = fallbackAt(aws.client);
    for (const text of ['🚨'.repeat(200_000), '', ' \n ', 'half \ud83d']) {
      expect(await fallback.send({ subject: 's', text }, patience)).toMatchObject({ ok: true });
    }
  });

  it('puts what matters into a first line that a phone shows', async () => {
    const aws = await startAws();
    const title = `P0 ${'long title '.repeat(30)}`.trim();
    await fallbackAt(aws.client).send({ subject: 's', text: `${title}\nmore` }, patience);
    const [message] = aws.sns.latest();
    const [first = '', second, third] = String(message?.['message']).split('\n');
    expect([first.length, first.at(-1)]).toEqual([140, '…']);
    expect([second, third]).toEqual([title, 'more']);
  });

  it('does not find a topic that is not there', async () => {
    const aws = await startAws();
    const sent = await fallbackAt(aws.client, `${topicArn}-absent`).send(
      { subject: 's', text: 't' },
      patience,
    );
    expect(sent).toMatchObject({ ok: false, error: { kind: 'not_found' } });
  });
});

describe('an SNS that misbehaves', () => {
  const error = (status: number, code: string): Behaviour => ({
    status,
    headers: { 'content-type': 'text/xml' },
    body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>why</Message></Error></ErrorResponse>`,
  });

  it.each<[Behaviour, string]>([
    [error(403, 'AuthorizationError'), 'rejected'],
    [error(400, 'InvalidParameter'), 'rejected'],
    [error(429, 'Throttled'), 'throttled'],
    [error(500, 'InternalError'), 'unavailable'],
    // The client counts a cut connection among its timeouts: in both cases nobody knows.
    ['cut', 'timeout'],
  ])('makes of %j: %s', async (behaviour, kind) => {
    const { url } = await misbehaving(behaviour);
    const sent = await fallbackAt(clientFor(url)).send({ subject: 's', text: 't' }, patience);
    expect(sent).toMatchObject({ ok: false, error: { kind } });
  });

  it('ends in time', async () => {
    const { url } = await misbehaving('silent');
    const fallback = fallbackAt(clientFor(url, 3));
    const sent = await fallback.send({ subject: 's', text: 't' }, durationMs(100));
    expect(sent).toMatchObject({ ok: false, error: { kind: 'timeout' } });
  });
});
