import { createHmac } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from './eventually.ts';
import { createKubectl, type Kubectl } from './kubectl.ts';
import { launchTocsin, sourceToken, type Tocsin, type TocsinRequest } from './tocsin.ts';
import { readApi, readIncidents, type ApiIncident } from './views.ts';

/** An action as the HTTP API gives it; fields that tests look at. */
export interface ApiAction {
  readonly id: string;
  readonly incident: string;
  readonly state: string;
  readonly title: string;
  readonly verb: string;
  readonly target: string;
  readonly origin: { readonly kind: 'person' | 'runbook' };
  readonly planHash: string;
  readonly approvalsNeeded: number;
  readonly approvals: readonly { readonly person: string; readonly at: string }[];
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly appliedAt: string | null;
  readonly convergedAt: string | null;
  readonly endedAt: string | null;
  readonly waitingFor: string;
  readonly outcome: string;
  readonly comparison: { readonly kind: string; readonly says: string } | null;
  readonly timeline: readonly { readonly text: string; readonly reason: string | null }[];
}

/** The sandboxes of a running Tocsin, and the people who use them. */
export interface Shop {
  readonly kubectl: Kubectl;
  /** Types a command into the channel of all incidents, in somebody's name: `UADA001`. */
  readonly say: (userId: string, text: string) => Promise<void>;
  /** Posts an alert of a service as a source without an API does, and gives its incident. */
  readonly alert: (alert: ShopAlert) => Promise<ApiIncident>;
  /** Tells the change feed of a deploy. */
  readonly tellChange: (change: Readonly<Record<string, unknown>>) => Promise<void>;
  readonly action: (id: string) => Promise<ApiAction>;
  /** Waits for the action of an incident on a target, once it holds. */
  readonly actionOn: (
    of: { readonly incident: string; readonly target: string; readonly what: string },
    holds: (action: ApiAction) => boolean,
    withinMs?: number,
  ) => Promise<ApiAction>;
  /** Sets the faults of one sandbox: `kubernetes`, `argocd`, `git`. */
  readonly breakIt: (sandbox: string, faults: readonly object[]) => Promise<void>;
}

export interface ShopAlert {
  readonly name: string;
  readonly service: string;
  readonly status: 'firing' | 'resolved';
  readonly labels?: Readonly<Record<string, string>>;
}

export const ACTIONS_POLICY = join(import.meta.dirname, 'actions-policy.yaml');

/** Where the policy's places are; a test without one of them lets it point at nothing. */
export interface Places {
  readonly alertmanager?: string;
  readonly prometheus?: string;
}

/** Writes the policy with these places in it, and gives its path. */
export function writePolicy(
  folder: string,
  { alertmanager = '127.0.0.1:9', prometheus = '127.0.0.1:9' }: Places,
  change: (policy: string) => string = (policy) => policy,
): string {
  mkdirSync(folder, { recursive: true });
  const policy = readFileSync(ACTIONS_POLICY, 'utf8')
    .replaceAll('http://ALERTMANAGER', `http://${alertmanager}`)
    .replaceAll('http://PROMETHEUS', `http://${prometheus}`);
  const path = join(folder, 'policy.yaml');
  writeFileSync(path, change(policy));
  return path;
}

/** Starts Tocsin with the sandboxes; nothing is left of one that does not answer. */
export async function startShop(request: TocsinRequest): Promise<Tocsin & Shop> {
  const tocsin = await launchTocsin(request);
  try {
    await tocsin.ready();
    return { ...tocsin, ...shopOf(tocsin) };
  } catch (error) {
    await tocsin.killGroup();
    throw error;
  }
}

function shopOf(tocsin: Tocsin): Shop {
  const { url, dataDir } = tocsin;
  const post = async (path: string, body: object, headers: Headers = {}): Promise<void> => {
    const text = JSON.stringify(body);
    const response = await fetch(`${url}${path}`, { method: 'POST', headers, body: text });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  };
  const action = async (id: string): Promise<ApiAction> =>
    // The API's own tests hold the shapes.
    ((await readApi(tocsin, `/v1/actions/${id}`)) as { readonly action: ApiAction }).action;
  return {
    kubectl: createKubectl(join(dataDir, 'kubeconfig')),
    say: (userId, text) =>
      post('/sandbox/slack/people/command', { as: userId, channel: 'CINCIDENTS', text }),
    alert: async (alert) => {
      await post('/v1/alerts/alertmanager', alertBody(alert), {
        authorization: `Bearer ${sourceToken(tocsin, 'told')}`,
      });
      return await eventually(
        `an incident of ${alert.name}`,
        async () => {
          const lists = await Promise.all([
            readIncidents(tocsin, 'open'),
            readIncidents(tocsin, 'closed'),
          ]);
          return lists.flat().find(({ title }) => title.includes(alert.name));
        },
        SOON,
      );
    },
    tellChange: async (change) => {
      const body = JSON.stringify(change);
      const headers = { 'x-tocsin-signature': signatureOf(sourceToken(tocsin, 'deploys'), body) };
      const response = await fetch(`${url}/v1/changes`, { method: 'POST', headers, body });
      if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`);
    },
    action,
    actionOn: ({ incident, target, what }, holds, withinMs = SOON.withinMs) =>
      eventually(
        `the action on ${target}, ${what}`,
        async () => {
          const found = (await listActions(tocsin)).filter(
            (one) => one.incident === incident && one.target === target,
          );
          const held = found.find(holds);
          if (held !== undefined) return await action(held.id);
          throw new Error(`There is ${JSON.stringify(found)}.`);
        },
        { withinMs, everyMs: 250 },
      ),
    breakIt: (sandbox, faults) => post(`/sandbox/${sandbox}/faults`, { faults }),
  };
}

type Headers = Readonly<Record<string, string>>;

/** On a busy machine everything takes its time. */
const SOON = { withinMs: 30_000 };

async function listActions(tocsin: Tocsin): Promise<readonly ApiAction[]> {
  const lists = await Promise.all(
    ['open', 'ended'].map((status) => readApi(tocsin, `/v1/actions?status=${status}&limit=100`)),
  );
  // The API's own tests hold the shapes.
  return lists.flatMap((list) => (list as { readonly actions: readonly ApiAction[] }).actions);
}

const startsAt = new Map<string, string>();

/** What Alertmanager posts; an alert keeps the instant of its beginning. */
function alertBody({ name, service, status, labels = {} }: ShopAlert): object {
  const began = startsAt.get(name) ?? new Date().toISOString();
  startsAt.set(name, began);
  const all = { alertname: name, service, severity: 'critical', environment: 'production' };
  return {
    version: '4',
    groupKey: `{}:{alertname="${name}"}`,
    status,
    receiver: 'tocsin',
    alerts: [
      {
        status,
        labels: { ...all, ...labels },
        annotations: { summary: `${name} in ${service}` },
        startsAt: began,
        endsAt: status === 'firing' ? '0001-01-01T00:00:00Z' : new Date().toISOString(),
      },
    ],
  };
}

/** As docs/changes.md has it. */
function signatureOf(secret: string, body: string): string {
  const t = Math.floor(Date.now() / 1000);
  return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}`;
}
