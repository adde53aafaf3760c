import { describe, expect, it } from 'vitest';
import { decodeCloudMonitoring } from '../../../lib/codec/cloud-monitoring.ts';
import { alertIn, cloudMessage, deliveryIn, reasonIn } from './messages.ts';

describe('decodeCloudMonitoring: versions', () => {
  it.each([['1.2'], [1.2], ['1.1'], [1.1], ['1.0'], ['1'], [1], ['test'], ['TEST']])(
    'reads %j',
    (version) => {
      const delivery = deliveryIn(decodeCloudMonitoring(cloudMessage({}, version)));
      expect(delivery.cuts).toEqual([]);
      expect(delivery.isTest).toBe(String(version).toLowerCase() === 'test');
    },
  );

  it('reads a message without a version, with a mark', () => {
    const delivery = deliveryIn(
      decodeCloudMonitoring('{"incident":{"incident_id":"0.x","started_at":1}}'),
    );
    expect(delivery.cuts).toEqual(['The message has no `version`; it was read as 1.2.']);
  });

  it.each([['2.0'], [2], [null], [['1.2']], ['']])(
    'quarantines %j and says what is allowed',
    (version) => {
      const reason = reasonIn(decodeCloudMonitoring(cloudMessage({}, version)));
      expect(reason).toContain(`\`version\` ${JSON.stringify(version)}`);
      expect(reason).toContain('"1.2", "1.1", "1.0", "1", "test"');
    },
  );

  it.each([
    ['{"version":"1.2"}', '`incident` is missing'],
    ['{"version":"1.2","incident":"x"}', '`incident` is a string'],
    ['{"version":"1.2","incident":{}}', 'no `incident_id`'],
    ['{}', 'no `version`'],
    ['[]', 'a list, not an object'],
    ['{"message":{"data":"e30="},"subscription":"s"}', 'Pub/Sub push envelope'],
  ])('quarantines %s', (body, sentence) => {
    expect(reasonIn(decodeCloudMonitoring(body))).toContain(sentence);
  });
});

describe('decodeCloudMonitoring: identity and state', () => {
  it('gives the open and the closed message one fingerprint, group and start', () => {
    const open = deliveryIn(decodeCloudMonitoring(cloudMessage()));
    const closed = deliveryIn(
      decodeCloudMonitoring(cloudMessage({ state: 'closed', ended_at: 1_577_877_071 })),
    );
    expect(closed.group).toBe(open.group);
    expect(closed.alerts[0]).toMatchObject({
      fingerprint: open.alerts[0]?.fingerprint,
      startsAtMs: open.alerts[0]?.startsAtMs,
      status: 'resolved',
      endsAtMs: 1_577_877_071_000,
    });
  });

  it.each([
    ['open', 'firing', 0],
    ['OPEN', 'firing', 0],
    ['acknowledged', 'firing', 0],
    ['Closed', 'resolved', 0],
    ['paused', 'firing', 1],
    [undefined, 'firing', 1],
  ])('reads state %s as %s with %i mark(s)', (state, status, marks) => {
    const alert = alertIn(decodeCloudMonitoring(cloudMessage({ state })));
    expect(alert.status).toBe(status);
    expect(alert.cuts).toHaveLength(marks);
  });

  it.each([
    ['seconds', 1_577_840_461, 1_577_840_461_000],
    ['seconds as text', '1577840461', 1_577_840_461_000],
    ['seconds with a fraction', 1_577_840_461.75, 1_577_840_461_750],
    ['milliseconds', 1_577_840_461_750, 1_577_840_461_750],
    ['RFC 3339', '2020-01-01T01:01:01Z', 1_577_840_461_000],
  ])('reads started_at in %s', (_, startedAt, expected) => {
    const alert = alertIn(decodeCloudMonitoring(cloudMessage({ started_at: startedAt })));
    expect(alert.startsAtMs).toBe(expected);
    expect(alert.cuts).toEqual([]);
  });

  it.each([[0], [null], [undefined], ['x'], [-5], [1e300], ['']])(
    'keeps an incident whose started_at is %j, with a mark',
    (startedAt) => {
      const alert = alertIn(decodeCloudMonitoring(cloudMessage({ started_at: startedAt })));
      expect(alert.startsAtMs).toBe(0);
      expect(alert.cuts).toEqual([expect.stringContaining('`started_at`')]);
    },
  );

  it('derives one fingerprint for both messages when there is no id, with a mark', () => {
    const read = (changes: object): ReturnType<typeof alertIn> =>
      alertIn(decodeCloudMonitoring(cloudMessage({ incident_id: undefined, ...changes })));
    const open = read({});
    expect(read({ state: 'closed', summary: 'normal' }).fingerprint).toBe(open.fingerprint);
    expect(read({ policy_name: 'Another' }).fingerprint).not.toBe(open.fingerprint);
    expect(open.cuts).toEqual([expect.stringContaining('no `incident_id`')]);
  });

  it('reads a message of which nothing but the id is there', () => {
    const alert = alertIn(
      decodeCloudMonitoring('{"version":"1.2","incident":{"incident_id":"0.x"}}'),
    );
    expect(alert).toMatchObject({ fingerprint: '0.x', name: 'unnamed incident 0.x', labels: {} });
  });

  it('reads a test message without an id', () => {
    expect(deliveryIn(decodeCloudMonitoring('{"version":"test","incident":{}}')).isTest).toBe(true);
  });
});

