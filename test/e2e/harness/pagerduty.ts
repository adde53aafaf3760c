/** A PagerDuty incident as the sandbox shows it; fields that tests look at. */
export interface PagerIncident {
  readonly id: string;
  readonly dedup_key: string;
  readonly status: 'triggered' | 'acknowledged' | 'resolved';
  readonly severity: string;
  readonly title: string;
  readonly triggers: number;
  readonly acknowledged_by: string | null;
  readonly notes: readonly { readonly content: string }[];
  readonly status_updates: readonly { readonly message: string }[];
}

/** What the sandbox accepted over the Events API. */
export interface PagerRequest {
  readonly event_action: string;
  readonly dedup_key: string;
  readonly arrived_at_ms: number;
}

/** The PagerDuty sandbox, as a person and a test see it. */
export interface PagerDutyView {
  readonly incidents: () => Promise<readonly PagerIncident[]>;
  readonly requests: () => Promise<readonly PagerRequest[]>;
  /** What a person clicks: `acknowledge`, `resolve` and so on. */
  readonly click: (incidentId: string, action: string, fields?: object) => Promise<void>;
}

/** `base` is an address with the sandbox's pages below it, without a slash at its end. */
export function viewPagerDuty(base: string): PagerDutyView {
  const read = async (path: string): Promise<unknown> => {
    const response = await fetch(`${base}${path}`);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return await response.json();
  };
  return {
    // The sandbox is ours, and the contract tests hold its shapes.
    incidents: async () =>
      ((await read('/incidents')) as { incidents: readonly PagerIncident[] }).incidents,
    requests: async () =>
      ((await read('/requests?limit=100000')) as { requests: readonly PagerRequest[] }).requests,
    click: async (incidentId, action, fields = {}) => {
      const response = await fetch(`${base}/incidents/${incidentId}/${action}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(fields),
      });
      if (!response.ok) throw new Error(`${action}: ${response.status} ${await response.text()}`);
    },
  };
}
