import { randomBytes } from 'node:crypto';
import type { Rng } from '../../ports/system.ts';

/** 48 random bits as a number in [0, 1), from the platform's own generator. */
export const systemRng: Rng = () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48;
