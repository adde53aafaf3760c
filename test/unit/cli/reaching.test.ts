import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeConnection } from '../../../lib/codec/local-connection.ts';
import { fakeApi, run, status, temporaryFolder, type Answer } from './run-cli.ts';

const listFrom = (dataDir: string) => run(['incidents', '--data', dataDir]);
const answered = async (answer: Answer) =>
  listFrom((await fakeApi({ 'GET /v1/incidents': answer })).dataDir);

describe('no answer', () => {
  it('exits 5 and asks whether Tocsin is running', async () => {
    const dataDir = temporaryFolder();
    // The discard port: nobody listens, and fetch is not kept from asking as at port 1.
    const connection = encodeConnection({ url: 'http://127.0.0.1:2', person: 'a', token: 't' });
    writeFileSync(join(dataDir, 'connection.json'), connection);
    const { exitCode, err } = await listFrom(dataDir);
    expect(exitCode).toBe(5);
    expect(err).toMatch(/^error: Tocsin cannot be reached at http:\/\/127\.0\.0\.1:2 \(.+\)\. /);
    expect(err).toContain('Is it running? `npm start` starts it.');
  });

  it('exits 5 when it ends in the middle', async () => {
    const { exitCode, err } = await answered((response) => {
      response.setHeader('content-length', '1000');
      response.write('{"tenant"', () => response.destroy());
    });
    expect(exitCode).toBe(5);
    expect(err).toMatch(/^error: Tocsin cannot be reached/);
  });

  it('exits 5 rather than follow a redirect with the token', async () => {
    const { exitCode } = await answered((response) => {
      response.writeHead(302, { location: 'http://127.0.0.1:2/' }).end();
    });
    expect(exitCode).toBe(5);
  });

  it('exits 5 where no Tocsin has run', async () => {
    const { exitCode, err } = await run(['incidents', '--data', 'nowhere']);
    expect(exitCode).toBe(5);
    expect(err).toContain('No Tocsin has run with the data directory nowhere.');
  });

  it.each(['', '{', '[]', '{"url":1}', '{"url":"http://x","person":"a"}'])(
    'exits 1 when connection.json is damaged: %j',
    async (text) => {
      const dataDir = temporaryFolder();
      writeFileSync(join(dataDir, 'connection.json'), text);
      const { exitCode, err } = await listFrom(dataDir);
      expect(exitCode).toBe(1);
      expect(err).toMatch(/connection\.json is damaged\. Start Tocsin again/);
    },
  );
});

describe('an answer that is not 200', () => {
  const error = (message: string) => ({ error: { kind: 'any', message } });
  it.each([
    [400, error('limit is 0; 1 to 100 is allowed.'), 1, 'limit is 0; 1 to 100 is allowed.'],
    [401, { message: 'Unauthorized' }, 4, 'Unauthorized'],
    [403, { message: 'Forbidden' }, 4, 'Forbidden'],
    [404, error('There is no such incident.'), 3, 'There is no such incident.'],
    [409, error('It is resolved.'), 4, 'It is resolved.'],
    [503, error('Come again.'), 1, 'Come again.'],
    [502, '<html>', 1, '/v1/incidents was answered with 502: <html>'],
    [500, '[1]', 1, '/v1/incidents was answered with 500: [1]'],
    [500, 'null', 1, '/v1/incidents was answered with 500: null'],
  ])('%i %j exits %i', async (code, body, exitCode, message) => {
    expect(await answered(status(code, body))).toEqual({
      exitCode,
      out: '',
      err: `error: ${message}\n`,
    });
  });

  it.each([{ error: { message: 'bad \u001b[2J' } }, 'bad \u001b[2J'])(
    'cannot steer the terminal: %j',
    async (body) => {
      const { err } = await answered(status(500, body));
      expect(err).toContain('bad \\u{1b}[2J');
      expect(err).not.toContain('\u001b');
    },
  );
});

it.each(['', 'hello', '[]', 'null'])('an answer that is no object (%j) exits 1', async (body) => {
  const { exitCode, err } = await answered(body);
  expect(exitCode).toBe(1);
  expect(err).toContain('The answer is not Tocsin’s');
});
