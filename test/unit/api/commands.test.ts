import { describe, expect, it } from 'vitest';
import { personOfArn } from '../../../lib/codec/caller.ts';
import { minutes } from '../../../lib/domain/shared/time.ts';
import { ada, checkoutDown, createWorld, jsonOf, type World } from './world.ts';

async function post(world: World, path: string, body?: string) {
  const ask = { method: 'POST', url: `/v1/incidents/${path}`, as: ada };
  const response = await world.ask(body === undefined ? ask : { ...ask, body });
  return { status: response.statusCode, answer: jsonOf(response) };
}

async function timelineTexts(world: World, id: string): Promise<readonly string[]> {
  const answer = jsonOf(await world.ask({ url: `/v1/incidents/${id}/timeline`, as: ada }));
  return (answer['entries'] as readonly { readonly text: string }[]).map(({ text }) => text);
}

describe('acknowledge and resolve', () => {
  it('act in the name of the verified caller, with the note in the timeline', async () => {
    const world = createWorld();
    const { id } = await world.raise(checkoutDown);
    await world.clock.advance(minutes(2));

    const acked = await post(world, `${id}/acknowledge`, '{"note":" on it "}');

    expect(acked).toMatchObject({
      status: 200,
      answer: {
        changed: true,
        incident: {
          state: 'acknowledged',
          acknowledged: {
            at: '2026-05-12T03:06:05.000Z',
            by: { kind: 'person', via: 'api', id: ada, name: 'ada' },
          },
          sla: { response: { state: 'met', elapsedMs: 120_000 } },
        },
      },
    });
    const resolved = await post(world, `${id}/resolve`, '{"note":"rolled back"}');
    expect(resolved.answer).toMatchObject({
      changed: true,
      incident: { state: 'resolved', resolved: { cause: 'person', by: { name: 'ada' } } },
    });
    const texts = await timelineTexts(world, id);
    expect(texts).toEqual(
      expect.arrayContaining(['Acknowledged by ada (api)', 'Note by ada (api): on it']),
    );
  });

  it.each(['acknowledge', 'resolve'])('may be repeated: %s again changes nothing', async (verb) => {
    const world = createWorld();
    const { id } = await world.raise(checkoutDown);
    const { answer: first } = await post(world, `${id}/${verb}`);

    const { status, answer } = await post(world, `${id}/${verb}`, '{"note":"again"}');

    expect(status).toBe(200);
    expect(answer).toMatchObject({ changed: false, incident: first['incident'] });
    expect(answer['message']).toContain(verb === 'resolve' ? 'already resolved' : 'by ada (api)');
  });

  it('refuse what the state does not allow, and say what would', async () => {
    const world = createWorld();
    const { id } = await world.raise(checkoutDown);
    await post(world, `${id}/resolve`);

    const { status, answer } = await post(world, `${id}/acknowledge`);

    expect([status, answer['error']]).toEqual([
      409,
      { kind: 'refused', message: 'The incident is resolved; reopen it first.' },
    ]);
  });

  it('find only incidents of the tenant that is named', async () => {
    const world = createWorld();
    const { id } = await world.raise(checkoutDown);

    expect((await post(world, `${id}/resolve?tenant=other`)).status).toBe(404);
    expect((await post(world, 'aaaaa-bbbbbbb/resolve')).status).toBe(404);
    expect(await world.app.store.loadIncident('default', id)).toMatchObject({
      value: { state: 'triggered' },
    });
  });

  it('need a verified caller', async () => {
    const world = createWorld();
    const { id } = await world.raise(checkoutDown);

    const url = `/v1/incidents/${id}/resolve`;
    const response = await world.ask({
      method: 'POST',
      url,
      headers: { authorization: 'Bearer x' },
    });

    expect(response.statusCode).toBe(401);
  });

  it('are logged with who asked and how it ended', async () => {
    const world = createWorld();
    const { id } = await world.raise(checkoutDown);
    await post(world, `${id}/acknowledge`);
    await post(world, `${id}/acknowledge`);
    await post(world, 'aaaaa-bbbbbbb/resolve');

    const asked = world.log
      .lines()
      .map(({ level, fields }) => [level, fields['who'], fields['outcome']]);

    expect(asked).toEqual([
      ['info', ada, 'done'],
      ['info', ada, 'already'],
      ['warn', ada, undefined],
    ]);
  });
});

describe('a body', () => {
  it.each([
    ['{"severity":"P2"}', '"severity"'],
    [
      '{"note":"x","by":"grace","tenant":"other","policyVersion":"1"}',
      '"by", "tenant", "policyVersion"',
    ],
    ['{"__proto__":{"note":"x"}}', '"__proto__"'],
  ])('that holds more than a note is refused: %s', async (body, names) => {
    const world = createWorld();
    const { id } = await world.raise(checkoutDown);
    const before = await world.app.store.loadIncident('default', id);

    const { status, answer } = await post(world, `${id}/acknowledge`, body);

    expect([status, answer['error']]).toEqual([
      400,
      {
        kind: 'bad_request',
        message: `The body may not hold ${names}: it decides nothing but the note.`,
        allowed: ['note'],
      },
    ]);
    expect(await world.app.store.loadIncident('default', id)).toEqual(before);
  });

  it.each([
    ['{"note":1}', 'note is a number; it must be a text.'],
    ['[]', 'The body is a list, not an object.'],
    ['{"note":', 'not valid JSON'],
    [
      JSON.stringify({ note: 'x'.repeat(2001) }),
      'note has 2001 characters; at most 2000 are kept.',
    ],
    [JSON.stringify({ note: 'x'.repeat(40_000) }), 'at most 32768 are read'],
  ])('that is no note is refused (case %#)', async (body, message) => {
    const world = createWorld();
    const { id } = await world.raise(checkoutDown);

    const { status, answer } = await post(world, `${id}/resolve`, body);

    expect(status).toBe(400);
    expect(JSON.stringify(answer['error'])).toContain(message);
  });

  it.each([[''], ['{}'], ['{"note":null}'], [JSON.stringify({ note: '😀'.repeat(1000) })]])(
    'may say nothing, or as much as is kept (case %#)',
    async (body) => {
      const world = createWorld();
      const { id } = await world.raise(checkoutDown);

      const { status } = await post(world, `${id}/resolve`, body);

      expect(status).toBe(200);
    },
  );
});

describe('personOfArn', () => {
  it.each([
    ['arn:aws:iam::111122223333:user/ada', 'ada'],
    ['arn:aws:iam::111122223333:user/oncall/eu/ada', 'ada'],
    ['arn:aws:sts::111122223333:assumed-role/OnCall/ada@example.com', 'ada@example.com'],
    ['arn:aws-us-gov:iam::111122223333:root', 'root'],
    ['arn:aws:iam::111122223333:user/', null],
    ['arn:aws:iam::111122223333:user/a b', null],
    ['ada', null],
    [null, null],
  ])('reads %s as %s', (arn, name) => {
    expect(personOfArn(arn)?.name ?? null).toBe(name);
  });
});
