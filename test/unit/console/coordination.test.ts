import { describe, expect, it } from 'vitest';
import type { IncidentCommand } from '../../../lib/domain/incident/command.ts';
import { minutes } from '../../../lib/domain/shared/time.ts';
import { checkoutDown, createWorld } from '../api/world.ts';

const by = { kind: 'person', via: 'slack', id: 'ada', name: 'Ada <b>Byron</b>' } as const;
const bob = { id: 'bob', name: 'Bob' };

/** The text of one part of the page; empty where the page has no such part. */
function partOf(html: string, name: string): string {
  const part = new RegExp(`<section class="part" aria-label="${name}">([^]*?)</section>`).exec(
    html,
  );
  return (part?.[1] ?? '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

async function pageAfter(...commands: readonly IncidentCommand[]): Promise<string> {
  const world = createWorld({ isConsoleOpen: true });
  const incident = await world.raise(checkoutDown);
  await world.clock.advance(minutes(1));
  for (const command of commands) await world.act(incident, command);
  return (await world.ask({ url: `/incidents/${incident.id}` })).body;
}

describe('the page of an incident that people work on', () => {
  it('shows nothing of it before anybody has said anything', async () => {
    const page = await pageAfter();
    expect(['Progress', 'Roles', 'Called for help'].map((name) => partOf(page, name))).toEqual([
      '',
      '',
      '',
    ]);
    expect(partOf(page, 'Latest update')).toBe(
      'Latest update Stakeholders have been told nothing yet. The next one is due in 14 min',
    );
  });

  it('shows who does what, and how far they are', async () => {
    const page = await pageAfter(
      { kind: 'assign-role', role: 'commander', person: { id: 'ada', name: by.name }, by },
      { kind: 'assign-role', role: 'expert', person: bob, by },
      { kind: 'assign-role', role: 'expert', person: { id: 'eve', name: 'Eve' }, by },
      { kind: 'set-progress', to: 'investigating', by, text: 'first look' },
      { kind: 'set-progress', to: 'identified', by, text: 'a full disk' },
    );
    expect(partOf(page, 'Roles')).toBe(
      'Roles Incident commander Ada &lt;b&gt;Byron&lt;/b&gt; Subject experts Bob, Eve',
    );
    expect(page).toContain('<li aria-current="step">Identified</li>');
    expect(partOf(page, 'Progress')).toBe(
      'Progress Investigating Identified Monitoring a full disk ' +
        'Ada &lt;b&gt;Byron&lt;/b&gt; (slack) , 2026-05-12 03:05:05 UTC',
    );
  });

  it('shows what stakeholders were told last, and when they hear again', async () => {
    const update = { issue: 'old', impact: '', actions: '', estimate: '' };
    const page = await pageAfter(
      { kind: 'publish-update', by, ...update, nextInMs: null },
      {
        kind: 'publish-update',
        by,
        issue: 'Nobody can pay',
        impact: 'All shops',
        actions: '',
        estimate: '04:00',
        nextInMs: minutes(30),
      },
    );
    expect(partOf(page, 'Latest update')).toBe(
      'Latest update Issue Nobody can pay Impact All shops Estimate 04:00 ' +
        'Ada &lt;b&gt;Byron&lt;/b&gt; (slack) , 2026-05-12 03:05:05 UTC The next one is due in 30 min',
    );
  });

  it('shows who was called, and what became of it', async () => {
    const page = await pageAfter(
      { kind: 'escalate', by, reason: '' },
      {
        kind: 'page-person',
        by,
        person: { ...bob, pagerdutyUserId: 'PBOB' },
        message: 'the database',
      },
    );
    const words = partOf(page, 'Called for help');
    expect(words).toMatch(
      /UTC Bob : on its way the database by Ada.* The next level of PagerDuty : on/,
    );
    expect(page.indexOf('aria-label="Called for help"')).toBeLessThan(
      page.indexOf('aria-label="Timeline"'),
    );
  });

  it('shows the links that people added, and only what is a web address as a link', async () => {
    const page = await pageAfter({
      kind: 'add-link',
      by,
      title: 'Orders <i>',
      url: 'https://grafana.example.com/d/orders',
    });
    expect(page).toContain('href="https://grafana.example.com/d/orders"');
    expect(partOf(page, 'Links')).toContain('Orders &lt;i&gt; grafana.example.com');
  });
});