describe('decodeCloudMonitoring: labels and texts', () => {
  it("lets the policy's own labels win over derived ones", () => {
    const body = cloudMessage({
      severity: 'Warning',
      policy_user_labels: { severity: 'critical', service: 'checkout' },
    });
    expect(alertIn(decodeCloudMonitoring(body)).labels).toMatchObject({
      severity: 'critical',
      service: 'checkout',
      alertname: 'Checkout is slow',
    });
  });

  it.each([
    ['Critical', 'critical'],
    ['ERROR', 'error'],
    ['No severity', undefined],
    ['no severity', undefined],
    [undefined, undefined],
  ])('reads severity %s as label %s', (severity, label) => {
    const { labels } = alertIn(decodeCloudMonitoring(cloudMessage({ severity })));
    expect(labels['severity']).toBe(label);
  });

  it('keeps figures out of labels, so that labels stay equal until the end', () => {
    const metric = (value: string): Readonly<Record<string, unknown>> => ({
      metric: { type: '__missing__', displayName: '__missing__', labels: { value, job: 'api' } },
    });
    const first = alertIn(decodeCloudMonitoring(cloudMessage(metric('0.7'))));
    const second = alertIn(decodeCloudMonitoring(cloudMessage(metric('0.1'))));
    expect(first.labels).toEqual(second.labels);
    expect(first.labels['metric_label_job']).toBe('api');
    expect(first.annotations['value']).toBe('0.7');
  });

  it.each([
    ['an object', { content: 'Do this', subject: 'S' }, 'Do this'],
    ['a bare text', 'Do this', 'Do this'],
    ['nothing', undefined, ''],
    ['a list', ['Do this'], ''],
  ])('reads documentation that is %s', (_, documentation, description) => {
    const alert = alertIn(decodeCloudMonitoring(cloudMessage({ documentation })));
    expect(alert.description).toBe(description);
  });

  it('reads figures that come as numbers or as texts alike', () => {
    const read = (value: unknown): unknown =>
      alertIn(decodeCloudMonitoring(cloudMessage({ observed_value: value }))).annotations;
    expect(read(0.835)).toEqual(read('0.835'));
  });

  it.each([
    ['summary', { summary: 's' }, 's'],
    ['subject', { summary: '', documentation: { subject: 'Sub' } }, 'Sub'],
    ['name', { summary: undefined }, 'Checkout is slow'],
  ])('summarises by the %s', (_, changes, summary) => {
    expect(alertIn(decodeCloudMonitoring(cloudMessage(changes))).summary).toBe(summary);
  });
});
