import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeAlertmanager } from '../../../lib/codec/alertmanager.ts';
import { decodeCloudMonitoring } from '../../../lib/codec/cloud-monitoring.ts';
import { intakeLimits, type IntakeLimits } from '../../../lib/codec/limits.ts';
import { decodePagerDutyEvent } from '../../../lib/codec/pagerduty-webhook.ts';
import type { Alert } from '../../../lib/domain/alert/alert.ts';
import { fixtures } from '../../fixtures/normalise.ts';

const decoders = [
  ['decodeAlertmanager', decodeAlertmanager],
  ['decodeCloudMonitoring', decodeCloudMonitoring],
  ['decodePagerDutyEvent', decodePagerDutyEvent],
] as const;

const payloads = fixtures.map((fixture) => readFileSync(fixture.path));

/** Small enough that generated messages reach every one of them. */
const tight: IntakeLimits = {
  bodyBytes: 2_000,
  depth: 6,
  keysPerObject: 12,
  alertsPerBody: 2,
  labelsPerAlert: 3,
  annotationsPerAlert: 2,
  labelNameCodePoints: 3,
  labelValueCodePoints: 4,
  annotationValueCodePoints: 5,
  identityCodePoints: 40,
  linkCodePoints: 30,
  sourceFieldsLength: 40,
};

beforeAll(() => {
  // Whoever writes to a prototype while these tests run throws (F16).
  Object.freeze(Object.prototype);
  Object.freeze(Array.prototype);
});

const names = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'),
  fc.constantFrom('alertname', 'status', 'startsAt', 'version', 'alerts', 'incident', 'labels'),
  fc.string({ unit: 'binary', maxLength: 8 }),
);

const { value: anyJson } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.double(),
    fc.boolean(),
    fc.constantFrom(null, 'firing', 'resolved', '4', 4, '1.2', 'https://example.com/', '\ud800'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(names, tie('value')), { maxLength: 5 })
      .map((entries) => Object.fromEntries(entries)),
  ),
}));

const alertmanagerBody = fc
  .record({ alerts: fc.array(anyJson, { maxLength: 4 }), rest: anyJson, version: fc.constant('4') })
  .map(({ alerts, rest, version }) =>
    JSON.stringify({ ...(typeof rest === 'object' ? rest : {}), alerts, version }),
  );

const alertBody = fc
  .array(
    fc.record(
      { labels: anyJson, annotations: anyJson, status: anyJson, startsAt: anyJson, extra: anyJson },
      { requiredKeys: [] },
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((alerts) => JSON.stringify({ alerts, version: '4', groupKey: 'g' }));

const cloudBody = fc
  .record({ incident: anyJson, known: fc.constant({ incident_id: 'i' }) })
  .map(({ incident, known }) =>
    JSON.stringify({
      incident: { ...(typeof incident === 'object' ? incident : {}), ...known },
      version: '1.2',
    }),
  );

/** A payload of ours with a few bytes changed, dropped or repeated. */
const mutatedPayload = fc
  .tuple(
    fc.constantFrom(...payloads),
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 }), fc.nat({ max: 3 })), { maxLength: 6 }),
  )
  .map(([payload, edits]) => {
    let bytes: Uint8Array = payload;
    for (const [where, byte, edit] of edits) {
      const at = where % (bytes.length + 1);
      const before = bytes.subarray(0, at);
      const inserted = edit === 0 ? [byte] : bytes.subarray(at, at + edit * edit);
      bytes = Buffer.concat([before, Uint8Array.from(inserted), bytes.subarray(at + (edit % 3))]);
    }
    return bytes;
  });

const bodies = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  anyJson.map((value) => JSON.stringify(value)),
  mutatedPayload,
  alertmanagerBody,
  alertBody,
  cloudBody,
);

describe.each(decoders)('%s', (_, decode) => {
  it('gives a value or a reason for any body, and never throws', () => {
    fc.assert(
      fc.property(bodies, fc.constantFrom(intakeLimits, tight), (body, limits) => {
        const result = decode(body, limits);
        if (!result.ok) expect(result.error.reason).toMatch(/^[A-Z`].+\.$/s);
      }),
      { numRuns: 1500 },
    );
  });

  it('gives what JSON can hold: the stored copy equals the value', () => {
    fc.assert(
      fc.property(bodies, fc.constantFrom(intakeLimits, tight), (body, limits) => {
        const result = decode(body, limits);
        expect(JSON.parse(JSON.stringify(result))).toEqual(result);
      }),
      { numRuns: 500 },
    );
  });

  it('gives the same for the same bytes, as bytes or as text', () => {
    fc.assert(
      fc.property(bodies, (body) => {
        const bytes = Buffer.from(body);
        expect(decode(bytes)).toEqual(decode(Uint8Array.from(bytes)));
        if (typeof body === 'string') expect(decode(body)).toEqual(decode(bytes));
      }),
      { numRuns: 300 },
    );
  });
});

const codePoints = (text: string): number => Array.from(text).length;

function expectWithin(alert: Alert, limits: IntakeLimits): void {
  expect(codePoints(alert.fingerprint)).toBeLessThanOrEqual(limits.identityCodePoints);
  expect(Object.keys(alert.labels).length).toBeLessThanOrEqual(limits.labelsPerAlert);
  expect(Object.keys(alert.annotations).length).toBeLessThanOrEqual(limits.annotationsPerAlert);
  for (const [name, value] of Object.entries(alert.labels)) {
    expect(codePoints(name)).toBeLessThanOrEqual(limits.labelNameCodePoints);
    expect(codePoints(value)).toBeLessThanOrEqual(limits.labelValueCodePoints);
  }
  for (const value of Object.values(alert.annotations)) {
    expect(codePoints(value)).toBeLessThanOrEqual(limits.annotationValueCodePoints);
  }
  for (const link of Object.values(alert.links)) {
    expect(link).toMatch(/^https?:\/\//i);
    expect(codePoints(String(link))).toBeLessThanOrEqual(limits.linkCodePoints);
  }
}

/** Whether every text in a value, names included, is free of lone surrogates. */
function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, item]) => name.isWellFormed() && isWellFormed(item));
}

describe('deliveries', () => {
  it.each([
    ['Alertmanager', decodeAlertmanager, fc.oneof(alertmanagerBody, alertBody)],
    ['Cloud Monitoring', decodeCloudMonitoring, cloudBody],
  ] as const)('of %s lie within their limits and hold no half characters', (_, decode, body) => {
    let read = 0;
    fc.assert(
      fc.property(body, (text) => {
        const result = decode(text, tight);
        if (!result.ok) return;
        read += 1;
        expect(result.value.alerts.length).toBeLessThanOrEqual(tight.alertsPerBody);
        for (const alert of result.value.alerts) expectWithin(alert, tight);
        expect(isWellFormed(result.value)).toBe(true);
      }),
      { numRuns: 1000 },
    );
    expect(read).toBeGreaterThan(100);
  });

  it('keep every label that fits, whatever its name', () => {
    const label = fc.string({ unit: 'grapheme', maxLength: 20 });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.oneof(names, label), label)), (pairs) => {
        const labels = Object.fromEntries(
          pairs.map(([name, value]) => [name.toWellFormed(), value.toWellFormed()]),
        );
        const alert = { labels, startsAt: '2026-03-02T09:14:05Z', status: 'firing' };
        const body = JSON.stringify({ version: '4', groupKey: 'g', alerts: [alert] });
        const result = decodeAlertmanager(body);
        expect(result.ok && result.value.alerts[0]?.labels).toEqual(labels);
        expect(result.ok && result.value.alerts[0]?.cuts).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
