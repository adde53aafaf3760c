import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { epochMs, minutes, toIso } from '../../lib/domain/shared/time.ts';
import { createChangeWorld, proofs, type ChangeWorld } from './change-world.ts';
import { failing } from './harness.ts';
import { checkoutDown, t0 } from './samples.ts';

const fixture = (name: string): string =>
  readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8');

const deployed = {
  id: 'checkout-2.4.0',
  service: 'checkout',
  status: 'succeeded',
  title: 'Deployed checkout 2.4.0',
  environment: 'production',
  author: 'Ada Byron <ADA@example.com>',
  versions: ['checkout:2.4.0'],
};

describe('the change feed', () => {
  it('keeps what was changed, with the person who did it', async () => {
    const { tell, kept } = createChangeWorld();

    const answer = await tell(deployed);

    expect(answer).toMatchObject({
      kind: 'taken',
      isRepeat: false,
      outcome: { kind: 'suppressed', reason: 'a change of checkout' },
    });
    expect(await kept()).toMatchObject([
      { id: 'checkout-2.4.0', sourceId: 'acme-tocsin', author: 'ada', atMs: t0, kind: 'rollout' },
    ]);
    expect(await kept('globex')).toEqual([]);
  });

  it('writes it into the open incident of the service, with how near it was', async () => {
    const { world, tell } = createChangeWorld();
    const incident = await world.open({ alerts: [checkoutDown] });
    world.skipPages();
    await world.fastForward(minutes(2));

    const at = toIso(epochMs(t0 - minutes(9)));
    const answer = await tell({ ...deployed, at });
    await tell({ ...deployed, at, title: 'Told twice' });

    expect(answer).toMatchObject({ outcome: { kind: 'attached', incidentIds: [incident.id] } });
    expect(await world.events(incident, 'change.found')).toMatchObject([
      {
        event: {
          changeId: 'acme-tocsin/checkout-2.4.0',
          likelihoodPct: 81,
          reason: 'Rolled out 9 min before the incident began, for checkout.',
        },
      },
    ]);
  });

  it('takes each of the formats by its own proof', async () => {
    const { send, kept } = createChangeWorld();
    const feeds = [
      ['github', 'github/deployment_status-success'],
      ['gitlab', 'gitlab/deployment-success'],
      ['argocd', 'argocd/sync-succeeded'],
    ] as const;
    for (const [kind, name] of feeds) {
      const body = fixture(name);
      expect(await send(kind, body)).toEqual({ kind: 'unauthorized' });
      expect(await send(kind, body, proofs[kind](body))).toMatchObject({ kind: 'taken' });
    }
    const sources = (await kept()).map(({ sourceId }) => sourceId);
    expect(sources.toSorted()).toEqual(['acme-argocd', 'acme-github', 'acme-gitlab']);
  });

  it('answers a ping and a repository of nobody with why nothing came of it', async () => {
    const { send, kept } = createChangeWorld();
    const ping = fixture('github/ping');
    const other = fixture('github/deployment_status-success').replaceAll('example/shop', 'a/b');
    expect(await send('github', ping, proofs.github(ping))).toMatchObject({
      outcome: { kind: 'suppressed', reason: 'a ping of GitHub' },
    });
    expect(await send('github', other, proofs.github(other))).toMatchObject({
      outcome: {
        reason:
          'a/b is no service of the change source acme-github: name it under its services in ' +
          'the policy',
      },
    });
    expect(await kept()).toEqual([]);
  });
});

describe('a message that is not what it seems', () => {
  const body = JSON.stringify(deployed);

  type Proof = (of: ChangeWorld, now: number) => Readonly<Record<string, string>>;

  it.each<[string, Proof]>([
    ['no signature', () => ({})],
    ['nonsense', () => ({ 'x-tocsin-signature': 'v1=00' })],
    ['a signature of other bytes', ({ signed }) => signed(`${body} `)],
    [
      'a signature of ten minutes ago',
      ({ signed }, now) => signed(body, epochMs(now - minutes(10))),
    ],
    [
      'a signature of ten minutes ahead',
      ({ signed }, now) => signed(body, epochMs(now + minutes(10))),
    ],
    [
      'the secret of a feed of another kind',
      ({ signed }, now) => signed(body, epochMs(now), 'acme-github'),
    ],
  ])('is refused for %s, and leaves nothing', async (_what, proof) => {
    const feed = createChangeWorld();
    const { world, send } = feed;
    const before = world.store.snapshot();
    const headers = proof(feed, world.clock.now());
    expect(await send('tocsin', body, headers)).toEqual({ kind: 'unauthorized' });
    expect(world.store.snapshot()).toEqual(before);
  });

  it('cannot speak for another tenant, whatever it says', async () => {
    const { world, send, signed, kept } = createChangeWorld();
    const foreign = JSON.stringify({ ...deployed, tenant: 'acme', sourceId: 'acme-tocsin' });
    await send('tocsin', foreign, signed(foreign, world.clock.now(), 'globex-tocsin'));
    expect(await kept()).toEqual([]);
    expect(await kept('globex')).toMatchObject([{ tenant: 'globex', sourceId: 'globex-tocsin' }]);
  });

  it('changes nothing when it is replayed, even after a later one', async () => {
    const { world, send, signed, tell, kept } = createChangeWorld();
    const headers = signed(body);
    await send('tocsin', body, headers);
    await world.fastForward(minutes(1));
    await tell({ ...deployed, status: 'failed' });

    expect(await send('tocsin', body, headers)).toMatchObject({ kind: 'taken', isRepeat: true });
    expect(await kept()).toMatchObject([{ status: 'failed' }]);
    const github = fixture('github/push-default-branch');
    const first = await send('github', github, proofs.github(github));
    const again = await send('github', github, proofs.github(github));
    expect([first, again]).toMatchObject([{ isRepeat: false }, { isRepeat: true }]);
  });

  it('is kept and told to the operators when it cannot be read', async () => {
    const { world, send, signed } = createChangeWorld();
    const broken = '{"id":"x","service":"checkout"';
    const answers = [
      await send('tocsin', broken, signed(broken)),
      await send('tocsin', broken, signed(broken)),
    ];
    expect(answers).toMatchObject([
      { kind: 'taken', outcome: { kind: 'quarantined' } },
      { kind: 'taken', outcome: { kind: 'quarantined' } },
    ]);
    expect(world.onlyIncident()).toMatchObject({ isOperator: true, severity: 'P2' });
    expect(world.store.deliveries().map((stored) => atob(stored.body ?? ''))).toEqual([broken]);
    world.skipPages();
  });
});

describe('trouble of our own', () => {
  it('asks the sender to come again, and then takes all of it once', async () => {
    const { world, changeFaults, tell, kept } = createChangeWorld();
    const incident = await world.open({ alerts: [checkoutDown] });
    world.skipPages();
    changeFaults.push({ call: 'put', failure: failing('unavailable') });
    expect(await tell(deployed)).toMatchObject({ kind: 'busy' });

    world.storeFaults.push({ call: 'commit', failure: failing('unavailable') });
    world.storeFaults.push({ call: 'commit', failure: failing('unavailable') });
    await tell(deployed);
    expect(await tell(deployed)).toMatchObject({ kind: 'taken' });

    expect(await kept()).toHaveLength(1);
    expect(await world.events(incident, 'change.found')).toHaveLength(1);
  });
});
