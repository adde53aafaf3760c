import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { canonicalJson } from '../../lib/domain/shared/json.ts';
import type { Result } from '../../lib/domain/shared/result.ts';
import { durationMs, epochMs, hours, type EpochMs } from '../../lib/domain/shared/time.ts';
import type { PortFailure } from '../../lib/ports/failure.ts';
import type { Store } from '../../lib/ports/store.ts';
import {
  alertmanagerBody,
  at,
  commitOf,
  dueOf,
  note,
  sampleDelivery,
  sampleEpisodes,
  sampleIncident,
  sampleKey,
  sampleThread,
  t0,
  writeOf,
} from './store-samples.ts';

/** An empty store on a clock that the test sets. */
export interface Subject {
  readonly store: Store;
  readonly setNow: (nowMs: EpochMs) => void;
}

/** What a stand-in does not do as DynamoDB does. */
export interface Honours {
  readonly tokens: boolean;
}

/** The value of a success; a failure fails the test with its own words. */
export function valueOf<Value>(result: Result<Value, PortFailure>): Value {
  if (!result.ok) throw new Error(`${result.error.kind}: ${result.error.message}`);
  return result.value;
}

const kindOf = (result: Result<unknown, PortFailure>): string =>
  result.ok ? 'ok' : result.error.kind;

