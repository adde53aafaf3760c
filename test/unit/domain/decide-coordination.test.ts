import { describe, expect, it } from 'vitest';
import type { IncidentCommand } from '../../../lib/domain/incident/command.ts';
import type { CoordinationCommand } from '../../../lib/domain/incident/coordination-command.ts';
import type { IncidentEvent } from '../../../lib/domain/incident/event.ts';
import { durationMs, hours, minutes } from '../../../lib/domain/shared/time.ts';
import {
  acknowledged,
  ada,
  at,
  bob,
  lifecycle,
  of,
  owing,
  paged,
  requested,
  resolvedByHand,
  when,
  type Given,
} from './samples.ts';

const eve = { id: 'eve', name: 'Eve' };
const nowMs = at(25);

const note = (more: object = {}): CoordinationCommand => ({
  kind: 'add-note',
  by: ada,
  text: 'the disk is full',
  occurredAtMs: nowMs,
  ...more,
});
const update = (more: object = {}): CoordinationCommand => ({
  kind: 'publish-update',
  by: ada,
  issue: 'No checkout',
  impact: '',
  actions: 'rolling back',
  estimate: '',
  nextInMs: null,
  ...more,
});
const progress = (more: object = {}): CoordinationCommand => ({
  kind: 'set-progress',
  to: 'identified',
  by: ada,
  text: 'a full disk',
  ...more,
});
const assign = (more: object = {}): CoordinationCommand => ({
  kind: 'assign-role',
  role: 'commander',
  person: eve,
  by: ada,
  ...more,
});
const page = (more: object = {}): CoordinationCommand => ({
  kind: 'page-person',
  by: ada,
  person: { ...eve, pagerdutyUserId: 'PEVE' },
  message: 'the disks, please',
  ...more,
});
const escalate: CoordinationCommand = { kind: 'escalate', by: ada, reason: 'we are stuck' };
const link = (more: object = {}): CoordinationCommand => ({
  kind: 'add-link',
  by: ada,
  title: 'War room',
  url: 'https://meet.example/1',
  ...more,
});
const done = (url: string | null = 'https://docs.example/1'): CoordinationCommand => ({
  kind: 'complete-postmortem',
  by: ada,
  url,
});

/** The same incident with one command more carried out, at `nowMs`. */
const having = (given: Given, ...commands: readonly IncidentCommand[]): Given =>
  commands.reduce<Given>((before, command) => {
    const { then } = when(before, command, { nowMs });
    return [...before, ...then.map((event) => [nowMs, event] as const)];
  }, given);

const rest = (of: object): IncidentEvent =>
  expect.objectContaining({ type: 'page.requested', channel: 'rest', ...of }) as IncidentEvent;

describe('what people do together', () => {
  it.each<[CoordinationCommand, readonly unknown[], string]>([
    [
      progress(),
      [{ type: 'progress.changed', from: null, to: 'identified', by: ada, text: 'a full disk' }],
      'status',
    ],
    [assign(), [{ type: 'role.assigned', role: 'commander', person: eve, by: ada }], 'role'],
    [
      note(),
      [
        { type: 'note.added', by: ada, text: 'the disk is full' },
        rest({ action: 'note', text: 'Ada (api): the disk is full' }),
      ],
      'a note is told to PagerDuty',
    ],
    [note({ by: bob }), [{ type: 'note.added', by: bob, text: 'the disk is full' }], 'no echo'],
    [
      note({ by: lifecycle }),
      [{ type: 'note.added', by: lifecycle, text: 'the disk is full' }],
      'what Tocsin says of itself stays here',
    ],
    [
      note({ occurredAtMs: at(5) }),
      [
        { type: 'note.added', by: ada, text: 'the disk is full', occurredAtMs: at(5) },
        rest({ action: 'note' }),
      ],
      'said earlier',
    ],
    [
      note({ occurredAtMs: at(90) }),
      [{ type: 'note.added', by: ada, text: 'the disk is full' }, rest({ action: 'note' })],
      'nobody has said anything in the future',
    ],
    [
      page(),
      [
        { type: 'responder.requested', person: eve, by: ada, message: 'the disks, please' },
        rest({ action: 'responders', target: 'PEVE', text: 'Ada (api): the disks, please' }),
      ],
      'one more person',
    ],
    [
      escalate,
      [
        { type: 'escalation.requested', by: ada, reason: 'we are stuck' },
        rest({ action: 'escalate', text: 'escalated by Ada (api): we are stuck' }),
      ],
      'the next level',
    ],
    [
      link(),
      [{ type: 'link.added', title: 'War room', url: 'https://meet.example/1', by: ada }],
      'a link',
    ],
    [
      link({ title: ' ' }),
      [
        {
          type: 'link.added',
          title: 'https://meet.example/1',
          url: 'https://meet.example/1',
          by: ada,
        },
      ],
      'a link without a title is its own',
    ],
  ])('is recorded: %#', (command, events) => {
    const { then, refused } = when(acknowledged, command, { nowMs });

    expect(refused).toBeNull();
    expect(then).toEqual(events);
  });

  it('shows in the incident', () => {
    const { incident } = when(having(acknowledged, progress(), assign(), update()), link(), {
      nowMs,
    });

    expect(incident).toMatchObject({
      state: 'acknowledged',
      progress: 'identified',
      roles: [{ role: 'commander', person: eve }],
      latestUpdate: { issue: 'No checkout', by: ada, atMs: nowMs },
      addedLinks: [{ title: 'War room', url: 'https://meet.example/1' }],
      lastHumanAtMs: nowMs,
    });
  });

  it.each<[Given, CoordinationCommand, string, string]>([
    [resolvedByHand, progress(), 'not_allowed', 'no status when it is over'],
    [resolvedByHand, page(), 'not_allowed', 'nobody is paged when it is over'],
    [resolvedByHand, escalate, 'not_allowed', 'nor escalated'],
    [having(paged, progress()), progress(), 'already', 'the same status'],
    [having(paged, assign()), assign(), 'already', 'the same role'],
    [paged, { ...assign(), kind: 'release-role' } as CoordinationCommand, 'not_allowed', 'no role'],
    [having(paged, page()), page(), 'already', 'paged already'],
    [having(paged, escalate), escalate, 'already', 'escalated already'],
    [having(paged, link()), link({ title: 'Another' }), 'already', 'the same link'],
    [paged, link({ url: 'http://meet.example/1' }), 'not_allowed', 'no https'],
    [paged, link({ url: 'javascript:alert(1)' }), 'not_allowed', 'no address'],
    [paged, link({ url: 'https://a@b.example/' }), 'not_allowed', 'a host that looks like another'],
    [paged, link({ url: `https://a.example/${'x'.repeat(2000)}` }), 'not_allowed', 'too long'],
    [paged, link({ title: 'x'.repeat(201) }), 'not_allowed', 'a title that is too long'],
    [paged, note({ text: ' \n' }), 'not_allowed', 'an empty note'],
    [paged, note({ text: 'x'.repeat(4001) }), 'not_allowed', 'a note that is too long'],
    [paged, update({ issue: '', actions: ' ' }), 'not_allowed', 'an update that says nothing'],
    [paged, update({ nextInMs: durationMs(59_999) }), 'not_allowed', 'sooner than in a minute'],
    [paged, update({ nextInMs: hours(25) }), 'not_allowed', 'later than in a day'],
    [paged, done(), 'not_allowed', 'no post-mortem while it is open'],
    [resolvedByHand, done('docs.example'), 'not_allowed', 'no address'],
    [having(resolvedByHand, done()), done(), 'already', 'the post-mortem is done'],
    [having(resolvedByHand, done()), done(null), 'already', 'and is not made less known'],
  ])('is refused, and changes nothing: %#', (given, command, kind) => {
    const { then, refused } = when(given, command, { nowMs });

    expect([refused, then]).toEqual([kind, []]);
  });

  it.each<[Given, CoordinationCommand]>([
    [resolvedByHand, note()],
    [resolvedByHand, update()],
    [resolvedByHand, assign()],
    [resolvedByHand, link()],
    [resolvedByHand, done(null)],
    [having(resolvedByHand, done()), done('https://docs.example/2')],
  ])('goes on after the resolve: %#', (given, command) => {
    expect(when(given, command, { nowMs }).refused).toBeNull();
  });

  it('keeps no more links than twenty', () => {
    const links = Array.from({ length: 20 }, (_, n) => link({ url: `https://a.example/${n}` }));
    const { refused } = when(having(paged, ...links), link(), { nowMs });
    expect(refused).toBe('not_allowed');
  });
});

