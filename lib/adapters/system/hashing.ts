import { createHash } from 'node:crypto';
import type { Hashing } from '../../ports/system.ts';

const sha256 = (data: string | Uint8Array): string =>
  createHash('sha256').update(data).digest('hex');

/** SHA-256 by node:crypto. */
export const systemHashing: Hashing = { digest: sha256, digestBytes: sha256 };
