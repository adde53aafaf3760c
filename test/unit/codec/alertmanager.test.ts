import { describe, expect, it } from 'vitest';
import { decodeAlertmanager } from '../../../lib/codec/alertmanager.ts';
import { labelOf } from '../../../lib/domain/shared/labels.ts';
import {
  alertIn,
  alertmanagerMessage,
  deliveryIn,
  firingAlert,
  messageOf,
  reasonIn,
} from './messages.ts';

describe('decodeAlertmanager: the message', () => {
  it.each([
    ['4', '"4"'],
    ['4 as a number', '4'],
  ])('reads version %s', (_, version) => {
    const body = alertmanagerMessage().replace('"version":"4"', `"version":${version}`);
    expect(decodeAlertmanager(body).ok).toBe(true);
  });

  it.each([
    ['3', { version: '3', groupKey: 123 }, 'has `version` "3"'],
    ['Grafana', { version: '1', orgId: 1 }, "Grafana's webhook"],
    ['a new one', { version: '5' }, 'has `version` "5"'],
    ['none', { version: undefined }, 'has no `version`'],
    ['an object', { version: { a: 1 } }, 'has `version` {"a":1}'],
  ])('quarantines version %s and says what is allowed', (_, changes, sentence) => {
    const reason = reasonIn(decodeAlertmanager(alertmanagerMessage(changes)));
    expect(reason).toContain(sentence);
    expect(reason).toContain('payload version "4"');
  });

  it.each([
    ['no list of alerts', { alerts: undefined }, '`alerts` is missing'],
    ['alerts that are an object', { alerts: {} }, '`alerts` is an object'],
    ['alerts without any object', { alerts: [1, null, []] }, 'None of the 3 entries'],
  ])('quarantines %s', (_, changes, sentence) => {
    expect(reasonIn(decodeAlertmanager(alertmanagerMessage(changes)))).toContain(sentence);
  });

  it('keeps readable alerts beside entries that are none, with a mark', () => {
    const delivery = deliveryIn(
      decodeAlertmanager(alertmanagerMessage({ alerts: [7, firingAlert()] })),
    );
    expect(delivery.alerts).toHaveLength(1);
    expect(delivery.cuts).toEqual(['Entries of `alerts` that are no objects: 1.']);
  });

  it('reads an empty list as a delivery without alerts', () => {
    expect(deliveryIn(decodeAlertmanager(alertmanagerMessage({ alerts: [] }))).alerts).toEqual([]);
  });

  it('takes the group key as it came', () => {
    const groupKey = '{}/{team=~"^(?:a|b)$"}:{alertname="\u2028 <x>"}';
    const delivery = deliveryIn(decodeAlertmanager(alertmanagerMessage({ groupKey })));
    expect(delivery.group).toBe(groupKey);
  });

  it('lets receiver and group labels stand in for a missing group key, with a mark', () => {
    const read = (groupLabels: object): string =>
      deliveryIn(decodeAlertmanager(alertmanagerMessage({ groupKey: undefined, groupLabels })))
        .group;
    expect(read({ a: '1', b: '2' })).toBe(read({ b: '2', a: '1' }));
    expect(read({ a: '1' })).not.toBe(read({ a: '2' }));
  });

  it.each([
    ['a number', 41, 41],
    ['a number as text', '41', 41],
    ['nothing (before 0.21)', undefined, 0],
    ['a negative number', -3, 0],
    ['a word', 'many', 0],
  ])('reads truncatedAlerts from %s', (_, truncatedAlerts, expected) => {
    const delivery = deliveryIn(decodeAlertmanager(alertmanagerMessage({ truncatedAlerts })));
    expect(delivery.truncatedAlerts).toBe(expected);
  });

  it('keeps the fields of the message that have no other place with each alert', () => {
    const body = alertmanagerMessage({ routeLabels: { owner: 'a' }, notification_reason: 'x' });
    expect(alertIn(decodeAlertmanager(body)).sourceFields).toEqual({
      receiver: 'tocsin',
      groupLabels: { alertname: 'Down' },
      externalURL: 'https://alertmanager.example.com',
      routeLabels: { owner: 'a' },
      notification_reason: 'x',
    });
  });

  it('reads bytes with a byte order mark and the newline that Go writes', () => {
    const bytes = Buffer.from(`\ufeff${alertmanagerMessage()}\n`, 'utf8');
    expect(alertIn(decodeAlertmanager(bytes)).cuts).toEqual([]);
  });
});

