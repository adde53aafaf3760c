import { describe, expect, it } from 'vitest';
import { createMemoryLog } from '../../lib/adapters/memory/log.ts';
import { createMemoryPager } from '../../lib/adapters/memory/pager.ts';
import type { Pager, PagerDirectory } from '../../lib/ports/pager.ts';
import { start } from './pagerduty-sandbox/harness.ts';
import {
  apiToken,
  fromBundle,
  fromSources,
  pageOf,
  patience,
  rotatingSecret,
  routingKey,
  secretOf,
  type PagerDutyAdapter,
} from './pagerduty-subject.ts';

/** A pager, and what the world behind it holds. */
interface Subject {
  readonly pager: Pager;
  readonly directory: PagerDirectory;
  /** Of the newest incident under a key: its id and status; null when there is none. */
  readonly newest: (
    dedupKey: string,
  ) => Promise<{ readonly id: string; readonly status: string } | null>;
  readonly openCount: () => Promise<number>;
}

function memorySubject(): Promise<Subject> {
  const pager = createMemoryPager();
  return Promise.resolve({
    pager,
    directory: pager,
    newest(dedupKey) {
      const found = pager.incidents().find((incident) => incident.dedupKey === dedupKey);
      return Promise.resolve(
        found === undefined ? null : { id: found.dedupKey, status: found.status },
      );
    },
    openCount: () =>
      Promise.resolve(pager.incidents().filter(({ status }) => status !== 'resolved').length),
  });
}

async function sandboxSubject(adapter: PagerDutyAdapter): Promise<Subject> {
  const { url, incidents } = await start({
    routingKeys: { platform: routingKey },
    apiTokens: [apiToken],
  });
  const secrets = rotatingSecret(secretOf());
  const log = createMemoryLog();
  return {
    pager: adapter.createPagerDutyPager({ eventsUrl: url, secrets, log }),
    directory: adapter.createPagerDutyDirectory({ apiUrl: url, secrets, log }),
    async newest(dedupKey) {
      const found = (await incidents())
        .filter((incident) => incident['dedup_key'] === dedupKey)
        .toSorted((a, b) => Number(a['number']) - Number(b['number']))
        .at(-1);
      return found === undefined
        ? null
        : { id: String(found['id']), status: String(found['status']) };
    },
    openCount: async () =>
      (await incidents()).filter((incident) => incident['status'] !== 'resolved').length,
  };
}

const bundle = await fromBundle();

describe.each([
  ['memory', memorySubject],
  [fromSources.name, () => sandboxSubject(fromSources)],
  [bundle.name, () => sandboxSubject(bundle)],
])('a pager (%s)', (_name, make) => {
  const key = 'tocsin:acme:a:1';
  const act = async (
    pager: Pager,
    ...actions: readonly ('trigger' | 'acknowledge' | 'resolve')[]
  ) => {
    for (const action of actions) {
      expect(await pager.send(pageOf({ action, dedupKey: key }), patience)).toEqual({
        ok: true,
        value: undefined,
      });
    }
  };

  it.each([
    [['trigger'], 'triggered', 1],
    [['trigger', 'trigger', 'trigger'], 'triggered', 1],
    [['trigger', 'acknowledge'], 'acknowledged', 1],
    [['trigger', 'acknowledge', 'trigger'], 'acknowledged', 1],
    [['trigger', 'resolve'], 'resolved', 0],
    [['trigger', 'resolve', 'resolve'], 'resolved', 0],
    [['trigger', 'resolve', 'acknowledge'], 'resolved', 0],
    [['trigger', 'resolve', 'trigger'], 'triggered', 1],
  ] as const)('%j leaves it %s, %d open', async (actions, status, open) => {
    const { pager, newest, openCount } = await make();
    await act(pager, ...actions);
    expect(await newest(key)).toMatchObject({ status });
    expect(await openCount()).toBe(open);
  });

  it('keeps keys apart', async () => {
    const { pager, openCount } = await make();
    for (const dedupKey of ['one', 'two', 'one']) {
      await pager.send(pageOf({ dedupKey }), patience);
    }
    expect(await openCount()).toBe(2);
  });

  it('finds what it paged, with its dedup key', async () => {
    const { pager, directory, newest } = await make();
    await act(pager, 'trigger', 'acknowledge');
    const incident = await newest(key);
    expect(await directory.findIncident('acme', incident?.id ?? '')).toEqual({
      ok: true,
      value: {
        pagerIncidentId: incident?.id,
        status: 'acknowledged',
        url: expect.stringMatching(/^https:/) as string,
        dedupKeys: [key],
      },
    });
  });

  it('does not find what it never paged', async () => {
    const { directory } = await make();
    expect(await directory.findIncident('acme', 'Q0ABSENT')).toMatchObject({
      ok: false,
      error: { kind: 'not_found' },
    });
  });
});
