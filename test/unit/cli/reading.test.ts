import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { paintFor } from '../../../lib/cli/terminal.ts';
import { consoleLink, incident, lateIncident, listOf, timeline } from './incident-samples.ts';
import { fakeApi, run, temporaryFolder } from './run-cli.ts';

const path = `/v1/incidents/${incident.id}`;
const one = { incident, console: consoleLink };

describe('tocsin incidents', () => {
  it('prints two lines each, that fit 80 columns, without colour', async () => {
    const long = { ...incident, title: `${'Long name '.repeat(12)}end` };
    const { dataDir, received } = await fakeApi({
      'GET /v1/incidents': listOf(incident, lateIncident, long),
    });
    const { exitCode, out, err } = await run(['incidents', '--data', dataDir]);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toMatchInlineSnapshot(`
      "7k3qa-9mx2tpd  P0  acknowledged · resolve in 58 min · payments
        CheckoutDown
      2b9fd-0aaq1zz  P1  triggered · respond 3 min late · discovery
        SearchSlow
      7k3qa-9mx2tpd  P0  acknowledged · resolve in 58 min · payments
        Long name Long name Long name Long name Long name Long name Long name Long na…

      Console: https://tocsin.example.com/?t=default&e=1796083200&s=abc
      "
    `);
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(received[0]?.headers.authorization).toBe('Bearer token-of-ada');
  });

  it('marks what is late in red on a terminal', async () => {
    const { dataDir } = await fakeApi({ 'GET /v1/incidents': listOf(lateIncident) });
    const paint = paintFor({ isTTY: true, env: {} });
    const { out } = await run(['incidents', '-d', dataDir], { paint });
    expect(out).toContain('\u001b[31mrespond 3 min late\u001b[39m');
  });

  it('asks for what was asked for, and says when there is none, or more', async () => {
    const { dataDir, received } = await fakeApi({
      'GET /v1/incidents': { ...listOf(), next: 'abc' },
    });
    const args = ['incidents', '--closed', '-n', '7', '--tenant', 'shop b', '-d', dataDir];
    const { out } = await run(args);
    expect(received.map(({ url }) => url)).toEqual([
      '/v1/incidents?limit=7&status=closed&tenant=shop%20b',
    ]);
    expect(out).toBe(
      'No closed incidents.\nThere are more: --limit, or the console\n' +
        `\nConsole: ${consoleLink}\n`,
    );
  });

  it('gives the answer as it is to machines', async () => {
    const { dataDir } = await fakeApi({ 'GET /v1/incidents': listOf(incident) });
    const { out } = await run(['incidents', '--json', '--data', dataDir]);
    expect(JSON.parse(out)).toEqual(listOf(incident));
  });

  it.each(['0', '101', 'x', '1.5', '-1'])('refuses --limit=%s', async (limit) => {
    const { exitCode, err } = await run(['incidents', `--limit=${limit}`]);
    expect(exitCode).toBe(2);
    expect(err).toBe(`error: --limit is ${limit}; 1 to 100 is allowed.\n`);
  });

  it('makes hostile text harmless', async () => {
    const hostile = { ...incident, title: '\u001b]0;owned\u0007x\u202ey', team: 'a\nb' };
    const { dataDir } = await fakeApi({ 'GET /v1/incidents': listOf(hostile) });
    const { out } = await run(['incidents', '--data', dataDir]);
    expect(out).toContain('\\u{1b}]0;owned\\u{7}x\\u{202e}y');
    expect(out).not.toMatch(/[\u001b\u0007\u202e]/);
    expect(out.split('\n')).toHaveLength(5);
  });
});

