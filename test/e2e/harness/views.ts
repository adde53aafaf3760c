import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { decodeConnection } from '../../../lib/codec/local-connection.ts';
import { ROOT, type Tocsin } from './tocsin.ts';

type Place = Pick<Tocsin, 'dataDir'>;

/** What the HTTP API tells of a clock; fields that tests look at. */
export interface ApiClock {
  readonly state: 'running' | 'met' | 'stopped';
  readonly breached: boolean;
  readonly deadlineAt: string;
}

/** An incident as the HTTP API gives it. */
export interface ApiIncident {
  readonly id: string;
  readonly state: 'triggered' | 'acknowledged' | 'resolved';
  readonly severity: string;
  readonly title: string;
  readonly summary: string;
  readonly openedAt: string;
  readonly page: string;
  readonly sla: { readonly response: ApiClock; readonly resolution: ApiClock };
  readonly resolved: { readonly cause: string } | null;
}

/** Reads the HTTP API as the person of the data directory. */
export async function readApi(place: Place, path: string): Promise<unknown> {
  const text = readFileSync(join(place.dataDir, 'connection.json'), 'utf8');
  const connection = decodeConnection(text);
  if (connection === null) throw new Error(`There is no connection in ${place.dataDir}.`);
  const response = await fetch(`${connection.url}${path}`, {
    headers: { authorization: `Bearer ${connection.token}` },
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return await response.json();
}

// The API's own tests hold the shapes.
export const readIncidents = async (
  place: Place,
  status: 'open' | 'closed',
): Promise<readonly ApiIncident[]> =>
  (
    (await readApi(place, `/v1/incidents?status=${status}&limit=100`)) as {
      readonly incidents: readonly ApiIncident[];
    }
  ).incidents;

export const readIncident = async (place: Place, id: string): Promise<ApiIncident> =>
  ((await readApi(place, `/v1/incidents/${id}`)) as { readonly incident: ApiIncident }).incident;

export const readTimeline = async (
  place: Place,
  id: string,
): Promise<readonly { readonly text: string }[]> =>
  (
    (await readApi(place, `/v1/incidents/${id}/timeline`)) as {
      readonly entries: readonly { readonly text: string }[];
    }
  ).entries;

/** Runs `tocsin <args>` on the data directory and gives what it printed. */
export async function runTocsin(place: Place, args: readonly string[]): Promise<string> {
  const file = join(ROOT, 'bin/tocsin.ts');
  const all = [file, ...args, '--data', place.dataDir];
  return (await promisify(execFile)(process.execPath, all)).stdout;
}

/** Objects in the local bucket whose key ends so, as paths of files. */
export const storedObjects = (place: Place, keyEnd: string): readonly string[] =>
  globSync(`s3/*/objects/**/${keyEnd}`, { cwd: place.dataDir }).map((path) =>
    join(place.dataDir, path),
  );

/** A message to the second channel. */
export interface SnsMessage {
  readonly publishedAtMs: number;
  readonly subject: string;
  readonly message: string;
}

export async function readSns({ url }: Pick<Tocsin, 'url'>): Promise<readonly SnsMessage[]> {
  const response = await fetch(`${url}/sandbox/sns/messages`);
  // The view is ours, and the contract tests hold its shape.
  return ((await response.json()) as { readonly messages: readonly SnsMessage[] }).messages;
}
