import { describe, expect, it } from 'vitest';
import { clockRecords } from '../../../lib/domain/postmortem/clock-records.ts';
import { escapeMarkdown } from '../../../lib/domain/postmortem/escape-markdown.ts';
import { postmortemMarkdown } from '../../../lib/domain/postmortem/markdown.ts';
import { peopleOf } from '../../../lib/domain/postmortem/people.ts';
import {
  postmortemJson,
  projectPostmortem,
  replay,
} from '../../../lib/domain/postmortem/postmortem.ts';
import { minutes } from '../../../lib/domain/shared/time.ts';
import { commitsOf } from './log.ts';
import {
  accepted,
  acknowledged,
  ada,
  at,
  attached,
  bob,
  fold,
  justOpened,
  opened,
  paged,
  requested,
  resolvedByHand,
  t0,
  when,
  type Given,
} from './samples.ts';

const resolving = { kind: 'resolve', cause: 'person', by: ada, note: 'rolled back' } as const;

/** What these commands do, one after the other, as further events. */
const then = (given: Given, ...steps: readonly (readonly [Parameters<typeof when>[1], number])[]) =>
  steps.reduce<Given>((log, [command, min]) => {
    const nowMs = at(min);
    return [...log, ...when(log, command, { nowMs }).then.map((event) => [nowMs, event] as const)];
  }, given);

const whole = then(
  paged,
  [{ kind: 'acknowledge', by: bob, occurredAtMs: at(10) }, 10],
  [{ kind: 'change-severity', to: 'P0', by: ada, reason: 'everybody is affected' }, 30],
  [{ ...resolving, occurredAtMs: at(50) }, 50],
  [{ kind: 'reopen', by: ada, reason: 'not over', occurredAtMs: at(100) }, 100],
  [{ ...resolving, occurredAtMs: at(120) }, 120],
);

const project = (given: Given) => {
  const projected = projectPostmortem(commitsOf(given));
  if (projected === null) throw new Error('There is a log.');
  return projected;
};

describe('clockRecords', () => {
  it('tells of every version of both clocks', () => {
    const told = clockRecords(commitsOf(whole)).map(
      ({ clock, version, severity, isBreached, outcome, elapsedMs }) => [
        `${clock} ${version} ${severity}`,
        outcome,
        isBreached,
        elapsedMs,
      ],
    );

    expect(told).toEqual([
      ['response 1 P1', 'met', false, minutes(10)],
      ['resolution 1 P1', 'replaced', false, null],
      // 50 min before the reopen and 20 after it, of 60.
      ['resolution 2 P0', 'met', true, minutes(70)],
      ['response 2 P0', 'met', true, minutes(20)],
    ]);
  });

  it('moves the deadline of a clock that resumes', () => {
    const resumed = clockRecords(commitsOf(whole))[2];
    expect(resumed).toMatchObject({ startedAtMs: t0, deadlineAtMs: at(110) });
  });

  it('counts a stopped clock to where it stopped', () => {
    const stopped: Given = [
      ...paged,
      [at(7), { type: 'sla.stopped', clock: 'response', version: 1, reason: 'over' }],
    ];
    expect(clockRecords(commitsOf(stopped))).toMatchObject([
      { clock: 'response', outcome: 'stopped', elapsedMs: minutes(7) },
      { clock: 'resolution', outcome: 'running', elapsedMs: null },
    ]);
  });
});

describe('peopleOf', () => {
  it('lists people, each deed once, by the way it came', () => {
    expect(peopleOf(commitsOf([...whole, [at(200), noted], [at(201), noted]]))).toEqual([
      { id: 'PBOB', name: 'Bob', did: ['acknowledged (pagerduty)'] },
      {
        id: 'ada',
        name: 'Ada',
        did: [
          'changed the severity (api)',
          'resolved (api)',
          'reopened (api)',
          'added a note (api)',
        ],
      },
    ]);
  });

  it('names what people did in PagerDuty', () => {
    const activity = {
      type: 'pager.activity',
      activity: 'escalated',
      by: bob,
      occurredAtMs: t0,
      text: '',
    } as const;
    expect(peopleOf(commitsOf([[t0, activity]]))[0]?.did).toEqual(['escalated (pagerduty)']);
  });

  it('leaves out sources and Tocsin itself', () => {
    expect(peopleOf(commitsOf(justOpened))).toEqual([]);
  });
});

const noted = { type: 'note.added', by: ada, text: 'watching' } as const;

