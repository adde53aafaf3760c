import { describe, expect, it } from 'vitest';
import type { TenantPolicy } from '../../../lib/domain/policy/policy.ts';
import { hours } from '../../../lib/domain/shared/time.ts';
import { empty, episode, onClosed, planOf, severity, type Scene } from './plan-scenes.ts';
import { at, resolvedByHand, t0, tenant, type Given } from './samples.ts';

describe('open', () => {
  it('describes the incident by the alert that fires and began first', () => {
    const { command } = planOf('open', {
      ...empty,
      alerts: [
        { fingerprint: 'c', name: 'Over', status: 'resolved', startsAtMs: at(-9) },
        { fingerprint: 'b', name: 'Later', startsAtMs: at(0, 1) },
        { fingerprint: 'a', name: 'First', summary: 'It began here' },
      ],
    });

    expect(command).toMatchObject({ kind: 'open', tenant: 'acme' });
    expect(command.opened).toMatchObject({
      title: 'First (checkout, production)',
      summary: 'It began here',
      episode: `start:${t0}`,
      ordinal: 1,
      severity: 'P1',
      severityReason: { rule: 'label-error', text: 'the alert says error' },
      target: tenant.sla.targets.P1,
      team: 'payments',
      routingKey: 'payments',
      links: { runbook: 'https://wiki.example/checkout' },
      isOperator: false,
    });
  });

  it('is named by the source’s own incident where the source has one', () => {
    const scene: Scene = { ...empty, alerts: [{}], more: { sourceKind: 'cloud-monitoring' } };
    expect(planOf('open', scene).command.opened.episode).toBe('id:a');
  });

  it('has the links of the alert before those of the service', () => {
    const alerts = [{ links: { runbook: 'https://a.example', dashboard: 'https://d.example' } }];
    expect(planOf('open', { ...empty, alerts }).command.opened.links).toEqual(alerts[0]?.links);
  });

  it('has the default severity when no rule says another, and says so', () => {
    const scene: Scene = { ...empty, alerts: [severity('odd')] };
    expect(planOf('open', scene).command.opened.severityReason.rule).toBe('default');
  });

  it('about Tocsin itself is not classified by the policy', () => {
    const operator = { severity: 'P0', reason: { rule: 'quarantine', text: 'unread' } } as const;
    const { opened } = planOf('open', { ...empty, alerts: [{}], more: { operator } }).command;

    expect(opened).toMatchObject({
      isOperator: true,
      severity: 'P0',
      severityReason: { rule: 'quarantine' },
    });
  });

  it('goes by its members: a resolve without its fire says nothing', () => {
    const policy: TenantPolicy = {
      ...tenant,
      blastRules: [
        {
          id: 'database',
          match: [{ label: 'severity', operator: '=', value: 'critical' }],
          minServices: null,
          minAlerts: 1,
          severity: 'P0',
          reason: 'a database',
        },
      ],
    };
    const never = { fingerprint: 'b', status: 'resolved', ...severity('critical') } as const;
    const { command } = planOf('open', { ...empty, alerts: [{}, never], policy });

    expect(command.opened.severity).toBe('P1');
    expect(command.attached.blastRules).toEqual([]);
  });

  it('takes over what still fires, and its severity', () => {
    const { command, thread: next } = planOf('open', {
      ...onClosed,
      nowMs: at(60),
      alerts: [{ fingerprint: 'b', ...severity('warning') }],
    });

    expect(command.attached.totals).toEqual({ episodes: 2, firing: 2, alerts: 2 });
    expect(command.opened).toMatchObject({
      ordinal: 2,
      severity: 'P1',
      severityReason: { rule: 'carried-over' },
    });
    expect(next.episodes.map(({ ordinal }) => ordinal)).toEqual([2, 2]);
  });

  it('takes over the severity also beside a resolve that belongs to nothing', () => {
    const { command } = planOf('open', {
      ...onClosed,
      nowMs: at(60),
      alerts: [
        { fingerprint: 'b', ...severity('warning') },
        { fingerprint: 'c', status: 'resolved', ...severity('warning') },
      ],
    });

    expect(command.opened.severityReason.rule).toBe('carried-over');
  });

  it('takes over nothing of what is over', () => {
    const { command, thread: next } = planOf('open', {
      ...onClosed,
      nowMs: at(60),
      episodes: [episode('a', { status: 'resolved' })],
      alerts: [{ fingerprint: 'b', ...severity('warning') }],
    });

    expect(command.attached.totals.episodes).toBe(1);
    expect(command.opened.severity).toBe('P2');
    expect(next.episodes.map(({ ordinal }) => ordinal)).toEqual([1, 2]);
  });

  it('an old incident that still fires after the quiet window goes on in a new one', () => {
    const scene: Scene = { ...onClosed, nowMs: at(0, hours(24)), alerts: [severity('warning')] };
    const { command } = planOf('open', scene);

    expect(command.opened).toMatchObject({ ordinal: 2, severity: 'P1' });
    expect(command.attached.totals).toEqual({ episodes: 1, firing: 1, alerts: 1 });
  });

  it('an episode that outlives its incident has another key, and its next one another still', () => {
    const again: Scene = { ...onClosed, nowMs: at(0, hours(24)), alerts: [{}] };
    const { command } = planOf('open', again);
    const [[openedAtMs, opened] = [t0, null], ...rest] = resolvedByHand;
    if (opened?.type !== 'incident.opened') throw new Error('A log begins with its opening.');
    const second: Given = [[openedAtMs, { ...opened, episode: command.opened.episode }], ...rest];

    expect(command.opened.episode).toBe(`start:${t0}#2`);
    expect(command.opened.dedupKey).not.toBe(opened.dedupKey);
    expect(planOf('open', { ...again, given: second }).command.opened.episode).toMatch(/#\d+$/);
  });

  it('gives every retry the same names, and the next incident of the thread others', () => {
    const first = planOf('open', { ...empty, alerts: [{}] }).command;
    const retry = planOf('open', { ...empty, alerts: [{}], nowMs: at(9) }).command;
    const next = planOf('open', {
      ...onClosed,
      nowMs: at(60),
      alerts: [{ fingerprint: 'b' }],
    }).command;

    expect(retry.incidentId).toBe(first.incidentId);
    expect(retry.opened.dedupKey).toBe(first.opened.dedupKey);
    expect(next.incidentId).not.toBe(first.incidentId);
  });
});
