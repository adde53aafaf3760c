import { Agent, request } from 'node:http';

/** Posts JSON over kept connections. */
export interface Poster {
  /** Resolves with the status when the answer is complete. */
  readonly post: (body: string) => Promise<number>;
  /** Posts every body, so many in flight; gives the seconds until the last answer. */
  readonly storm: (bodies: readonly string[]) => Promise<StormResult>;
  readonly close: () => void;
}

export interface StormResult {
  readonly seconds: number;
  /** Answers other than 2xx. */
  readonly refused: number;
}

const IN_FLIGHT = 32;

export interface PosterRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function createPoster({ url, headers = {} }: PosterRequest): Poster {
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT });
  const post = async (body: string): Promise<number> =>
    await new Promise((resolve, reject) => {
      const outgoing = request(url, {
        agent,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          ...headers,
        },
      });
      outgoing.on('error', (error) => {
        // The server let an idle connection go just as it was used again: nobody has read a word.
        if (outgoing.reusedSocket && isReset(error)) resolve(post(body));
        else reject(error);
      });
      outgoing.on('response', (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0));
      });
      outgoing.end(body);
    });
  return {
    post,
    storm: async (bodies) => {
      let next = 0;
      let refused = 0;
      const lane = async (): Promise<void> => {
        for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
          const status = await post(body);
          if (status < 200 || status > 299) refused += 1;
        }
      };
      const fromMs = performance.now();
      await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
      return { seconds: (performance.now() - fromMs) / 1000, refused };
    },
    close: () => agent.destroy(),
  };
}

const isReset = (error: Error): boolean => 'code' in error && error.code === 'ECONNRESET';
