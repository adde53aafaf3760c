import { describe, expect, it } from 'vitest';
import { fakeApi, run } from './run-cli.ts';

const proof = {
  tenant: 'default',
  from: '2026-11-21T03:48:00.000Z',
  until: '2026-11-28T03:48:00.000Z',
  isProved: true,
  routes: [
    { routingKey: 'shop', services: ['checkout', 'search'], endsAt: 'Shop', people: ['Ada'] },
    { routingKey: 'default', services: [], endsAt: null, people: [] },
  ],
  gaps: [],
  unproved: [],
};

describe('tocsin coverage', () => {
  it('prints where each route ends', async () => {
    const { dataDir } = await fakeApi({ 'GET /v1/coverage': proof });
    const { exitCode, out, err } = await run(['coverage', '--data', dataDir]);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toMatchInlineSnapshot(`
      "checkout, search
        shop → Shop → Ada
      everything else
        default → nowhere → nobody

      Every page reaches a person until 2026-11-28T03:48:00.000Z.
      "
    `);
  });

  it('exits with 1 and lists what is wrong, made harmless for a terminal', async () => {
    const gaps = [
      { kind: 'empty-shift', text: 'nobody \u001b[31mis there', from: null, until: null },
    ];
    const unproved = ['Slack could not be asked.'];
    const answer = { ...proof, isProved: false, routes: [], gaps, unproved };
    const { dataDir } = await fakeApi({ 'GET /v1/coverage': answer });
    const { exitCode, out } = await run(['coverage', '--data', dataDir]);
    expect(exitCode).toBe(1);
    expect(out).toContain('? Slack could not be asked.');
    expect(out).toContain('1 gap and 1 thing not proved');
    expect(out).not.toContain('\u001b');
  });

  it('gives the answer itself to machines', async () => {
    const { dataDir } = await fakeApi({ 'GET /v1/coverage': proof });
    const { out } = await run(['coverage', '--data', dataDir, '--json']);
    expect(JSON.parse(out)).toEqual(proof);
  });
});
