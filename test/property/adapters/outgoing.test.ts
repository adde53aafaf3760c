import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toEntry } from '../../../lib/adapters/eventbridge/entry.ts';
import { maxCallBytes } from '../../../lib/adapters/eventbridge/limits.ts';
import { failureOf } from '../../../lib/adapters/pagerduty/call.ts';
import { eventBody } from '../../../lib/adapters/pagerduty/event-body.ts';
import {
  maxDedupKeyLength,
  maxEventBytes,
  maxSummaryLength,
} from '../../../lib/adapters/pagerduty/limits.ts';
import { encodedKey } from '../../../lib/adapters/s3/address.ts';
import {
  readConsole,
  readIntake,
  readPagerDuty,
} from '../../../lib/adapters/secrets-manager/shapes.ts';
import { maxMessageBytes, maxSubjectLength } from '../../../lib/adapters/sns/limits.ts';
import { snsMessage } from '../../../lib/adapters/sns/message.ts';
import type { PageContent } from '../../../lib/domain/paging/compose.ts';
import type { Json } from '../../../lib/domain/shared/json.ts';
import { epochMs } from '../../../lib/domain/shared/time.ts';

/** Any UTF-16 at all, halves of pairs included; now and then far too long. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 40 }),
  fc
    .tuple(fc.constantFrom('x', 'ü', '🚨', '\ud83d', '\udea8', '"', '\n', ' '), fc.nat(3000))
    .map(([unit, count]) => unit.repeat(count)),
  fc
    .array(fc.integer({ min: 0xd7f0, max: 0xe010 }), { maxLength: 30 })
    .map((units) => String.fromCharCode(...units)),
);

const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json; member: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('member'), { maxLength: 5 }),
    fc.dictionary(text, tie('member'), { maxKeys: 5 }),
  ),
  member: tie('value'),
})).value;

/** Small details, and details that are over the limit many times. */
const details = fc.oneof(
  fc.dictionary(text, json, { maxKeys: 10 }),
  fc
    .tuple(text, fc.integer({ min: 1, max: 400 }), fc.integer({ min: 0, max: 4000 }))
    .map(([name, members, length]): Record<string, Json> =>
      Object.fromEntries(
        Array.from({ length: members }, (_, at) => [`${name}${at}`, '🚨'.repeat(length)]),
      ),
    ),
);

const link = fc.oneof(fc.webUrl(), text, fc.constant(`https://x.example/${'y'.repeat(5000)}`));

const page: fc.Arbitrary<PageContent> = fc.record({
  action: fc.constantFrom('trigger', 'acknowledge', 'resolve'),
  routingKey: text,
  dedupKey: text.filter((key) => key !== ''),
  severity: fc.constantFrom('P0', 'P1', 'P2'),
  summary: text,
  source: text,
  component: text,
  group: text,
  class: text,
  occurredAtMs: fc.integer({ min: 0, max: 4e12 }).map(epochMs),
  details,
  links: fc.record({ runbook: link, dashboard: link, source: link }, { requiredKeys: [] }),
  consoleUrl: link,
});

const key = 'e93facc04764012d7bfb002500d5d1a6';

function expectFits({ summary, source }: { readonly summary: string; readonly source: string }) {
  expect(summary.length).toBeLessThanOrEqual(maxSummaryLength);
  expect([summary.trim(), source.trim()]).not.toContain('');
}

