import { describe, expect, it } from 'vitest';
import type { DeliveryPlan } from '../../../lib/domain/correlation/delivery-plan.ts';
import type { TenantPolicy } from '../../../lib/domain/policy/policy.ts';
import { minutes } from '../../../lib/domain/shared/time.ts';
import {
  empty,
  episode,
  onClosed,
  onOpen,
  plan,
  planOf,
  severity,
  type Scene,
} from './plan-scenes.ts';
import { at, attached, lifecycle, paged, tenant, withLifecycle, type Given } from './samples.ts';

const tooOld: Given = [
  ...paged,
  [
    at(24 * 60),
    {
      type: 'incident.resolved',
      cause: 'max_age',
      by: lifecycle,
      occurredAtMs: at(24 * 60),
      quietUntilMs: at(24 * 60),
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
      'open',
      { ...onOpen, given: tooOld, alerts: [{}], nowMs: at(24 * 60 + 1) },
      'a repeat of what still fires opens the next one, where nobody has yet',
    ],
    [
      'attach',
      { ...onOpen, given: tooOld, alerts: [{ status: 'resolved' }], nowMs: at(24 * 60 + 1) },
      'the end of what was closed for its age',
    ],
  ])('%s: %#', (kind, scene) => {
    expect(plan(scene).kind).toBe(kind);
  });
});

describe('attach', () => {
  it.each([
    [
      [{ name: 'CartDown' }],
      'CartDown (checkout, production) fired',
      'another than the title names',
    ],
    [[{ name: 'CheckoutDown' }], 'an alert fired again', 'the one that the title names'],
    [
      [{ name: 'PayDown', startsAtMs: at(24) }, { name: 'CartDown' }],
      'CartDown (checkout, production) and 1 more fired',
      'the earliest first',
    ],
  ])('names what fires when it reopens: %#', (alerts, what) => {
    const fresh = alerts.map((alert, index) => ({ fingerprint: `new ${index}`, ...alert }));
    const { command } = planOf('attach', { ...onClosed, alerts: fresh });

    expect(command.reopen).toBe(`${what} within the reopen window`);
  });

  it('names what still fires when it reopens after a resolve by hand', () => {
    const scene = { ...onClosed, alerts: [{ name: 'CartDown' }], nowMs: at(30) };

    expect(planOf('attach', scene).command.reopen).toBe(
      'resolved by hand, and CartDown (checkout, production) still fires at its source',
    );
  });

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
