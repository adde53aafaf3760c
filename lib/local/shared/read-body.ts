import type { IncomingMessage } from 'node:http';

/** The bytes of a body, or that it is larger than allowed, or that the client went away. */
export type BodyResult =
  | { readonly kind: 'ok'; readonly body: Buffer }
  | { readonly kind: 'too_large' }
  | { readonly kind: 'aborted' };

/**
 * Reads a body up to `maxBytes`. A body that announces more is not read at all; of one that turns out
 * to be more the rest is let go by, so memory is bounded either way and an answer can still be sent.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<BodyResult> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return { kind: 'too_large' };
  return await new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      resolve({ kind: 'too_large' });
    });
    request.on('end', () => {
      const [only] = chunks;
      resolve({
        kind: 'ok',
        body: chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks),
      });
    });
    // Comes after `end` too, when it changes nothing any more.
    request.on('close', () => {
      resolve({ kind: 'aborted' });
    });
  });
}
