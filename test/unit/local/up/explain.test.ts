import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { explainStart } from '../../../../lib/local/up/explain.ts';
import { StartProblem } from '../../../../lib/local/up/start-problem.ts';

const codeError = (code: string, message: string): Error =>
  Object.assign(new Error(message), { code });

describe('what ended a start', () => {
  it('is a taken port: who has it, and what to type', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    // A TCP server's address is an object.
    const { port } = server.address() as AddressInfo;
    const text = explainStart(codeError('EADDRINUSE', 'in use'), { port });
    server.close();
    const who = process.platform === 'linux' ? `\\S.* \\(process ${process.pid}\\)` : '.+';
    expect(text).toMatch(
      new RegExp(
        `^Port ${port} of 127\\.0\\.0\\.1 is taken by ${who}\\. Stop that program, or choose ` +
          `another port:\\n  TOCSIN_PORT=\\d+ npm start$`,
      ),
    );
  });

  it('never proposes a port that there is not', () => {
    const text = explainStart(codeError('EADDRINUSE', 'in use'), { port: 65_535 });
    expect(text).toContain('TOCSIN_PORT=65534 npm start');
  });

  it.each([
    [new StartProblem('Why, and what to do.'), /^Why, and what to do\.$/],
    [codeError('EACCES', 'permission denied'), /^Port 80, or a file of .* \(TOCSIN_PORT\)/],
    [new Error('boom'), /^Tocsin did not start: boom$/],
    ['boom', /^Tocsin did not start: boom$/],
  ])('is told in one paragraph: %s', (error, text) => {
    expect(explainStart(error, { port: 80 })).toMatch(text);
  });
});
