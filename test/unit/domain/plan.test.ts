import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../lib/domain/alert/alert.ts';
import type { DeliveryPlan, PlanInput } from '../../../lib/domain/correlation/delivery-plan.ts';
import { planDelivery } from '../../../lib/domain/correlation/plan.ts';
import type { PlacedAlert } from '../../../lib/domain/correlation/place.ts';
import type { Episode, Thread } from '../../../lib/domain/correlation/thread.ts';
import type { Incident } from '../../../lib/domain/incident/state.ts';
import type { TenantPolicy } from '../../../lib/domain/policy/policy.ts';
import { hours, minutes, type EpochMs } from '../../../lib/domain/shared/time.ts';
import {
  alert,
  at,
  attached,
  checkout,
  digest,
  fold,
  lifecycle,
  paged,
  resolvedByHand,
  t0,
  tenant,
  withLifecycle,
  type Given,
} from './samples.ts';

const episode = (fingerprint: string, of: Partial<Episode> = {}): Episode => ({
  fingerprint,
  startsAtMs: t0,
  status: 'firing',
  ordinal: 1,
  ...of,
});

const thread = (incident: Incident | null, episodes: readonly Episode[]): Thread => ({
  tenant: 'acme',
  threadHash: 'h',
  correlationKey: 'k',
  version: 1,
  current:
    incident === null
      ? null
      : {
          incidentId: incident.id,
          ordinal: 1,
          isOpen: incident.state !== 'resolved',
          quietUntilMs: null,
        },
  episodes,
});

const placed = (of: Partial<Alert>): PlacedAlert => ({
  alert: alert(of),
  service: checkout,
  serviceId: 'checkout',
  environment: 'production',
});

interface Scene {
  /** The thread's incident, if it has one, and its episodes. */
  readonly given: Given | null;
  readonly episodes: readonly Episode[];
  readonly alerts: readonly Partial<Alert>[];
  readonly nowMs: EpochMs;
  readonly policy?: TenantPolicy;
  readonly more?: Partial<PlanInput>;
}

function plan({ given, episodes, alerts, nowMs, policy = tenant, more = {} }: Scene): DeliveryPlan {
  const incident = given === null ? null : fold(given);
  return planDelivery(
    {
      thread: thread(incident, episodes),
      incident,
      group: {
        correlationKey: 'k',
        grouping: { rule: 'g', text: 'one problem' },
        alerts: alerts.map(placed),
      },
      sourceKind: 'alertmanager',
      sourceId: 'prometheus',
      deliveryId: 'd2',
      truncatedAlerts: 0,
      cuts: [],
      operator: null,
      ...more,
    },
    { policy, policyVersion: '0123456789ab', nowMs, digest },
  );
}

/** The plan, which must be of this kind. */
function planOf<Kind extends DeliveryPlan['kind']>(
  kind: Kind,
  scene: Scene,
): Extract<DeliveryPlan, { readonly kind: Kind }> {
  const made = plan(scene);
  if (made.kind !== kind) throw new Error(`The plan is to ${made.kind}, not to ${kind}.`);
  // The kind was just compared.
  return made as Extract<DeliveryPlan, { readonly kind: Kind }>;
}

const severity = (value: string): Pick<Alert, 'labels'> => ({ labels: { severity: value } });
const empty: Scene = { given: null, episodes: [], alerts: [], nowMs: at(1) };
const onOpen: Scene = { given: paged, episodes: [episode('a')], alerts: [], nowMs: at(5) };
const onClosed: Scene = { ...onOpen, given: resolvedByHand, nowMs: at(25) };
const tooOld: Given = [
  ...paged,
  [
    at(24 * 60),
    {
      type: 'incident.resolved',
      cause: 'max_age',
      by: lifecycle,
      occurredAtMs: at(24 * 60),
      quietUntilMs: null,
      note: '',
    },
  ],
];

describe('what a delivery means', () => {
  it.each<[DeliveryPlan['kind'], Scene, string]>([
    ['open', { ...empty, alerts: [{}] }, 'a first fire'],
    ['remember', { ...empty, alerts: [{ status: 'resolved' }] }, 'no fire was seen'],
    [
      'duplicate',
      {
        ...empty,
        episodes: [episode('a', { status: 'resolved', ordinal: 0 })],
        alerts: [{ status: 'resolved' }],
      },
      'what is remembered is known',
    ],
    ['duplicate', { ...onOpen, alerts: [{}] }, 'a repeat'],
    ['attach', { ...onOpen, alerts: [{ status: 'resolved' }] }, 'an alert is over'],
    ['attach', { ...onOpen, alerts: [{}, { fingerprint: 'b' }] }, 'a further alert'],
    [
      'remember',
      { ...onOpen, alerts: [{ fingerprint: 'b', status: 'resolved' }] },
      'a resolve without its fire changes nothing in the incident',
    ],
    [
      'roll-over',
      { ...onOpen, alerts: [{ fingerprint: 'b' }], nowMs: at(24 * 60) },
      'a fire for an incident that has reached its maximum age',
    ],
    [
      'attach',
      { ...onOpen, alerts: [{ fingerprint: 'b' }], nowMs: at(24 * 60, -1) },
      '1 ms younger',
    ],
    [
      'attach',
      { ...onOpen, alerts: [{ status: 'resolved' }], nowMs: at(48 * 60) },
      'old, but nothing fires anew: it may end',
    ],
    ['duplicate', { ...onClosed, alerts: [{}] }, 'a repeat within the quiet window'],
    ['duplicate', { ...onClosed, alerts: [{}], nowMs: at(30, -1) }, '1 ms before it ends'],
    ['attach', { ...onClosed, alerts: [{}], nowMs: at(30) }, 'it still fires after it'],
    [
      'attach',
      { ...onClosed, alerts: [{ status: 'resolved' }] },
      'the source agrees with who resolved by hand',
    ],
    ['attach', { ...onClosed, alerts: [{ fingerprint: 'b' }], nowMs: at(35) }, 'within the window'],
    ['open', { ...onClosed, alerts: [{ fingerprint: 'b' }], nowMs: at(35, 1) }, '1 ms after it'],
    [
      'open',
      {
        ...onClosed,
        alerts: [{ fingerprint: 'b' }],
        policy: withLifecycle({ maxAgeMs: minutes(25) }),
      },
      'too old to be opened again',
    ],
    [
      'open',
      { ...onOpen, given: tooOld, alerts: [{ fingerprint: 'b' }], nowMs: at(24 * 60) },
      'what was closed for its age stays closed',
    ],
    [
      'duplicate',
      { ...onOpen, given: tooOld, alerts: [{}], nowMs: at(24 * 60 + 1) },
      'a repeat does not wake what was closed for its age',
    ],
  ])('%s: %#', (kind, scene) => {
    expect(plan(scene).kind).toBe(kind);
  });
});

