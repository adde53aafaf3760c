import { request } from 'node:http';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';

/** One POST to the pager without any package: the least that a page can cost. */
export const handler = async (event: object): Promise<object> => {
  const url = `${process.env['PAGERDUTY_EVENTS_URL'] ?? ''}/v2/enqueue`;
  const outgoing = request(url, { method: 'POST' }).end(JSON.stringify(event));
  // A client request gives its response alone.
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  await once(response.resume(), 'end');
  return { statusCode: response.statusCode };
};