describe('tocsin show', () => {
  it('prints an incident and its story', async () => {
    const { dataDir } = await fakeApi({
      [`GET ${path}`]: one,
      [`GET ${path}/timeline`]: timeline,
    });
    const { exitCode, out } = await run(['show', incident.id, '--data', dataDir]);
    expect(exitCode).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "7k3qa-9mx2tpd  P0  CheckoutDown
      The checkout answers no request.

      State       acknowledged, resolve in 58 min
      Why         critical on a tier 1 service (rule tier-1-critical)
      Service     checkout, production
      Team        payments
      Opened      2026-11-21T03:46:00.000Z
      Alerts      1 of 1 firing
      Page        accepted
      Response    met after 1 min, deadline 2026-11-21T04:01:00.000Z
      Resolution  running, 2 min of 1 h used, deadline 2026-11-21T04:46:00.000Z
      Runbook     https://runbooks.example.com/checkout-down
      PagerDuty   https://example.pagerduty.com/incidents/Q2B8X

      Timeline
        2026-11-21T03:46:00.000Z  Opened as P0: CheckoutDown
          critical on a tier 1 service (rule tier-1-critical)
        2026-11-21T03:47:00.000Z  Taken by ada

      Console: https://tocsin.example.com/?t=default&e=1796083200&s=abc
      "
    `);
  });

  it('says when a clock was missed', async () => {
    const response = { ...incident.sla.response, state: 'running', breached: true };
    const breached = { ...lateIncident, id: incident.id, sla: { ...incident.sla, response } };
    const { dataDir } = await fakeApi({
      [`GET ${path}`]: { ...one, incident: breached },
      [`GET ${path}/timeline`]: timeline,
    });
    const { out } = await run(['show', incident.id, '--data', dataDir]);
    expect(out).toContain('State       triggered, respond 3 min late\n');
    expect(out).toContain(
      'Response    BREACHED (deadline 2026-11-21T04:01:00.000Z), running, 1 min of 15 min used\n',
    );
  });

  it('gives incident and timeline in one object to machines', async () => {
    const { dataDir } = await fakeApi({
      [`GET ${path}`]: one,
      [`GET ${path}/timeline`]: timeline,
    });
    const { out } = await run(['show', incident.id, '--json', '--data', dataDir]);
    expect(JSON.parse(out)).toEqual({ ...one, timeline: timeline.entries });
  });

  it('makes hostile text harmless everywhere', async () => {
    const evil = '\u001b[2J';
    const poisoned = JSON.parse(
      JSON.stringify(incident, (_key, value: unknown) =>
        typeof value === 'string' && !value.includes('T0') ? `${value}${evil}` : value,
      ),
    ) as object;
    const { dataDir } = await fakeApi({
      [`GET ${path}`]: { incident: poisoned, console: `${consoleLink}${evil}` },
      [`GET ${path}/timeline`]: { entries: [{ at: evil, text: evil, reason: evil }] },
    });
    const { out } = await run(['show', incident.id, '--data', dataDir]);
    expect(out).toContain('\\u{1b}[2J');
    expect(out).not.toContain('\u001b');
  });
});

describe('tocsin postmortem', () => {
  const markdown = '# Post-mortem: CheckoutDown\n\nThe log says so.\n';

  it('prints the document byte for byte', async () => {
    const { dataDir, received } = await fakeApi({ [`GET ${path}/postmortem`]: markdown });
    const { exitCode, out } = await run(['postmortem', incident.id, '-d', dataDir]);
    expect({ exitCode, out }).toEqual({ exitCode: 0, out: markdown });
    expect(received[0]?.url).toBe(`${path}/postmortem?format=markdown`);
  });

  it('prints JSON when asked', async () => {
    const { dataDir, received } = await fakeApi({ [`GET ${path}/postmortem`]: '{"a":1}' });
    expect((await run(['postmortem', incident.id, '--json', '-d', dataDir])).out).toBe('{"a":1}');
    expect(received[0]?.url).toBe(`${path}/postmortem?format=json`);
  });

  it('writes it to a file, or says why not', async () => {
    const cwd = temporaryFolder();
    const { dataDir } = await fakeApi({ [`GET ${path}/postmortem`]: markdown });
    const args = ['postmortem', incident.id, '-d', dataDir, '-o'];
    expect((await run([...args, 'p.md'], { cwd })).out).toBe('p.md is written.\n');
    expect(readFileSync(join(cwd, 'p.md'), 'utf8')).toBe(markdown);
    const { exitCode, err } = await run([...args, 'none/p.md'], { cwd });
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^error: none\/p\.md cannot be written: ENOENT/);
  });
});