describe('projectPostmortem', () => {
  it('has the times since the incident opened', () => {
    expect(project(whole)).toMatchObject({
      openedAtMs: t0,
      resolvedAtMs: at(120),
      timeToPageMs: 1000,
      timeToAcknowledgeMs: minutes(10),
      timeToResolveMs: minutes(120),
    });
  });

  it('has none of what did not happen', () => {
    expect(project(justOpened)).toMatchObject({
      resolvedAtMs: null,
      timeToPageMs: null,
      timeToAcknowledgeMs: null,
      timeToResolveMs: null,
    });
  });

  it.each<[Given, number | null, string]>([
    [[[at(5), { ...accepted, intentId: 'p4', action: 'resolve' }]], null, 'a resolve is no page'],
    [
      [[at(5), { ...accepted, intentId: 'p4', channel: 'fallback' }]],
      minutes(5),
      'the second channel pages, too',
    ],
  ])('time to page is until a page was accepted: %#', (outcome, timeToPageMs) => {
    expect(project([...justOpened, ...outcome]).timeToPageMs).toBe(timeToPageMs);
  });

  it('covers the log to its end', () => {
    const commits = commitsOf(whole);
    expect(project(whole)).toMatchObject({
      upToSeq: whole.length,
      chainHead: commits.at(-1)?.hash,
    });
  });

  it('is nothing without a log, or for a log without its beginning', () => {
    expect(projectPostmortem([])).toBeNull();
    expect(projectPostmortem(commitsOf(whole).slice(1))).toBeNull();
  });
});

describe('replay', () => {
  it.each([
    [justOpened, 'just opened'],
    [acknowledged, 'acknowledged'],
    [resolvedByHand, 'resolved'],
    [whole, 'reopened'],
  ])('equals the incident as it was decided: %#', (given) => {
    const commits = commitsOf(given);
    expect(replay(commits)).toEqual({ ...fold(given), lastHash: commits.at(-1)?.hash });
  });
});

describe('postmortemMarkdown', () => {
  it('is this document', async () => {
    await expect(postmortemMarkdown(project(whole))).toMatchFileSnapshot('./golden/postmortem.md');
  });

  it('of an open incident says what is not known yet', () => {
    const text = postmortemMarkdown(project(justOpened));

    expect(text).toContain('| Resolved | not yet |');
    expect(text).toContain('| Time to page | never |');
    expect(text).toContain('It is still open.');
    expect(text).toContain('Nobody acted on it.');
    expect(text).toContain('- Reopened: never');
  });

  it('says that a clock is breached while it runs', () => {
    const breached = then(paged, [{ kind: 'wake' }, 61]);
    expect(postmortemMarkdown(project(breached))).toMatch(
      /\| response 1 \| P1 .* \*\*breached\*\* \| never \|/,
    );
  });

  it('shows the title where the alert said nothing, and what is unknown as unknown', () => {
    const bare: Given = [
      [t0, opened({ summary: '', service: '', team: '', environment: '' })],
      [t0, attached({ services: [] })],
      [t0, requested()],
    ];
    const text = postmortemMarkdown(project(bare));

    expect(text).toContain('What the first alert said: CheckoutDown (checkout, production)');
    expect(text).toContain('| Service | unknown |\n| Team | unknown |\n| Environment | unknown |');
    expect(text).toContain('- Services with alerts: unknown');
  });
});

describe('postmortemJson', () => {
  it('has instants in ISO 8601 and spans in milliseconds', () => {
    expect(postmortemJson(project(whole))).toMatchObject({
      schema: 1,
      incident: 'abcde-1234567',
      state: 'resolved',
      openedAt: '2026-05-12T03:00:00.000Z',
      resolvedAt: '2026-05-12T05:00:00.000Z',
      timeToAcknowledgeMs: 600_000,
      deadlines: {
        response: '2026-05-12T04:55:00.000Z',
        resolution: '2026-05-12T04:50:00.000Z',
      },
      covers: { fromSeq: 1, toSeq: whole.length },
    });
    expect(postmortemJson(project(justOpened))['resolvedAt']).toBeNull();
  });
});

describe('escapeMarkdown', () => {
  it.each([
    ['plain words, 50 % of them (really)', 'plain words, 50 % of them (really)', 'stays'],
    ['**bold** _it_', '\\*\\*bold\\*\\* \\_it\\_', 'emphasis'],
    ['`rm`', '\\`rm\\`', 'code'],
    ['[a](b)', '\\[a\\](b)', 'a link'],
    ['![a](b)', '\\!\\[a\\](b)', 'an image, fetched by whoever looks'],
    ['<img src=x>', '\\<img src=x\\>', 'HTML'],
    ['&lt;', '\\&lt;', 'an entity'],
    ['a|b', 'a\\|b', 'a cell of a table'],
    ['~~a~~', '\\~\\~a\\~\\~', 'strikethrough'],
    ['@oncall #12', '\\@oncall \\#12', 'mentions that notify somebody'],
    ['$x$', '\\$x\\$', 'mathematics'],
    ['a\\*b', 'a\\\\\\*b', 'what is escaped already'],
    ['https://x.example', 'https\\://x.example', 'a bare address'],
    ['www.x.example', 'www\\.x.example', 'a bare host'],
    ['WWW.x', 'WWW\\.x', 'in any case'],
    ['_www.x', '\\_www\\.x', 'after an underscore, where renderers link, too'],
    [':fire:', '\\:fire:', 'an emoji'],
    ['at 10:30: done', 'at 10:30: done', 'the time of day stays'],
    ['port 80:http', 'port 80\\:http', 'a colon after a digit may bind, too'],
    ['a\n# b', 'a \\# b', 'one line'],
  ])('%j becomes %j: %s', (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped);
  });
});
