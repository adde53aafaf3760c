import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  signingTenants,
  verifyPagerDutySignature,
} from '../../../lib/codec/pagerduty-signature.ts';
import { decodePagerDutyEvent } from '../../../lib/codec/pagerduty-webhook.ts';
import type { PagerDutyEvent } from '../../../lib/domain/incident/pagerduty-event.ts';
import { reasonIn } from './messages.ts';

const body = Buffer.from('{"event":{"id":"E1"}}', 'utf8');
// Computed with `openssl dgst -sha256 -hmac <secret>` over the body above.
const current = '7918faa0eada5b0b7f5f6df35d57f181d18e33b74fa37b468bd9a64775555590';
const previous = '0a803f443e5661f0e58a9ccad0fa8a9b13054d31efd93a017b8c6b261c8bf52d';
const secrets = ['webhook-secret-current', 'webhook-secret-previous'];
const [currentSecret = ''] = secrets;

describe('verifyPagerDutySignature', () => {
  it.each([
    ['the current secret', `v1=${current}`],
    ['the previous secret', `v1=${previous}`],
    ['either of two signatures', `v1=${'0'.repeat(64)},v1=${current}`],
    ['a signature beside other versions', `v2=abc, v1=${current} ,v0=x`],
    ['upper-case hex', `v1=${current.toUpperCase()}`],
  ])('accepts %s', (_, header) => {
    expect(verifyPagerDutySignature(body, header, secrets)).toBe(true);
  });

  it.each([
    ['no header', undefined],
    ['an empty header', ''],
    ['only commas', ',,,'],
    ['a wrong signature', `v1=${'0'.repeat(64)}`],
    ['another version with the right digest', `v9=${current}`],
    ['v0 with the right digest', `v0=${current}`],
    ['v1a', `v1a=${current}`],
    ['an empty digest', 'v1='],
    ['63 hex digits', `v1=${current.slice(1)}`],
    ['65 hex digits', `v1=${current}0`],
    ['no hex', `v1=${'g'.repeat(64)}`],
    ['no version', current],
    ['an upper-case version', `V1=${current}`],
    ['something before the version', `xv1=${current}`],
    ['a line break', `v1=${current}\r\nx: y`],
    ['a signature past the sixteenth', `${'v1=0,'.repeat(16)}v1=${current}`],
  ])('refuses %s', (_, header) => {
    expect(verifyPagerDutySignature(body, header, secrets)).toBe(false);
  });

  it('refuses a body that differs by one blank (S02)', () => {
    const changed = Buffer.concat([body, Buffer.from(' ')]);
    expect(verifyPagerDutySignature(changed, `v1=${current}`, secrets)).toBe(false);
  });

  it('refuses when there is no secret, or an empty one', () => {
    const emptyKey = '3136da0ad9519839f18284fbae271d24dc75b5594bc233567ee3148544bd4917';
    expect(verifyPagerDutySignature(body, `v1=${current}`, [])).toBe(false);
    expect(verifyPagerDutySignature(body, `v1=${emptyKey}`, [''])).toBe(false);
  });

  it('refuses the previous secret once it is gone', () => {
    expect(verifyPagerDutySignature(body, `v1=${previous}`, [currentSecret])).toBe(false);
  });

  it('names the tenants whose secret signed', () => {
    const byTenant = { acme: [currentSecret], other: ['another'], none: [] };
    expect(signingTenants(body, `v1=${current}`, byTenant)).toEqual(['acme']);
    expect(signingTenants(body, `v1=${previous}`, byTenant)).toEqual([]);
  });
});

function fixtureEvent(name: string, changes: object = {}): string {
  const path = new URL(`../../fixtures/pagerduty/${name}.json`, import.meta.url);
  const { event } = JSON.parse(readFileSync(path, 'utf8')) as { event: object };
  return JSON.stringify({ event: { ...event, ...changes } });
}

function eventIn(text: string): PagerDutyEvent {
  const result = decodePagerDutyEvent(text);
  if (!result.ok) throw new Error(result.error.reason);
  return result.value;
}

