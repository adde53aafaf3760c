import { describe, expect, it } from 'vitest';
import { resumeActions } from '../../../lib/app/actions/halt.ts';
import { asked, call, planned } from '../api/action-world.ts';
import { checkoutDown, createWorld, grace, signedPath } from '../api/world.ts';
import { actingPage, withWork } from './action-scene.ts';

/** The text of one part of the page; empty where the page has no such part. */
function partOf(html: string, name: string): string {
  const part = new RegExp(`<section[^>]* aria-label="${name}">([^]*?)</section>`).exec(html);
  return (part?.[1] ?? '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

describe('the page of an incident', () => {
  it('shows the plan that waits, who approves, until when, and the command that does', async () => {
    const world = createWorld({ isConsoleOpen: true });
    const incident = await world.raise(checkoutDown);
    const { id, planHash } = await planned(world, incident, {
      actionId: await asked(world, incident),
    });

    const { body } = await world.ask({ url: `/incidents/${incident.id}` });

    const words = partOf(body, 'Actions');
    expect(words).toContain('Waits for approval 0 of 1 approval');
    expect(words).toContain('Roll back Deployment shop/checkout to revision 16');
    expect(words).toContain('asked for by Ada Byron');
    expect(words).toContain('Ends unless it starts within 10 min');
    expect(words).toContain(`Approve npx tocsin approve ${id} Deny npx tocsin deny ${id}`);
    expect(words).toContain(`Plan ${planHash.slice(0, 8)}`);
    expect(words).toContain('Changes image of checkout: checkout:2.4.0 → checkout:2.3.9');
    expect(words).toContain('Undo Roll back to revision 17');
    expect(body).not.toMatch(/<(?:form|button|input)/);
  });

  it('shows how an action ended, with its plan and its story folded', async () => {
    const world = createWorld({ isConsoleOpen: true });
    const incident = await world.raise(checkoutDown);
    const { id } = await planned(world, incident, { actionId: await asked(world, incident) });
    await call(world, `actions/${id}/deny`, { body: { reason: 'not now' }, as: grace });

    const { body } = await world.ask({ url: `/incidents/${incident.id}` });

    expect(partOf(body, 'Actions')).toContain('Denied by Grace Murray (api): not now');
    expect(body).toContain(`<details id="plan-${id}">`);
    expect(body).toContain(`<details id="story-${id}">`);
    expect(partOf(body, 'Actions')).toContain('All that happened (3)');
    expect(body).not.toContain('tocsin approve');
  });

  it('shows the likeliest change first with its reason, and what people are to do', async () => {
    const world = createWorld({ isConsoleOpen: true });
    const raised = await world.raise(checkoutDown);
    const incident = await withWork(world, raised, 'x');

    const { body } = await world.ask({ url: `/incidents/${incident.id}` });

    expect(partOf(body, 'Changes near it')).toContain('90 % C x git.example.com V x · W x');
    expect(partOf(body, 'Changes near it')).toContain('changed 7 min ago Why: Y x');
    expect(partOf(body, 'Checklists')).toContain('L x : 1 of 2 done N x Done 1. a P x (slack)');
    expect(partOf(body, 'Checklists')).toContain('To do 2. b x');
  });

  it('has none of it where nothing was asked for', async () => {
    const world = createWorld({ isConsoleOpen: true });
    const { id } = await world.raise(checkoutDown);
    const { body } = await world.ask({ url: `/incidents/${id}` });
    const parts = ['Actions', 'Changes near it', 'Checklists'].map((name) => partOf(body, name));
    expect(parts).toEqual(['', '', '']);
  });
});

describe('the page of actions', () => {
  it('shows the kill switch, what is open, targets with their locks, and the score', async () => {
    const [, page = ''] = await actingPage('x');
    expect(page).toContain('<title>HALTED · Actions · Tocsin</title>');
    expect(partOf(page, 'Kill switch')).toContain('Halted: nothing starts');
    expect(partOf(page, 'Kill switch')).toContain('npx tocsin halt --off');
    expect(partOf(page, 'Open actions')).toContain('Open (1) Waits for approval');
    expect(partOf(page, 'Ended actions')).toContain('Denied: nothing was done');
    expect(partOf(page, 'Targets')).toContain('checkout Deployment shop/checkout in sandbox');
    expect(partOf(page, 'Targets')).toContain(
      'Locked by H x (api) : r x , until 2026-05-12 03:10:05 UTC',
    );
    expect(partOf(page, 'Targets')).toContain('Last: Waits for approval asked under 1 s ago');
    expect(partOf(page, 'Runbooks')).toContain('bad-deploy · shadow No shadow compared yet.');
  });

  it('is sent anew only when something changed', async () => {
    const world = createWorld({ isConsoleOpen: true });
    const incident = await world.raise(checkoutDown);
    const look = async (tag?: string) => {
      const headers: Record<string, string> = tag === undefined ? {} : { 'if-none-match': tag };
      const answer = await world.ask({ url: '/actions', headers });
      return [answer.statusCode, answer.headers['etag'] ?? ''] as const;
    };
    const [, first] = await look();
    expect(await look(first)).toEqual([304, first]);
    await asked(world, incident);
    const [status, second] = await look(first);
    expect([status, second === first]).toEqual([200, false]);
    await call(world, 'targets/search/lock', { body: { reason: 'x' } });
    const [, third] = await look(second);
    expect(third).not.toBe(second);
    await call(world, 'halt', { body: { on: true, reason: 'x' } });
    const by = { kind: 'person', via: 'api', id: 'x', name: 'x' } as const;
    await resumeActions(world.app, { tenant: 'default', by, reason: 'y' });
    expect((await look(third))[0]).toBe(200);
  });

  it('needs a link of its tenant, and leads on to each incident', async () => {
    const world = createWorld();
    const { id } = await world.raise(checkoutDown);
    const status = async (url: string) => (await world.ask({ url })).statusCode;
    expect(await status('/actions')).toBe(403);
    expect(await status(signedPath('/').replace('/?', '/actions?'))).toBe(403);
    expect(await status(signedPath(`/incidents/${id}`).replace(/^[^?]*/, '/actions'))).toBe(403);
    const page = await world.ask({ url: signedPath('/actions') });
    expect(page.statusCode).toBe(200);
    const front = await world.ask({ url: signedPath('/') });
    const link = /<a id="actions" href="([^"]*)"/.exec(front.body)?.[1]?.replaceAll('&amp;', '&');
    expect(await status(link ?? '')).toBe(200);
    const own = await world.ask({ url: signedPath(`/incidents/${id}`) });
    expect(own.body).not.toContain('href="/actions');
  });
});