describe('an event for PagerDuty', () => {
  it('keeps every limit, whatever the page', () => {
    fc.assert(
      fc.property(page, (content) => {
        const event = eventBody(content, key);
        const sent = JSON.stringify(event);
        expect(Buffer.byteLength(sent)).toBeLessThanOrEqual(maxEventBytes);
        // JSON writes half a pair as an escape, and nothing else of ours begins so.
        expect(sent).not.toMatch(/(?<!\\)(\\\\)*\\ud[89a-f]/i);
        expect(event.dedup_key.length).toBeLessThanOrEqual(maxDedupKeyLength);
        if (event.payload !== undefined) expectFits(event.payload);
        for (const { href } of event.links ?? []) expect(href).toMatch(/^https?:\/\//i);
      }),
      { numRuns: 300 },
    );
  });

  it('is equal for equal pages, and keeps different keys different', () => {
    fc.assert(
      fc.property(page, fc.string({ minLength: 300, maxLength: 400 }), (content, dedupKey) => {
        expect(eventBody(content, key)).toEqual(eventBody(structuredClone(content), key));
        const one = eventBody({ ...content, dedupKey }, key);
        const other = eventBody({ ...content, dedupKey: `${dedupKey}x` }, key);
        expect(one.dedup_key).not.toBe(other.dedup_key);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps small details whole', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.string(), { maxKeys: 20 }),
        page,
        (some, content) => {
          const event = eventBody({ ...content, action: 'trigger', details: some }, key);
          expect(event.payload?.custom_details).toEqual(some);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('failures', () => {
  it('never repeat a secret of ours, whatever PagerDuty answers (I30)', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.integer({ min: 300, max: 599 }), (a, b, status) => {
        const said = `${a}${key}${b}`;
        for (const body of [
          { message: said, errors: [said, { deep: said }] },
          { error: { message: said, errors: [said] } },
          said,
          [said],
          undefined,
        ]) {
          const failure = failureOf({ status, body, retryAfterMs: null }, [key]);
          expect(JSON.stringify(failure)).not.toContain(key);
          expect(failure.message.length).toBeLessThan(400);
        }
      }),
    );
  });

  it('never repeat what a secret holds, whatever its shape (I30)', () => {
    const planted = 'hunter2-Zq9';
    const value = fc.oneof(
      fc.constant(planted),
      fc.constant([planted]),
      fc.constant([[planted], { x: planted }]),
      fc.constant({ a: planted }),
      fc.constant({ a: [planted] }),
      fc.integer(),
    );
    const names = ['sources', 'routingKeys', 'apiToken', 'webhookSecrets', 'signingKey', 'people'];
    const secret = fc.dictionary(fc.constantFrom(...names), value);
    fc.assert(
      fc.property(secret, (held) => {
        for (const read of [readIntake, readPagerDuty, readConsole]) {
          const result = read(held);
          if (!result.ok) expect(JSON.stringify(result.error)).not.toContain(planted);
        }
      }),
    );
  });
});

describe('a message for SNS', () => {
  it('keeps every limit, whatever the text', () => {
    const long = fc.tuple(text, fc.nat(200)).map(([unit, count]) => unit.repeat(count));
    fc.assert(
      fc.property(text, long, (subject, body) => {
        const message = snsMessage({ subject, text: body });
        expect(message.subject).toMatch(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/);
        expect(message.subject.length).toBeLessThanOrEqual(maxSubjectLength);
        expect(Buffer.byteLength(message.text)).toBeLessThanOrEqual(maxMessageBytes);
        expect(message.text.trim()).not.toBe('');
        expect(message.text.isWellFormed()).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

const wellFormed = (_name: string, value: unknown): unknown =>
  typeof value === 'string' ? value.toWellFormed() : value;

describe('an event for the bus', () => {
  it('fits one call and stays an object that names itself, whatever its detail', () => {
    fc.assert(
      fc.property(details, (some) => {
        const event = { id: 'acme/1/1', type: 'incident.opened', atMs: epochMs(0) };
        const detail = { ...some, id: event.id };
        const settings = { busName: 'bus', source: 'tocsin' };
        const { entry, bytes, isTruncated } = toEntry({ ...event, detail }, 0, settings);
        expect(bytes).toBeLessThanOrEqual(maxCallBytes);
        const sent = JSON.parse(entry.Detail ?? '') as Record<string, unknown>;
        expect(sent['truncated'] === true || !isTruncated).toBe(true);
        if (!isTruncated) expect(sent).toEqual(JSON.parse(JSON.stringify(detail, wellFormed)));
        else expect(sent['id']).toBe(event.id);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a key in an S3 path', () => {
  it('holds nothing that means something else, and can be read back', () => {
    fc.assert(
      fc.property(text, (objectKey) => {
        const path = encodedKey(objectKey);
        expect(path).toMatch(/^([A-Za-z0-9\-._~/]|%[0-9A-F]{2})*$/);
        expect(decodeURIComponent(path)).toBe(objectKey.toWellFormed());
      }),
    );
  });
});
