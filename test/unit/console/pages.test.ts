import { describe, expect, it } from 'vitest';
import { decodeAlertmanager } from '../../../lib/codec/alertmanager.ts';
import { sampleCommand } from '../../../lib/console/sample-alert.ts';
import { minutes } from '../../../lib/domain/shared/time.ts';
import { checkoutDown, createWorld } from '../api/world.ts';

/** What a reader sees: the text of the page, one line for each block. */
function textOf(html: string): string {
  const main = /<main[^>]*>([^]*)<\/main>/.exec(html)?.[1] ?? '';
  return main
    .replace(/\s+/g, ' ')
    .replace(/<(?:\/(?:li|p|h[1-6]|dd|section|div|nav)|br \/)>/g, '\n')
    .replace(/<[^>]*>/g, '')
    .replaceAll('&#39;', "'")
    .split('\n')
    .map((line) => line.replace(/ {2,}/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');
}

describe('the console', () => {
  it('shows an open incident at a glance', async () => {
    const world = createWorld({ isConsoleOpen: true });
    await world.raise(checkoutDown);
    await world.clock.advance(minutes(3));

    expect(textOf((await world.ask({ url: '/' })).body)).toMatchInlineSnapshot(`
      "Open (1) Closed Actions
      P0 Not acknowledged Page on its way
      CheckoutDown (checkout, production)
      checkout · payments · production
      Respond within 12 min
      qe7qa-6be690p · opened 3 min ago · 1 of 1 alert firing
      Other tenants: other"
    `);
  });

  it('leads to the Slack of this machine where there is one', async () => {
    const world = createWorld({ isConsoleOpen: true, slackViewPath: '/sandbox/slack' });

    expect((await world.ask({ url: '/' })).body).toContain(
      '<a id="slack" href="/sandbox/slack">Slack</a>',
    );
  });

  it('tells the whole of an incident', async () => {
    const world = createWorld({ isConsoleOpen: true });
    const incident = await world.raise(checkoutDown, {
      annotations: { summary: 'No request is answered.', dashboard_url: 'javascript:alert(1)' },
    });
    const [intent] = incident.intents;
    await world.act(incident, {
      kind: 'report-accepted',
      intentId: intent?.intentId ?? '',
      action: 'trigger',
      channel: 'pagerduty',
    });
    await world.clock.advance(minutes(3));
    await world.act(incident, {
      kind: 'acknowledge',
      by: { kind: 'person', via: 'pagerduty', id: 'P1', name: 'Grace' },
      occurredAtMs: world.clock.now(),
    });

    const page = await world.ask({ url: `/incidents/${incident.id}` });

    expect(textOf(page.body).replace(world.app.policy.version, '(its version)'))
      .toMatchInlineSnapshot(`
        "All incidents
        P0 Acknowledged by Grace (pagerduty)
        CheckoutDown (checkout, production)
        No request is answered.
        checkout · payments · production · opened 3 min ago
        Service levels
        Response
        Met after 3 min
        P0 target 15 min, deadline 2026-05-12 03:19:05 UTC
        Resolution
        Resolve within 57 min
        P0 target 1 h, deadline 2026-05-12 04:04:05 UTC
        Links
        Runbook runbooks.example.com Dashboard grafana.example.com Post-mortem
        Latest update
        Stakeholders have been told nothing yet.
        The next one is due in 12 min
        Act
        This page only reads. Act in PagerDuty, or in a terminal:
        Resolve npx tocsin resolve qe7qa-6be690p
        Ask for an action npx tocsin plan rollback &lt;target&gt; --incident qe7qa-6be690p --reason &quot;...&quot;
        Why
        P0 because a critical alert on a tier 1 service in production stops customers (rule critical-tier-1)
        One incident because alerts with the same @service, @environment are one incident (rule by-service)
        Services checkout
        Source prometheus
        Policy version (its version)
        Alerts: 1 of 1 alert firing
        Firing CheckoutDown
        No request is answered.
        since 2026-05-12 03:04:05 UTC
        Pages, newest first
        2026-05-12 03:04:05 UTC PagerDuty page: accepted
        opened as P0: a critical alert on a tier 1 service in production stops customers
        Timeline, newest first
        2026-05-12 03:07:05 UTC Response clock met after 3 min
        2026-05-12 03:07:05 UTC Acknowledged by Grace (pagerduty)
        2026-05-12 03:04:05 UTC PagerDuty accepted the page
        2026-05-12 03:04:05 UTC PagerDuty is to get a page
        Why: opened as P0: a critical alert on a tier 1 service in production stops customers
        2026-05-12 03:04:05 UTC 1 alert from prometheus: CheckoutDown firing; 1 of 1 now firing
        2026-05-12 03:04:05 UTC Opened as P0: CheckoutDown (checkout, production)
        Why: a critical alert on a tier 1 service in production stops customers (rule critical-tier-1)
        Incident qe7qa-6be690p. All times are UTC."
      `);
  });

  it('keeps closed incidents, with what became of their targets', async () => {
    const world = createWorld({ isConsoleOpen: true });
    const incident = await world.raise(checkoutDown);
    await world.clock.advance(minutes(20));
    await world.act(incident, {
      kind: 'resolve',
      cause: 'person',
      by: { kind: 'person', via: 'api', id: 'ada', name: 'ada' },
      note: '',
      occurredAtMs: world.clock.now(),
    });

    const closed = textOf((await world.ask({ url: '/?status=closed' })).body);

    expect(closed).toContain('Resolved by ada (api)');
    expect(closed).toContain('Breached: response');
    expect(textOf((await world.ask({ url: '/' })).body)).toContain('No open incident');
  });

  it('offers a command whose body is a delivery', () => {
    const command = sampleCommand('http://127.0.0.1:8484');
    const body = / -d '(.*)'$/.exec(command)?.[1]?.replace(/'"\$\(.*\)"'/, '2026-05-12T03:04:05Z');

    expect(decodeAlertmanager(body ?? '')).toMatchObject({
      ok: true,
      value: { alerts: [{ name: 'CheckoutDown', status: 'firing', cuts: [] }], cuts: [] },
    });
  });
});
