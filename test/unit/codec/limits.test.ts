import { describe, expect, it } from 'vitest';
import { decodeAlertmanager } from '../../../lib/codec/alertmanager.ts';
import { decodeCloudMonitoring } from '../../../lib/codec/cloud-monitoring.ts';
import { intakeLimits as limits } from '../../../lib/codec/limits.ts';
import {
  alertIn,
  alertmanagerMessage,
  cloudMessage,
  deliveryIn,
  firingAlert,
  messageOf,
  reasonIn,
} from './messages.ts';

/** An object with so many members of one letter each. */
const wide = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'v']));

/** Lists within lists, so many. */
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

/** Four bytes and two UTF-16 units, one code point. */
const clef = '\u{1d11e}';

describe('limits that make a body unreadable (S63, F15)', () => {
  // A label value lies within four containers: the message, alerts, the alert, labels.
  const deepBody = (depth: number): string =>
    messageOf({ labels: { a: 'DEEP' } }).replace('"DEEP"', nested(depth));

  it('reads 32 levels and not 33', () => {
    expect(decodeAlertmanager(deepBody(limits.depth - 4)).ok).toBe(true);
    expect(reasonIn(decodeAlertmanager(deepBody(limits.depth - 3)))).toBe(
      'The body nests more than 32 levels of objects and lists.',
    );
  });

  it('does not mind depth in text', () => {
    const annotations = { summary: `${'['.repeat(5000)}\\"${'{'.repeat(100)}` };
    expect(alertIn(decodeAlertmanager(messageOf({ annotations }))).cuts).toEqual([]);
  });

  it('says so of 100,000 levels, closed or not', () => {
    expect(decodeAlertmanager('['.repeat(100_000)).ok).toBe(false);
    expect(decodeCloudMonitoring(nested(100_000)).ok).toBe(false);
    expect(decodeCloudMonitoring('{"a":'.repeat(100_000)).ok).toBe(false);
  });

  it('reads objects of 5,000 members and not of 5,001', () => {
    const body = (count: number): string => messageOf({ extra: wide(count) });
    expect(decodeAlertmanager(body(limits.keysPerObject)).ok).toBe(true);
    expect(reasonIn(decodeAlertmanager(body(limits.keysPerObject + 1)))).toBe(
      'An object in the body has more than 5000 members.',
    );
  });

  it('reads many objects that have few members each', () => {
    const alerts = Array.from({ length: 900 }, () => firingAlert({ extra: wide(50) }));
    expect(deliveryIn(decodeAlertmanager(alertmanagerMessage({ alerts }))).alerts).toHaveLength(
      900,
    );
  });
});

describe('the limit on bytes (F14)', () => {
  const padded = (body: string, bytes: number): string => body + ' '.repeat(bytes - body.length);

  it('reads 1,048,576 bytes whole', () => {
    expect(alertIn(decodeAlertmanager(padded(messageOf({}), limits.bodyBytes))).cuts).toEqual([]);
    expect(alertIn(decodeCloudMonitoring(padded(cloudMessage(), limits.bodyBytes))).cuts).toEqual(
      [],
    );
  });

  it('cannot read one byte more where no alert can be left out', () => {
    const body = padded(cloudMessage(), limits.bodyBytes + 1);
    expect(reasonIn(decodeCloudMonitoring(body))).toMatch(/^The body is oversize: 1048577 bytes/);
    const single = messageOf({ annotations: { summary: 'x'.repeat(limits.bodyBytes) } });
    expect(reasonIn(decodeAlertmanager(single))).toMatch(/^The body is oversize/);
  });

  it('leaves out the alerts that lie beyond, and reads what comes after them', () => {
    const alerts = Array.from({ length: 300 }, (_, index) =>
      firingAlert({ fingerprint: String(index), annotations: { summary: 'x'.repeat(5000) } }),
    );
    // As Alertmanager orders them: alerts first, version and groupKey at the end.
    const { version, groupKey, ...rest } = JSON.parse(alertmanagerMessage({ alerts })) as Record<
      string,
      unknown
    >;
    const delivery = deliveryIn(decodeAlertmanager(JSON.stringify({ ...rest, groupKey, version })));
    expect(delivery.group).toBe(groupKey);
    const { length } = delivery.alerts;
    expect(length).toBeGreaterThan(190);
    expect(length).toBeLessThan(210);
    expect(delivery.alerts.map((alert) => alert.fingerprint)).toEqual(
      Array.from({ length }, (_, index) => String(index)),
    );
    expect(delivery.cuts).toEqual([
      expect.stringContaining(`300 alerts; the first ${length} were read and ${300 - length} left`),
    ]);
  });
});

