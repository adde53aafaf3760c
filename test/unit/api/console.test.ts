import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { epochMs, minutes } from '../../../lib/domain/shared/time.ts';
import { isConsoleOpen } from '../../../lib/wire/api.ts';
import { checkoutDown, createWorld, lifetimeMs, previousKey, signedPath, t0 } from './world.ts';

/** Where the links of a page lead, unescaped. */
const links = (html: string): readonly string[] =>
  [...html.matchAll(/<a\s[^>]*?href="([^"]*)"/g)].map(([, link = '']) =>
    link.replaceAll('&amp;', '&'),
  );

describe('a signed link', () => {
  it('to the front page opens it and every incident of its tenant, until it ends', async () => {
    const world = createWorld();
    const { id } = await world.raise(checkoutDown);
    const front = await world.ask({ url: signedPath('/') });
    expect(front.statusCode).toBe(200);

    const link = links(front.body).find((one) => one.startsWith(`/incidents/${id}?`)) ?? '';
    expect((await world.ask({ url: link })).statusCode).toBe(200);

    const expiry = /[?&](e=\d+)/;
    expect(expiry.exec(link)?.[1]).toBe(expiry.exec(signedPath('/'))?.[1]);
    await world.clock.advance(minutes(lifetimeMs / 60_000 + 61));
    expect((await world.ask({ url: link })).statusCode).toBe(403);
  });

  it('to an incident opens that one alone and leads nowhere else', async () => {
    const world = createWorld();
    const { id } = await world.raise(checkoutDown);

    const page = await world.ask({ url: signedPath(`/incidents/${id}`) });

    expect(page.statusCode).toBe(200);
    const own = links(page.body).filter((link) => link.startsWith('/'));
    expect(own).toHaveLength(1);
    expect(own[0]).toMatch(new RegExp(`^/incidents/${id}\\?.*&view=postmortem$`));
    const postmortem = await world.ask({ url: own[0] ?? '' });
    expect(postmortem.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(postmortem.body).toMatch(/^# Post-mortem: CheckoutDown/);
  });

  it.each([
    [
      'the key before the rotation',
      200,
      (path: string) => signedPath(path, 'default', previousKey),
    ],
    ['more parameters', 200, (path: string) => `${signedPath(path)}&x=1`],
    ['a key of somebody else', 403, (path: string) => signedPath(path, 'default', 'another-key')],
    ['no signature', 403, (path: string) => path],
    ['half a signature', 403, (path: string) => signedPath(path).slice(0, -9)],
    ['another path’s signature', 403, (path: string) => signedPath('/').replace('/', path)],
    ['another tenant', 403, (path: string) => signedPath(path).replace('t=default', 't=other')],
    ['another expiry', 403, (path: string) => signedPath(path).replace(/e=\d/, 'e=9')],
    ['a tenant that is gone', 403, (path: string) => signedPath(path, 'gone')],
    ['a tenant without the incident', 404, (path: string) => signedPath(path, 'other')],
  ])('with %s is answered %i', async (_what, status, link) => {
    const world = createWorld();
    const { id } = await world.raise(checkoutDown);

    const response = await world.ask({ url: link(`/incidents/${id}`) });

    expect(response.statusCode).toBe(status);
    if (status !== 200) expect(response.body).not.toContain('CheckoutDown');
  });

  it('is good to the last second, and refused at its end', async () => {
    const world = createWorld();
    const endS = Number(/e=(\d+)/.exec(signedPath('/'))?.[1]);
    await world.clock.advance(minutes((endS * 1000 - t0 - 1000) / 60_000));
    expect((await world.ask({ url: signedPath('/') })).statusCode).toBe(200);

    await world.clock.advance(minutes(1 / 60));
    expect(world.clock.now()).toBe(epochMs(endS * 1000));
    const refused = await world.ask({ url: signedPath('/') });
    expect(refused.statusCode).toBe(403);
    expect(refused.body).toContain('For a new one, open the incident in PagerDuty');
  });

  it('is refused without its values reaching the log', async () => {
    const world = createWorld();
    await world.ask({ url: signedPath('/', 'default', 'another-key') });

    expect(world.log.lines()).toMatchObject([
      { level: 'info', fields: { path: '/', query: 't=REDACTED&e=REDACTED&s=REDACTED' } },
    ]);
  });
});

describe('the open console of one machine', () => {
  it('needs no link, and names other tenants', async () => {
    const world = createWorld({ isConsoleOpen: true });
    const { id } = await world.raise(checkoutDown);

    const front = await world.ask({ url: '/' });

    expect(links(front.body)).toEqual([
      '/?t=default',
      '/?t=default',
      '/?t=default&status=closed',
      '/actions?t=default',
      `/incidents/${id}?t=default`,
      '/?t=other',
    ]);
    expect((await world.ask({ url: `/incidents/${id}` })).statusCode).toBe(200);
    expect((await world.ask({ url: '/?t=other' })).body).toContain('No open incident');
    expect((await world.ask({ url: '/?t=nobody' })).statusCode).toBe(404);
    expect((await world.ask({ url: '/?status=closed&after=nonsense' })).statusCode).toBe(404);
  });

  it.each([
    [{ TOCSIN_CONSOLE_OPEN: '1' }, true],
    [{}, false],
    [{ TOCSIN_CONSOLE_OPEN: 'true' }, false],
    [{ TOCSIN_CONSOLE_OPEN: '1', AWS_LAMBDA_RUNTIME_API: '169.254.100.1:9001' }, false],
  ])('with the variables %o is open: %s', (variables, isOpen) => {
    expect(isConsoleOpen(variables)).toBe(isOpen);
  });
});

describe('a page of the console', () => {
  it('may run its own style and script alone', async () => {
    const world = createWorld({ isConsoleOpen: true });
    const { body, headers } = await world.ask({ url: '/' });
    const digest = (tag: string): string => {
      const code = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(body)?.[1] ?? '';
      return `'sha256-${createHash('sha256').update(code).digest('base64')}'`;
    };

    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toContain(`script-src ${digest('script')};`);
    expect(policy).toContain(`style-src ${digest('style')};`);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(body).not.toMatch(/\son[a-z]+=|\sstyle=/);
  });

  it('is not sent again while nothing changed, however much time passes', async () => {
    const world = createWorld({ isConsoleOpen: true });
    const incident = await world.raise(checkoutDown);
    for (const url of ['/', `/incidents/${incident.id}`]) {
      const { headers, body } = await world.ask({ url });
      const tag = headers['etag'] ?? '';
      expect(body).toContain(`data-tag="${tag.slice(1, -1)}"`);
      await world.clock.advance(minutes(1));
      const again = await world.ask({ url, headers: { 'if-none-match': tag } });
      expect([again.statusCode, again.body]).toEqual([304, '']);
    }
    const tags = { 'if-none-match': `"${incident.id}:${incident.version}"` };
    await world.act(incident, {
      kind: 'link-pager',
      pagerIncidentId: 'Q1',
      url: 'https://pd.example/Q1',
    });

    const changed = await world.ask({ url: `/incidents/${incident.id}`, headers: tags });
    expect(changed.statusCode).toBe(200);
    expect(changed.body).toContain('href="https://pd.example/Q1"');
  });

  it('lists the gravest first, then what is due first', async () => {
    const world = createWorld({ isConsoleOpen: true });
    const raise = async (service: string, severity: string): Promise<string> => {
      await world.clock.advance(minutes(1));
      return (await world.raise({ ...checkoutDown, service, severity })).id;
    };
    const p2 = await raise('reports', 'warning');
    const p1 = await raise('search', 'critical');
    const early = await raise('checkout', 'critical');
    const late = await raise('login', 'critical');

    const { body } = await world.ask({ url: '/' });

    const order = [...body.matchAll(/id="i-([\w-]+)"/g)].map(([, id]) => id);
    expect(order).toEqual([early, late, p1, p2]);
    expect(body).toContain('<title>4 open, 2 P0 · Tocsin</title>');
  });

  it('says in words that a deadline has passed, also before anybody recorded it', async () => {
    const world = createWorld({ isConsoleOpen: true });
    const incident = await world.raise(checkoutDown);
    await world.clock.advance(minutes(16));
    expect((await world.ask({ url: '/' })).body).toContain(
      '>Breached: response was due 1 min ago<',
    );

    await world.act(incident, { kind: 'wake' });
    const page = await world.ask({ url: `/incidents/${incident.id}` });
    expect(page.body).toContain('Response clock breached');
    expect(page.body).toContain('Resolve within 44 min');
  });

  it('tells who acts how, and what the command is', async () => {
    const world = createWorld();
    const { id } = await world.raise(checkoutDown);

    const { body } = await world.ask({ url: signedPath(`/incidents/${id}`) });

    expect(body).toContain(`npx tocsin ack ${id} --url https://tocsin.example.com<`);
    expect(body).toContain('who has it can read this page');
  });
});
