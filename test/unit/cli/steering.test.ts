import { describe, expect, it } from 'vitest';
import { incident, lateIncident, listOf } from './incident-samples.ts';
import { fakeApi, run, status } from './run-cli.ts';

const path = `/v1/incidents/${incident.id}`;
const changed = { changed: true, incident, console: 'https://...' };

describe('tocsin ack and tocsin resolve', () => {
  it.each([
    ['ack', 'acknowledge', 'acknowledged'],
    ['resolve', 'resolve', 'resolved'],
  ])('%s says what was done', async (command, route, done) => {
    const { dataDir, received } = await fakeApi({ [`POST ${path}/${route}`]: changed });
    expect(await run([command, incident.id, '-d', dataDir])).toEqual({
      exitCode: 0,
      out: `7k3qa-9mx2tpd CheckoutDown: ${done}.\n`,
      err: '',
    });
    expect(received.map(({ body }) => body)).toEqual(['']);
  });

  it('sends the note', async () => {
    const { dataDir, received } = await fakeApi({ [`POST ${path}/resolve`]: changed });
    await run(['resolve', incident.id, '-m', 'bad "deploy" ü', '-d', dataDir]);
    expect(received[0]?.body).toBe('{"note":"bad \\"deploy\\" ü"}');
  });

  it('says when nothing changed, and by whom it was done before', async () => {
    const { dataDir } = await fakeApi({
      [`POST ${path}/acknowledge`]: { ...changed, changed: false, message: 'Bob has it.' },
    });
    const { exitCode, out } = await run(['ack', incident.id, '-d', dataDir]);
    expect(exitCode).toBe(0);
    expect(out).toBe('7k3qa-9mx2tpd CheckoutDown: nothing changed. Bob has it.\n');
  });

  it('gives the answer as it is to machines', async () => {
    const { dataDir } = await fakeApi({ [`POST ${path}/acknowledge`]: changed });
    const { out } = await run(['ack', incident.id, '--json', '-d', dataDir]);
    expect(JSON.parse(out)).toEqual(changed);
  });

  it('exits 4 when the incident’s state does not allow it', async () => {
    const refusal = { error: { kind: 'refused', message: 'It is resolved already.' } };
    const { dataDir } = await fakeApi({ [`POST ${path}/acknowledge`]: status(409, refusal) });
    expect(await run(['ack', incident.id, '-d', dataDir])).toEqual({
      exitCode: 4,
      out: '',
      err: 'error: It is resolved already.\n',
    });
  });
});

describe('the beginning of an id', () => {
  const twin = { ...incident, id: '7k3qz-0000000' };
  const world = () =>
    fakeApi({
      'GET /v1/incidents?limit=100&status=open': listOf(incident, lateIncident),
      'GET /v1/incidents?limit=100&status=closed': listOf(twin, incident),
      [`POST ${path}/acknowledge`]: changed,
    });

  it.each(['7k3qa', '7K3QA-9', '7k3qa-9mx2tp'])('%s is enough', async (id) => {
    const { dataDir, received } = await world();
    expect((await run(['ack', id, '-d', dataDir])).exitCode).toBe(0);
    expect(received.at(-1)?.url).toBe(`${path}/acknowledge`);
  });

  it('is refused when it names two', async () => {
    const { dataDir } = await world();
    expect(await run(['ack', '7k3q', '-d', dataDir])).toEqual({
      exitCode: 2,
      out: '',
      err: 'error: "7k3q" can mean 7k3qa-9mx2tpd, 7k3qz-0000000. Give more of the id.\n',
    });
  });

  it('is not found when it names none', async () => {
    const { dataDir } = await world();
    const { exitCode, err } = await run(['ack', 'zzz', '-d', dataDir]);
    expect(exitCode).toBe(3);
    expect(err).toContain('No incident has an id that begins with "zzz"');
  });

  it.each(['', ' '])('is not %j, as an unset variable of a script gives it', async (id) => {
    const { dataDir, received } = await fakeApi({
      'GET /v1/incidents': listOf(incident),
      [`POST ${path}/resolve`]: changed,
    });
    const { exitCode, err } = await run(['resolve', id, '-d', dataDir]);
    expect(exitCode).toBe(2);
    expect(err).toMatch(/^error: The id is empty/);
    expect(received).toEqual([]);
  });
});