describe('attach', () => {
  it('says why it reopens', () => {
    const anew = planOf('attach', { ...onClosed, alerts: [{ fingerprint: 'b' }] });
    const still = planOf('attach', { ...onClosed, alerts: [{}], nowMs: at(30) });
    const late = planOf('attach', { ...onClosed, alerts: [{ status: 'resolved' }] });

    expect(anew.command.reopen).toBe('an alert fired again within the reopen window');
    expect(still.command.reopen).toBe('resolved by hand, and it still fires at its source');
    expect(late.command.reopen).toBeNull();
  });

  it('lists only what changed, and counts the whole set', () => {
    const { command, thread: next } = planOf('attach', {
      ...onOpen,
      alerts: [{}, { fingerprint: 'b', startsAtMs: at(4), summary: 'x'.repeat(300) }],
    });

    expect(command.attached).toMatchObject({
      sourceId: 'prometheus',
      deliveryId: 'd2',
      alerts: [{ fingerprint: 'b', startsAtMs: at(4), status: 'firing', summary: 'x'.repeat(200) }],
      totals: { episodes: 2, firing: 2, alerts: 2 },
      services: ['checkout'],
    });
    expect(next.episodes).toEqual([episode('a'), episode('b', { startsAtMs: at(4) })]);
  });

  it('bounds what the log lists: 200 alerts, 20 with their labels', () => {
    const alerts = Array.from({ length: 201 }, (_, index) => ({ fingerprint: `f${index}` }));
    const { attached: listed } = planOf('attach', { ...onOpen, alerts }).command;

    expect(listed.alerts).toHaveLength(200);
    expect(listed.alertsNotListed).toBe(1);
    expect(listed.alerts.filter(({ labels }) => labels !== undefined)).toHaveLength(20);
    expect(listed.totals.episodes).toBe(202);
  });

  it('names what was cut, ten sentences at most', () => {
    const cuts = Array.from({ length: 8 }, (_, index) => `cut ${index}`);
    const scene = { ...onOpen, alerts: [{ fingerprint: 'b', cuts }], more: { cuts } };

    expect(planOf('attach', scene).command.attached.cuts).toEqual([...cuts, 'cut 0', 'cut 1']);
  });

  it('proposes the severity of what joined, not of repeats: a person may have lowered it', () => {
    const repeat = { ...severity('critical') };
    const joining = { fingerprint: 'b', ...severity('warning') };
    const { command } = planOf('attach', { ...onOpen, alerts: [repeat, joining] });

    expect(command.candidate?.severity).toBe('P2');
  });

  it('proposes nothing when nothing joined: the set has not grown', () => {
    const policy: TenantPolicy = {
      ...tenant,
      blastRules: [
        {
          id: 'wide',
          match: [],
          minServices: null,
          minAlerts: 1,
          severity: 'P0',
          reason: 'it spreads',
        },
      ],
    };
    const scene: Scene = { ...onOpen, alerts: [{ status: 'resolved' }], policy };

    expect(planOf('attach', scene).command.candidate).toBeNull();
  });

  it('takes a full list for what it is, also when it changes nothing else', () => {
    const over = [episode('a', { status: 'resolved' })];
    const incomplete: Given = [
      ...paged,
      [at(3), attached({ truncatedAlerts: 2, totals: { episodes: 1, firing: 0, alerts: 1 } })],
    ];
    const scene: Scene = {
      ...onOpen,
      given: incomplete,
      episodes: over,
      alerts: [{ status: 'resolved' }],
    };

    expect(planOf('attach', scene).command.attached).toMatchObject({
      alerts: [],
      truncatedAlerts: 0,
    });
    expect(plan({ ...scene, more: { truncatedAlerts: 2 } }).kind).toBe('duplicate');
  });
});

describe('roll-over', () => {
  it('closes the old incident in the name of its age', () => {
    const scene: Scene = { ...onOpen, alerts: [{ fingerprint: 'b' }], nowMs: at(24 * 60) };

    expect(planOf('roll-over', scene).command).toMatchObject({
      kind: 'resolve',
      cause: 'max_age',
      by: lifecycle,
      occurredAtMs: at(24 * 60),
    });
  });
});

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