describe('decodePagerDutyEvent', () => {
  it.each([
    ['incident.acknowledged', 'acknowledged'],
    ['incident.unacknowledged', 'unacknowledged'],
    ['incident.resolved', 'resolved'],
    ['incident.reopened', 'reopened'],
    ['incident.reassigned', 'reassigned'],
    ['incident.delegated', 'delegated'],
    ['incident.escalated', 'escalated'],
    ['incident.annotated', 'annotated'],
    ['incident.priority_updated', 'priority_updated'],
    ['pagey.ping', 'ping'],
    ['incident.triggered', 'triggered'],
    ['incident.responder.added', 'responder_added'],
    ['incident.status_update_published', 'status_update'],
    ['incident.invented_tomorrow', 'other'],
    ['__proto__', 'other'],
  ])('reads %s as %s', (eventType, kind) => {
    const event = eventIn(fixtureEvent('incident.acknowledged', { event_type: eventType }));
    expect(event.kind).toBe(kind);
    expect(event.kind === 'other' ? event.eventType : eventType).toBe(eventType);
  });

  it('says when an incident closed by being merged, also when it is not told into which', () => {
    const resolved = (reason: unknown): unknown => {
      const data = { type: 'incident', id: 'P1', resolve_reason: reason };
      return eventIn(fixtureEvent('incident.resolved', { data }));
    };
    const incident = { id: 'P2', summary: 'Bigger' };
    expect(resolved({ type: 'merge_resolve_reason', incident })).toMatchObject({
      mergedInto: { id: 'P2', name: 'Bigger' },
    });
    expect(resolved({ type: 'merge_resolve_reason' })).toMatchObject({
      mergedInto: { id: '', name: '' },
    });
    expect(resolved({ type: 'another_reason', incident })).toMatchObject({ mergedInto: null });
  });

  it.each([
    ['by the source', false, 'short', false],
    ['by PagerDuty', true, 'short', true],
    ['here', false, 'x'.repeat(8193), true],
  ])('says whether a note was trimmed %s', (_, trimmed, content, expected) => {
    const data = { type: 'incident_note', content, trimmed, incident: { id: 'P1' } };
    const event = eventIn(fixtureEvent('incident.annotated', { data }));
    expect(event).toMatchObject({ kind: 'annotated', trimmed: expected });
  });

  it('finds the incident of a role assignment', () => {
    const data = {
      type: 'incident_role_assignment',
      incident_role_assignments: [{ incident: { id: 'P9', summary: 'Role' } }],
    };
    const event = eventIn(
      fixtureEvent('incident.annotated', { event_type: 'incident.role.assigned', data }),
    );
    expect(event.pdIncident).toMatchObject({ id: 'P9', title: 'Role', status: null });
  });

  it('reads an incident of which nothing but the id is known', () => {
    const data = { type: 'incident', id: 'P1', status: 'paused', urgency: 7, assignees: [1, {}] };
    const event = eventIn(fixtureEvent('incident.triggered', { data, agent: { type: 'x' } }));
    expect(event.agent).toBeNull();
    expect(event.pdIncident).toEqual({
      ...{ id: 'P1', incidentKey: null, status: null, title: '', service: null, assignees: [] },
      ...{ priority: null, urgency: null, htmlUrl: null },
    });
  });

  it.each([
    ['no event', '{}', '`event.id`'],
    ['no id', fixtureEvent('pagey.ping', { id: '' }), '`event.id`'],
    ['no type', fixtureEvent('pagey.ping', { event_type: 1 }), '`event.event_type`'],
    ['no time', fixtureEvent('pagey.ping', { occurred_at: 'now' }), '`event.occurred_at` is "now"'],
    ['no JSON', 'hello', 'not valid JSON'],
  ])('cannot read a body with %s', (_, text, sentence) => {
    expect(reasonIn(decodePagerDutyEvent(text))).toContain(sentence);
  });
});
