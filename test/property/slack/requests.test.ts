import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSlackCommand, decodeSlackInteraction } from '../../../lib/codec/slack/request.ts';
import { hostile } from './hostile.ts';

const payload = (value: unknown): Buffer =>
  Buffer.from(new URLSearchParams({ payload: JSON.stringify(value) }).toString());

const whole = {
  type: 'block_actions',
  team: { id: 'T0ACME' },
  user: { id: 'U0ADA', team_id: 'T0ACME' },
  channel: { id: 'C0INC' },
  trigger_id: '1.2.x',
  actions: [{ action_id: 'tocsin:ack', value: '{"t":"acme","i":"abcde-1","s":"triggered.P1.0"}' }],
};

describe('a request of Slack', () => {
  it('is read or unreadable, whatever the bytes are', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
      fc.jsonValue({ maxDepth: 3 }).map(payload),
      fc
        .dictionary(
          fc.constantFrom('type', 'user', 'view', 'message', 'actions', 'x'),
          fc.jsonValue(),
        )
        .map(payload),
    );
    fc.assert(
      fc.property(bytes, (body) => {
        for (const decode of [decodeSlackCommand, decodeSlackInteraction]) {
          expect(typeof decode(body).ok).toBe('boolean');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is what it is with any other members beside it (S21)', () => {
    const expected = decodeSlackInteraction(payload(whole));
    const names = fc.oneof(
      hostile,
      fc.constantFrom('approvedBy', 'tenant', 'incident', 'is_admin'),
    );
    const more = fc
      .dictionary(names, fc.jsonValue())
      .map((extra) =>
        Object.fromEntries(Object.entries(extra).filter(([name]) => !known.has(name))),
      );
    fc.assert(
      fc.property(more, (extra) => {
        expect(decodeSlackInteraction(payload({ ...extra, ...whole }))).toEqual(expected);
      }),
    );
  });
});

/** What the reader heeds: all else is passed over. */
const known = new Set([...Object.keys(whole), 'container', 'message', 'enterprise']);