describe('the limit on bytes, where alerts and the rest of the message share it', () => {
  const bodyOf = (bytes: number): string => {
    const alerts = [firingAlert({ fingerprint: 'a' }), firingAlert({ fingerprint: 'b' })];
    const head = JSON.stringify({ alerts, version: '4', groupKey: 'g' }).slice(0, -1);
    return `${head},"rest":"${'x'.repeat(bytes - head.length - 11)}"}`;
  };

  it('reads both alerts of 1,048,576 bytes, and the first of one byte more', () => {
    const whole = bodyOf(limits.bodyBytes);
    expect(whole).toHaveLength(limits.bodyBytes);
    expect(deliveryIn(decodeAlertmanager(whole)).alerts).toHaveLength(2);
    const { alerts } = deliveryIn(decodeAlertmanager(bodyOf(limits.bodyBytes + 1)));
    expect(alerts.map((alert) => alert.fingerprint)).toEqual(['a']);
  });
});

describe('the limit on alerts', () => {
  const bodyOf = (count: number): string =>
    alertmanagerMessage({ alerts: Array.from({ length: count }, () => firingAlert()) });

  it('reads 1,000', () => {
    const delivery = deliveryIn(decodeAlertmanager(bodyOf(limits.alertsPerBody)));
    expect(delivery.alerts).toHaveLength(1000);
    expect(delivery.cuts).toEqual([]);
  });

  it('reads the first 1,000 of 1,001, with a mark', () => {
    const delivery = deliveryIn(decodeAlertmanager(bodyOf(limits.alertsPerBody + 1)));
    expect(delivery.alerts).toHaveLength(1000);
    expect(delivery.cuts).toEqual([
      expect.stringContaining('1001 alerts; the first 1000 were read and 1 left out'),
    ]);
  });

  it('holds for a list whose name is written with escapes', () => {
    const body = bodyOf(limits.alertsPerBody + 1).replace('"alerts"', '"\\u0061lerts"');
    const delivery = deliveryIn(decodeAlertmanager(body));
    expect(delivery.alerts).toHaveLength(1000);
    expect(delivery.cuts).toEqual([expect.stringContaining('Of 1001 alerts the first 1000')]);
  });
});