describe('decodeAlertmanager: status and times', () => {
  it('takes resolved from the alert, whatever endsAt or the message say', () => {
    const alert = firingAlert({ status: 'firing', endsAt: '2020-01-01T00:00:00Z' });
    const body = alertmanagerMessage({ status: 'resolved', alerts: [alert] });
    expect(alertIn(decodeAlertmanager(body)).status).toBe('firing');
  });

  it.each([
    ['resolved', 'resolved', 0],
    ['RESOLVED', 'resolved', 0],
    ['suppressed', 'firing', 1],
    [undefined, 'firing', 1],
    [7, 'firing', 1],
  ])('reads status %s as %s with %i mark(s)', (sent, expected, marks) => {
    const alert = alertIn(decodeAlertmanager(messageOf({ status: sent })));
    expect(alert.status).toBe(expected);
    expect(alert.cuts).toHaveLength(marks);
  });

  it.each(['0001-01-01T00:00:00Z', '', null, 'soon'])('reads endsAt %s as none', (endsAt) => {
    expect(alertIn(decodeAlertmanager(messageOf({ endsAt }))).endsAtMs).toBeNull();
  });

  it.each([['soon'], [''], [undefined], [12], ['0001-01-01T00:00:00Z']])(
    'keeps an alert whose startsAt is %s, with a mark',
    (startsAt) => {
      const alert = alertIn(decodeAlertmanager(messageOf({ startsAt })));
      expect(alert.startsAtMs).toBe(0);
      expect(alert.cuts).toEqual([expect.stringContaining('counts as 1970-01-01')]);
    },
  );
});

describe('decodeAlertmanager: what the alert is called', () => {
  it('computes the fingerprint that Alertmanager would send, whatever the order of labels', () => {
    // The labels and fingerprint of fixture alertmanager/firing-two-instances.json.
    const labels = {
      severity: 'critical',
      monitor: 'codelab-monitor',
      job: 'prometheus',
      instance: 'localhost:9090',
      code: '200',
      alertname: 'InstanceDown',
    };
    const alert = alertIn(decodeAlertmanager(messageOf({ labels, fingerprint: undefined })));
    expect(alert.fingerprint).toBe('8df98227bdd81384');
  });

  it.each([
    ['alertname', { alertname: 'A', rulename: 'R' }, 'A'],
    ['rulename', { rulename: 'R' }, 'R'],
    ['the fingerprint', {}, 'unnamed alert 4d1f3c0b9a7e2f58'],
  ])('names it by %s', (_, labels, name) => {
    expect(alertIn(decodeAlertmanager(messageOf({ labels }))).name).toBe(name);
  });

  it.each([
    [{ summary: 's', message: 'm', description: 'd' }, 's', 'd'],
    [{ message: 'm' }, 'm', 'm'],
    [{ title: 't', details: 'x' }, 't', 'x'],
    [{ summary: '  ' }, 'Down', ''],
    [null, 'Down', ''],
  ])('reads summary and description from %j', (annotations, summary, description) => {
    expect(alertIn(decodeAlertmanager(messageOf({ annotations })))).toMatchObject({
      summary,
      description,
    });
  });

  it('writes label values that are no text as JSON, with a mark', () => {
    const labels = { alertname: 'A', number: 5, flag: true, nothing: null, list: ['x'] };
    const alert = alertIn(decodeAlertmanager(messageOf({ labels })));
    expect(alert.labels).toEqual({
      ...{ alertname: 'A', number: '5', flag: 'true', nothing: 'null', list: '["x"]' },
    });
    expect(alert.cuts).toEqual([
      '4 label value(s) that were no text: "number", "flag", "nothing", "list".',
    ]);
  });

  it('keeps an alert whose labels are no object, with a mark', () => {
    const alert = alertIn(decodeAlertmanager(messageOf({ labels: ['a'] })));
    expect(alert.labels).toEqual({});
    expect(alert.cuts).toEqual(['The labels are a list, not an object.']);
  });

  it('keeps names of any script, and names that JavaScript knows, as data', () => {
    const labels = '{"__proto__":"p","constructor":"c","日本.é":"x","alertname":"A"}';
    const body = messageOf({ labels: 'LABELS' }).replace('"LABELS"', labels);
    const alert = alertIn(decodeAlertmanager(body));
    expect(labelOf(alert.labels, '__proto__')).toBe('p');
    expect(labelOf(alert.labels, 'constructor')).toBe('c');
    expect(labelOf(alert.labels, '日本.é')).toBe('x');
    expect(labelOf(alert.labels, 'toString')).toBe('');
  });
});

describe('decodeAlertmanager: links', () => {
  it('takes them from the conventional annotations and the generator', () => {
    const annotations = {
      runbook_url: 'https://runbooks.example.com/a?b=c#d',
      dashboard: 'http://grafana.example.com/d/x',
    };
    const alert = alertIn(decodeAlertmanager(messageOf({ annotations })));
    expect(alert.links).toEqual({
      runbook: annotations.runbook_url,
      dashboard: annotations.dashboard,
      source: 'https://prometheus.example.com/graph',
    });
    expect(alert.sourceFields).not.toHaveProperty('generatorURL');
  });

  it.each([
    ['a script', 'javascript:alert(1)'],
    ['a relative address', '?orgId=1'],
    ['another scheme', 'ftp://example.com/x'],
    ['a user name that looks like a host', 'https://bank.example.com@evil.example.com/'],
    ['markup', 'https://example.com/"><script>'],
    ['a line break', 'https://example.com/\nx'],
    ['a bidi control', 'https://example.com/\u202egpj.exe'],
    ['no host', 'https://'],
    ['a template nobody filled in', 'https://example.com/${resource.name}'],
  ])('makes no link of %s, and keeps it as a source field', (_, generatorURL) => {
    const alert = alertIn(decodeAlertmanager(messageOf({ generatorURL })));
    expect(alert.links).toEqual({});
    expect(alert.sourceFields).toHaveProperty('generatorURL', generatorURL);
  });
});