/** What every store keeps: transactions, conditions, tokens, isolation and sizes. */
export function storeContract(make: () => Promise<Subject>, honours: Honours): void {
  let store: Store;
  beforeEach(async () => {
    ({ store } = await make());
  });

  describe('reading what was written', () => {
    it('says that nothing is there before anything was written', async () => {
      expect(valueOf(await store.loadIncident('default', 'none'))).toBeNull();
      expect(valueOf(await store.loadThread('default', 'none'))).toBeNull();
      expect(valueOf(await store.loadDelivery(sampleKey()))).toBeNull();
      expect(valueOf(await store.loadCommits('default', 'none'))).toEqual([]);
    });

    it('gives back incident, log, thread and delivery as one transaction wrote them', async () => {
      const incident = sampleIncident({ version: 2 });
      const thread = sampleThread();
      const delivery = sampleDelivery();
      const { incident: write } = writeOf(incident);
      const transaction = {
        token: 'open',
        thread: { value: thread, expectedVersion: 0 },
        delivery,
      };
      valueOf(await store.commit({ ...transaction, ...(write && { incident: write }) }));

      expect(valueOf(await store.loadIncident('default', incident.id))).toEqual(incident);
      expect(valueOf(await store.loadThread('default', thread.threadHash))).toEqual(thread);
      expect(valueOf(await store.loadCommits('default', incident.id))).toEqual([write?.commit]);
      const { body: _body, key, ...known } = delivery;
      expect(valueOf(await store.loadDelivery(key))).toEqual(known);
    });

    it('shares nothing by reference with writer or reader', async () => {
      const incident = sampleIncident();
      valueOf(await store.commit(writeOf(incident)));
      const first = valueOf(await store.loadIncident('default', incident.id));
      Object.assign(first?.links ?? {}, { runbook: 'changed' });
      expect(valueOf(await store.loadIncident('default', incident.id))).toEqual(incident);
    });

    it('keeps text of any script, control characters and dangerous names', async () => {
      const links = JSON.parse('{"__proto__":"x","constructor":"y","runbook":"ж"}') as object;
      const title = 'Kasse fällt aus 💥 \u0000\u001f "quoted" \\ \u2028 \ud83d lone';
      const incident = sampleIncident({ title, links });
      valueOf(await store.commit(writeOf(incident)));
      const read = valueOf(await store.loadIncident('default', incident.id));
      expect(read?.title).toBe(title);
      expect(canonicalJson(read)).toBe(canonicalJson(incident));
      expect(Object.getPrototypeOf(read?.links)).toBe(Object.prototype);
    });

    it('keeps fields that this version does not know', async () => {
      const incident = { ...sampleIncident(), fromTheFuture: { deep: [1, 'two'] } };
      const episodes = sampleEpisodes(3).map((episode) => ({ ...episode, later: true }));
      const thread = { ...sampleThread({ episodes }), alsoLater: 1 };
      const write = writeOf(incident);
      valueOf(await store.commit({ ...write, thread: { value: thread, expectedVersion: 0 } }));
      expect(valueOf(await store.loadIncident('default', incident.id))).toEqual(incident);
      expect(valueOf(await store.loadThread('default', thread.threadHash))).toEqual(thread);
    });
  });

  describe('conditions', () => {
    it('refuses a second incident with the same id', async () => {
      valueOf(await store.commit(writeOf(sampleIncident(), { token: 'one' })));
      const again = await store.commit(writeOf(sampleIncident(), { token: 'two' }));
      expect(kindOf(again)).toBe('conflict');
    });

    it('refuses an incident that is to be there and is not', async () => {
      const ahead = sampleIncident({ version: 6 });
      const commit = commitOf(ahead, [note('late')]);
      expect(kindOf(await store.commit(writeOf(ahead, { expectedVersion: 5, commit })))).toBe(
        'conflict',
      );
      expect(valueOf(await store.loadCommits('default', ahead.id))).toEqual([]);
    });

    it('refuses a decision on an older version, and writes nothing of it', async () => {
      valueOf(await store.commit(writeOf(sampleIncident({ version: 5 }))));
      valueOf(await store.commit(writeOf(sampleIncident({ version: 6 }), { expectedVersion: 5 })));
      const stale = writeOf(sampleIncident({ version: 7, title: 'stale' }), {
        expectedVersion: 5,
        dueAdded: [dueOf('k3v9m-2q7xzwn', t0)],
      });
      const delivery = sampleDelivery();
      expect(kindOf(await store.commit({ ...stale, delivery }))).toBe('conflict');
      expect(valueOf(await store.loadIncident('default', 'k3v9m-2q7xzwn'))?.version).toBe(6);
      expect(valueOf(await store.loadDelivery(delivery.key))).toBeNull();
      expect(valueOf(await store.loadDue(at(1), 10))).toEqual([]);
    });

    it('refuses a thread on an older version, and the incident with it', async () => {
      const thread = sampleThread();
      valueOf(await store.commit({ token: 'a', thread: { value: thread, expectedVersion: 0 } }));
      const next = { value: { ...thread, version: 2 }, expectedVersion: 1 };
      valueOf(await store.commit({ token: 'b', thread: next }));
      const stale = { ...writeOf(sampleIncident()), thread: next };
      expect(kindOf(await store.commit({ ...stale, token: 'c' }))).toBe('conflict');
      expect(valueOf(await store.loadIncident('default', 'k3v9m-2q7xzwn'))).toBeNull();
      expect(valueOf(await store.loadThread('default', thread.threadHash))?.version).toBe(2);
    });

    it('refuses a second delivery with the same key', async () => {
      valueOf(await store.commit({ token: 'a', delivery: sampleDelivery() }));
      const other = sampleDelivery({ deliveryId: 'other' });
      expect(kindOf(await store.commit({ token: 'b', delivery: other }))).toBe('conflict');
      expect(valueOf(await store.loadDelivery(other.key))?.deliveryId).not.toBe('other');
    });

    it('lets one of two writers win who decided on the same version', async () => {
      valueOf(await store.commit(writeOf(sampleIncident({ version: 5 }))));
      const rivals = await Promise.all(
        ['ada', 'bob', 'eve'].map((title) =>
          store.commit(
            writeOf(sampleIncident({ version: 6, title }), { expectedVersion: 5, token: title }),
          ),
        ),
      );
      expect(rivals.map(kindOf).toSorted()).toEqual(['conflict', 'conflict', 'ok']);
      const winner = ['ada', 'bob', 'eve'][rivals.findIndex(({ ok }) => ok)];
      const stored = valueOf(await store.loadIncident('default', 'k3v9m-2q7xzwn'));
      expect(stored?.title).toBe(winner);
      expect(valueOf(await store.loadCommits('default', 'k3v9m-2q7xzwn'))).toHaveLength(2);
    });
  });

  describe('tokens', () => {
    if (honours.tokens) tokensContract(() => store);

    it('takes a decision whose refused forerunner had the same token', async () => {
      const early = writeOf(sampleIncident({ version: 6 }), { expectedVersion: 5, token: 'x' });
      expect(kindOf(await store.commit(early))).toBe('conflict');
      valueOf(await store.commit(writeOf(sampleIncident({ version: 5 }))));
      valueOf(await store.commit(early));
      expect(valueOf(await store.loadIncident('default', 'k3v9m-2q7xzwn'))?.version).toBe(6);
    });
  });

  describe('order and size', () => {
    it('gives the log in order of its sequence, over the steps from 9 to 10 and 99 to 100', async () => {
      let version = 0;
      for (const count of [9, 1, 89, 1, 30]) {
        const incident = sampleIncident({ version: version + count });
        valueOf(await store.commit(writeOf(incident, { expectedVersion: version })));
        version += count;
      }
      const commits = valueOf(await store.loadCommits('default', 'k3v9m-2q7xzwn'));
      expect(commits.map(({ firstSeq }) => firstSeq)).toEqual([1, 10, 11, 100, 101]);
    });

    it('gives a log of several megabytes whole', async () => {
      const text = randomBytes(90_000).toString('base64');
      for (let version = 1; version <= 12; version += 1) {
        const incident = sampleIncident({ version });
        const commit = commitOf(incident, [note(`${version} ${text}`)]);
        valueOf(await store.commit(writeOf(incident, { expectedVersion: version - 1, commit })));
      }
      const commits = valueOf(await store.loadCommits('default', 'k3v9m-2q7xzwn'));
      expect(commits.map(({ firstSeq }) => firstSeq)).toEqual([
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
      ]);
    });

    it.each([1000, 5000])('keeps a thread of %i episodes in order', async (count) => {
      const thread = sampleThread({ episodes: sampleEpisodes(count) });
      valueOf(await store.commit({ token: 'a', thread: { value: thread, expectedVersion: 0 } }));
      expect(valueOf(await store.loadThread('default', thread.threadHash))).toEqual(thread);
    });

    it.each([
      ['small', alertmanagerBody(1)],
      ['of 500 alerts', alertmanagerBody(500)],
      ['of 300 KB that no packing makes smaller', randomBytes(300_000)],
      ['empty', new Uint8Array()],
    ])('keeps a delivery with a body %s', async (_size, body) => {
      const delivery = sampleDelivery({ body });
      valueOf(await store.commit({ token: 'a', delivery }));
      expect(valueOf(await store.loadDelivery(delivery.key))?.bodyHash).toBe(delivery.bodyHash);
    });

    it('refuses an item over 400 KB, and writes nothing', async () => {
      const incident = sampleIncident({ summary: randomBytes(420_000).toString('base64') });
      const delivery = sampleDelivery();
      expect(kindOf(await store.commit({ ...writeOf(incident), delivery }))).toBe('too_large');
      expect(valueOf(await store.loadDelivery(delivery.key))).toBeNull();
    });

    it('takes 100 items in a transaction and refuses 101', async () => {
      const rows = Array.from({ length: 99 }, (_, index) => dueOf('many', at(index), `i${index}`));
      const incident = sampleIncident({ id: 'many' });
      expect(kindOf(await store.commit(writeOf(incident, { dueAdded: rows })))).toBe('too_large');
      const fewer = writeOf(incident, { dueAdded: rows.slice(1), token: 'fewer' });
      valueOf(await store.commit(fewer));
      expect(valueOf(await store.loadDue(at(1000), 200))).toHaveLength(98);
    });
  });

  describe('tenants', () => {
    it('never lets the same ids of two tenants meet', async () => {
      for (const tenant of ['acme', 'zeta']) {
        const incident = sampleIncident({ tenant, title: `of ${tenant}` });
        const thread = {
          value: sampleThread({ tenant, correlationKey: tenant }),
          expectedVersion: 0,
        };
        const delivery = sampleDelivery({ key: sampleKey({ tenant }), deliveryId: tenant });
        valueOf(await store.commit({ ...writeOf(incident), thread, delivery }));
      }
      for (const tenant of ['acme', 'zeta']) {
        const incident = valueOf(await store.loadIncident(tenant, 'k3v9m-2q7xzwn'));
        expect(incident?.title).toBe(`of ${tenant}`);
        const thread = valueOf(await store.loadThread(tenant, sampleThread().threadHash));
        expect(thread?.correlationKey).toBe(tenant);
        const delivery = valueOf(await store.loadDelivery(sampleKey({ tenant })));
        expect(delivery?.deliveryId).toBe(tenant);
        expect(valueOf(await store.loadCommits(tenant, 'k3v9m-2q7xzwn'))).toHaveLength(1);
      }
    });

    it.each([
      ['a', 'b#I#c', 'a#I#b', 'c'],
      ['a#b', 'c', 'a', 'b#c'],
      ['~', 'x', '~x', ''],
      ['ä', 'x', 'a\u0308', 'x'],
      ['\ud800', 'x', '\ud801', 'x'],
    ])('tells tenant %j with %j from tenant %j with %j', async (tenant, id, tenant2, id2) => {
      valueOf(await store.commit(writeOf(sampleIncident({ tenant, id }))));
      expect(valueOf(await store.loadIncident(tenant2, id2))).toBeNull();
      expect(valueOf(await store.loadCommits(tenant2, id2))).toEqual([]);
      const claim = { tenant, id, atMs: t0, keepForMs: hours(1) };
      expect(valueOf(await store.claim(claim))).toBe(true);
      expect(valueOf(await store.claim({ ...claim, tenant: tenant2, id: id2 }))).toBe(true);
      expect(valueOf(await store.claim(claim))).toBe(false);
    });
  });

  describe('claims and counters', () => {
    const claim = {
      tenant: 'default',
      id: 'fallback#k3v9m#i1',
      atMs: t0,
      keepForMs: durationMs(1000),
    };

    it('gives a claim to the first caller, and to one of many at once', async () => {
      const answers = await Promise.all([1, 2, 3, 4].map(() => store.claim(claim)));
      expect(answers.map(valueOf).filter(Boolean)).toHaveLength(1);
      expect(valueOf(await store.claim({ ...claim, atMs: at(999) }))).toBe(false);
      expect(valueOf(await store.claim({ ...claim, id: 'another' }))).toBe(true);
    });

    it('gives it again once its time is over, cleared away or not', async () => {
      expect(valueOf(await store.claim(claim))).toBe(true);
      expect(valueOf(await store.claim({ ...claim, atMs: at(1000) }))).toBe(true);
      expect(valueOf(await store.claim({ ...claim, atMs: at(1001) }))).toBe(false);
    });

    it('counts a minute by itself, and every caller', async () => {
      const minute = epochMs(Math.floor(t0 / 60_000) * 60_000);
      const sums = await Promise.all(
        [0, 1, 59_999].map((ms) => store.countInMinute('page#k', epochMs(minute + ms), 2)),
      );
      expect(sums.map(valueOf).toSorted((a, b) => a - b)).toEqual([2, 4, 6]);
      expect(valueOf(await store.countInMinute('page#k', epochMs(minute + 60_000), 1))).toBe(1);
      expect(valueOf(await store.countInMinute('page#other', minute, 1))).toBe(1);
    });
  });
}

function tokensContract(store: () => Store): void {
  it('writes the same decision with the same token once', async () => {
    const write = writeOf(sampleIncident());
    valueOf(await store().commit(write));
    valueOf(await store().commit(write));
    expect(valueOf(await store().loadCommits('default', 'k3v9m-2q7xzwn'))).toHaveLength(1);
  });

  it('refuses another decision with a token that was used', async () => {
    valueOf(await store().commit(writeOf(sampleIncident(), { token: 'same' })));
    const other = await store().commit(writeOf(sampleIncident({ id: 'other' }), { token: 'same' }));
    expect(kindOf(other)).toBe('conflict');
    expect(valueOf(await store().loadIncident('default', 'other'))).toBeNull();
  });
}