describe('limits of one alert', () => {
  const labelled = (labels: object): ReturnType<typeof alertIn> =>
    alertIn(decodeAlertmanager(messageOf({ labels })));
  const annotated = (annotations: object): ReturnType<typeof alertIn> =>
    alertIn(decodeAlertmanager(messageOf({ annotations })));

  it('keeps 128 labels and annotations, and the first 128 of 129', () => {
    expect(labelled(wide(limits.labelsPerAlert)).cuts).toEqual([]);
    const cut = labelled(wide(limits.labelsPerAlert + 1));
    expect(Object.keys(cut.labels)).toHaveLength(128);
    expect(cut.cuts).toEqual(['Of 129 labels the first 128 were kept.']);
    expect(annotated(wide(limits.annotationsPerAlert)).cuts).toEqual([]);
    expect(annotated(wide(limits.annotationsPerAlert + 1)).cuts).toEqual([
      'Of 129 annotations the first 128 were kept.',
    ]);
  });

  it.each([
    ['a letter', 'x'],
    ['a character of two units', clef],
  ])('keeps names and values up to their limit, counted in code points of %s', (_, character) => {
    const of = (count: number): string => character.repeat(count);
    const { labelNameCodePoints, labelValueCodePoints, annotationValueCodePoints } = limits;
    expect(labelled({ [of(labelNameCodePoints)]: of(labelValueCodePoints) }).cuts).toEqual([]);
    expect(annotated({ a: of(annotationValueCodePoints) }).cuts).toEqual([]);

    const longName = labelled({ [of(labelNameCodePoints + 1)]: 'v' });
    expect(longName.labels).toEqual({ [of(labelNameCodePoints)]: 'v' });
    expect(longName.cuts).toEqual([expect.stringContaining('name(s) cut to 1024 characters')]);

    const longValue = labelled({ a: of(labelValueCodePoints + 1) });
    expect(longValue.labels).toEqual({ a: of(labelValueCodePoints) });
    expect(longValue.cuts).toEqual(['1 label value(s) cut to 4096 characters: "a".']);

    const longNote = annotated({ b: of(annotationValueCodePoints + 1) });
    expect(longNote.annotations).toEqual({ b: of(annotationValueCodePoints) });
    expect(longNote.cuts).toEqual(['1 annotation value(s) cut to 8192 characters: "b".']);
  });

  it('computes a missing fingerprint from the labels before they are cut', () => {
    const long = 'x'.repeat(limits.labelValueCodePoints + 1);
    const read = (end: string): string =>
      alertIn(decodeAlertmanager(messageOf({ fingerprint: '', labels: { a: long + end } })))
        .fingerprint;
    expect(read('a')).not.toBe(read('b'));
  });

  it('cuts group key and fingerprint so that two which differ still do', () => {
    const of = (count: number, end: string): string => 'g'.repeat(count - 1) + end;
    const read = (groupKey: string): ReturnType<typeof deliveryIn> =>
      deliveryIn(decodeAlertmanager(alertmanagerMessage({ groupKey })));
    const whole = read(of(limits.identityCodePoints, 'a'));
    expect(whole.group).toBe(of(limits.identityCodePoints, 'a'));
    expect(whole.cuts).toEqual([]);
    const cut = read(of(limits.identityCodePoints + 1, 'a'));
    expect(cut.group).toHaveLength(limits.identityCodePoints);
    expect(cut.group).not.toBe(read(of(limits.identityCodePoints + 1, 'b')).group);
    expect(cut.cuts).toEqual([expect.stringContaining('`groupKey` was cut')]);
  });

  it('makes a link of 2,048 characters and none of 2,049', () => {
    const url = (length: number): string => 'https://example.com/'.padEnd(length, 'x');
    const read = (length: number): unknown => annotated({ runbook_url: url(length) }).links.runbook;
    expect(read(limits.linkCodePoints)).toBe(url(limits.linkCodePoints));
    expect(read(limits.linkCodePoints + 1)).toBeUndefined();
  });

  it('keeps source fields up to 8,192 characters of JSON, and names what it leaves out', () => {
    // The name takes 5 characters, the quotes of the value 2.
    const read = (length: number): ReturnType<typeof alertIn> =>
      alertIn(
        decodeAlertmanager(messageOf({ generatorURL: undefined, big: 'x'.repeat(length - 7) })),
      );
    expect(read(limits.sourceFieldsLength).cuts).toEqual([]);
    const cut = read(limits.sourceFieldsLength + 1);
    expect(cut.sourceFields).not.toHaveProperty('big');
    expect(cut.cuts).toEqual(['Source fields over 8192 characters were left out: "big".']);
  });
});

describe('limits of an incident of Cloud Monitoring', () => {
  it('holds them for what becomes a label or a text', () => {
    const alert = alertIn(
      decodeCloudMonitoring(
        cloudMessage({
          policy_user_labels: wide(limits.labelsPerAlert + 1),
          documentation: { content: clef.repeat(limits.annotationValueCodePoints + 1) },
          incident_id: 'i'.repeat(limits.identityCodePoints + 1),
        }),
      ),
    );
    expect(Object.keys(alert.labels)).toHaveLength(limits.labelsPerAlert);
    expect(alert.description).toBe(clef.repeat(limits.annotationValueCodePoints));
    expect(alert.fingerprint).toHaveLength(limits.identityCodePoints);
    expect(alert.cuts).toHaveLength(3);
  });
});
