import type { Directory } from './directory.ts';
import type { SandboxIncident } from './incident.ts';
import { stableId } from './sandbox-ids.ts';

/** How PagerDuty points at a thing, in REST answers and webhooks alike. */
export interface Reference {
  readonly id: string;
  readonly type: string;
  readonly summary: string;
  readonly self: string;
  readonly html_url: string;
}

export interface References {
  readonly user: (id: string) => Reference;
  readonly service: (name: string) => Reference;
  readonly policy: (name: string) => Reference;
  readonly priority: (name: string) => Reference;
  /** The schedule of a level. */
  readonly schedule: (level: number) => Reference;
  readonly incident: (incident: SandboxIncident) => Reference;
  /** Who did something: a person by id, else the service through whose integration it came. */
  readonly agent: (by: string) => Reference;
  /** The people an incident is with; nobody once it is resolved. */
  readonly assignees: (incident: SandboxIncident) => readonly Reference[];
}

/** `siteUrl` is where the sandbox is mounted: the links lead to its own views. */
export function createReferences(siteUrl: string, directory: Directory): References {
  const refer = (kind: string, id: string, summary: string): Reference => {
    const collection = kind.endsWith('y') ? `${kind.slice(0, -1)}ies` : `${kind}s`;
    return {
      html_url: `${siteUrl}/sandbox/pagerduty/${collection}/${id}`,
      id,
      self: `${siteUrl}/sandbox/pagerduty/api/${collection}/${id}`,
      summary,
      type: `${kind}_reference`,
    };
  };
  const user = (id: string): Reference =>
    refer('user', id, directory.findPerson(id)?.name ?? 'Former user');
  const service = (name: string): Reference => refer('service', stableId('P', name), name);
  return {
    user,
    service,
    policy: (name) => refer('escalation_policy', stableId('P', `policy ${name}`), name),
    priority: (name) => refer('priority', stableId('P', `priority ${name}`), name),
    schedule: (level) => {
      const name = `Level ${level}`;
      return refer('schedule', stableId('P', `schedule ${name}`), name);
    },
    incident: ({ id, title }) => refer('incident', id, title),
    agent: (by) => (directory.findPerson(by) === undefined ? service(by) : user(by)),
    assignees: ({ status, assignees }) =>
      status === 'resolved' ? [] : assignees.map((id) => user(id)),
  };
}

/** Instants as PagerDuty writes them outside the webhook envelope: whole seconds. */
export function isoSeconds(atMs: number): string;
export function isoSeconds(atMs: number | null): string | null;
export function isoSeconds(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
