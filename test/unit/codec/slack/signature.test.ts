import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeHttpEvent, headerOf, type HttpApiEvent } from '../../../../lib/codec/http-event.ts';
import { verifySlackRequest, type SlackAttempt } from '../../../../lib/codec/slack/signature.ts';
import { epochMs } from '../../../../lib/domain/shared/time.ts';

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../fixtures/${name}`, import.meta.url), 'utf8'));

/** The worked example of Slack's documentation. */
const vector = read('slack/signature-vector.json') as {
  readonly signingSecret: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly rawBody: string;
};
const sentAtS = 1_531_420_618;

const attempt = (of: Partial<SlackAttempt> = {}): SlackAttempt => ({
  rawBody: Buffer.from(vector.rawBody),
  timestamp: vector.headers['x-slack-request-timestamp'],
  signature: vector.headers['x-slack-signature'],
  secrets: { acme: [vector.signingSecret] },
  nowMs: epochMs(sentAtS * 1000),
  ...of,
});

const signed = (rawBody: Buffer, secret: string, timestamp = String(sentAtS)): string =>
  `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(rawBody).digest('hex')}`;

describe('a request signed by Slack', () => {
  it('is of the tenant whose secret it was signed with', () => {
    const secrets = { globex: ['other'], acme: ['old', vector.signingSecret], none: [] };
    expect(verifySlackRequest(attempt({ secrets }))).toEqual(['acme']);
  });

  it('is of all tenants that share the app', () => {
    const secrets = { a: [vector.signingSecret], b: [vector.signingSecret], c: ['x'] };
    expect(verifySlackRequest(attempt({ secrets }))).toEqual(['a', 'b']);
  });

  it('is proven over the bytes, in base64 as API Gateway sends them, and beyond ASCII', () => {
    const event = read('aws-http/httpapi-v2-slack-slash-base64.json') as HttpApiEvent;
    const request = decodeHttpEvent(event);
    expect(event.isBase64Encoded).toBe(true);
    const of = {
      rawBody: request.bodyBytes,
      timestamp: headerOf(request, 'x-slack-request-timestamp'),
      signature: headerOf(request, 'x-slack-signature'),
    };
    expect(verifySlackRequest(attempt(of))).toEqual(['acme']);
    const rawBody = Buffer.from('text=caf\u00e9 \ud83d\udd25 \u0000\u00ff', 'utf8');
    const body = rawBody.toString('base64');
    const { bodyBytes } = decodeHttpEvent({ ...event, body, isBase64Encoded: true });
    const signature = signed(rawBody, vector.signingSecret);
    expect(verifySlackRequest(attempt({ rawBody: bodyBytes, signature }))).toEqual(['acme']);
  });

  it.each([
    [-301, []],
    [-300, ['acme']],
    [0, ['acme']],
    [300, ['acme']],
    [301, []],
  ])('that is %i s old is of %j (S09)', (ageS, tenants) => {
    const nowMs = epochMs((sentAtS + ageS) * 1000);
    expect(verifySlackRequest(attempt({ nowMs }))).toEqual(tenants);
  });
});

describe('a request is of nobody', () => {
  const hex = vector.headers['x-slack-signature']?.slice(3) ?? '';

  it.each<readonly [string, Partial<SlackAttempt>]>([
    ['with another body', { rawBody: Buffer.from(`${vector.rawBody} `) }],
    ['with another time', { timestamp: String(sentAtS + 1) }],
    ['with another secret', { secrets: { acme: ['8f742231b10e8888abcd99yyyzzz85a6'] } }],
    ['without a secret', { secrets: {} }],
    ['without a signature', { signature: undefined }],
    ['without a time', { timestamp: undefined }],
    ['with a time that is no number', { timestamp: '1531420618 ' }],
    ['with an exponent for a time', { timestamp: '1531420618e0' }],
    ['with a time in milliseconds', { timestamp: '1531420618000' }],
    ['with another version', { signature: `v1=${hex}` }],
    ['with no version', { signature: hex }],
    ['with a signature that is too short', { signature: `v0=${hex.slice(2)}` }],
    ['with a signature that is too long', { signature: `v0=${hex}00` }],
    ['with two signatures', { signature: `v0=${hex},v0=${hex}` }],
    ['with capitals', { signature: `v0=${hex.toUpperCase()}` }],
    ['with an empty signature', { signature: 'v0=' }],
  ])('%s', (_, of) => {
    expect(verifySlackRequest(attempt(of))).toEqual([]);
  });

  it('when it was signed with an empty secret', () => {
    const rawBody = Buffer.from('command=/incident');
    const of = { rawBody, signature: signed(rawBody, ''), secrets: { acme: [''] } };
    expect(verifySlackRequest(attempt(of))).toEqual([]);
  });
});