describe('a role', () => {
  it('that one person has goes from one to the other', () => {
    const second = { id: 'ada', name: 'Ada' };
    const { then, incident } = when(having(paged, assign()), assign({ person: second }), { nowMs });

    expect(then).toMatchObject([
      { type: 'role.released', person: eve },
      { type: 'role.assigned', person: second },
    ]);
    expect(incident.roles).toEqual([{ role: 'commander', person: second }]);
  });

  it('of experts is for several, up to twenty', () => {
    const experts = Array.from({ length: 20 }, (_, n) =>
      assign({ role: 'expert', person: { id: `e${n}`, name: `E${n}` } }),
    );
    const given = having(paged, ...experts);
    const { refused, incident } = when(given, assign({ role: 'expert' }), { nowMs });

    expect([incident.roles.length, refused]).toEqual([20, 'not_allowed']);
  });

  it('is given back by the one who has it', () => {
    const release = { kind: 'release-role', role: 'commander', person: eve, by: ada } as const;
    const { incident } = when(having(paged, assign()), release, { nowMs });
    expect(incident.roles).toEqual([]);
  });

  it('stays through a resolve and a reopen, and the status does not', () => {
    const reopen = { kind: 'reopen', by: ada, reason: 'no', occurredAtMs: nowMs } as const;
    const resolve = {
      kind: 'resolve',
      cause: 'person',
      by: ada,
      note: '',
      occurredAtMs: nowMs,
    } as const;
    const { incident } = when(having(paged, assign(), progress(), resolve), reopen, { nowMs });
    expect([incident.roles.length, incident.progress]).toEqual([1, null]);
  });
});

describe('an update', () => {
  it('promises the next one by the policy, or as the person says', () => {
    const due = (command: CoordinationCommand, given: Given): number | null | undefined =>
      of(when(given, command, { nowMs }).then, 'update.published')[0]?.nextDueAtMs;

    // The first reminder of the incident is recorded in the same breath.
    expect(due(update(), owing(paged))).toBe(nowMs + minutes(15));
    expect(due(update({ nextInMs: minutes(40) }), owing(paged))).toBe(nowMs + minutes(40));
    expect(due(update(), paged)).toBeNull();
    expect(due(update({ nextInMs: minutes(40) }), owing(resolvedByHand))).toBeNull();
  });

  it('goes to PagerDuty as one text', () => {
    const { then } = when(owing(paged), update(), { nowMs });

    expect(of(then, 'page.requested').at(-1)).toEqual(
      requested({
        intentId: expect.any(String) as string,
        channel: 'rest',
        action: 'status-update',
        purpose: 'follow',
        text: 'Issue: No checkout\nActions: rolling back\nNext update: 2026-05-12T03:40:00.000Z',
        notBeforeMs: nowMs,
      }),
    );
  });
});
