/** An incident as docs/api.md shows it. */
export const incident = {
  id: '7k3qa-9mx2tpd',
  tenant: 'default',
  version: 7,
  state: 'acknowledged',
  severity: 'P0',
  severityReason: { rule: 'tier-1-critical', text: 'critical on a tier 1 service' },
  title: 'CheckoutDown',
  summary: 'The checkout answers no request.',
  service: 'checkout',
  team: 'payments',
  environment: 'production',
  openedAt: '2026-11-21T03:46:00.000Z',
  alerts: { episodes: 1, firing: 1, alerts: 1 },
  sla: {
    response: {
      state: 'met',
      breached: false,
      targetMs: 900_000,
      elapsedMs: 60_000,
      deadlineAt: '2026-11-21T04:01:00.000Z',
    },
    resolution: {
      state: 'running',
      breached: false,
      targetMs: 3_600_000,
      elapsedMs: 120_000,
      deadlineAt: '2026-11-21T04:46:00.000Z',
    },
  },
  nextDeadline: { clock: 'resolution', at: '2026-11-21T04:46:00.000Z' },
  page: 'accepted',
  links: { runbook: 'https://runbooks.example.com/checkout-down' },
  pagerduty: { id: 'Q2B8XKJ5R1Y0ZT', url: 'https://example.pagerduty.com/incidents/Q2B8X' },
};

export const lateIncident = {
  ...incident,
  id: '2b9fd-0aaq1zz',
  state: 'triggered',
  severity: 'P1',
  title: 'SearchSlow',
  team: 'discovery',
  nextDeadline: { clock: 'response', at: '2026-11-21T03:45:00.000Z' },
};

export const consoleLink = 'https://tocsin.example.com/?t=default&e=1796083200&s=abc';

export const listOf = (...incidents: readonly object[]) => ({
  tenant: 'default',
  status: 'open',
  incidents,
  next: null,
  console: consoleLink,
});

export const timeline = {
  incident: incident.id,
  tenant: 'default',
  entries: [
    {
      at: '2026-11-21T03:46:00.000Z',
      seq: 1,
      type: 'incident.opened',
      text: 'Opened as P0: CheckoutDown',
      reason: 'critical on a tier 1 service (rule tier-1-critical)',
    },
    { at: '2026-11-21T03:47:00.000Z', seq: 2, type: 'incident.acknowledged', text: 'Taken by ada' },
  ],
};
