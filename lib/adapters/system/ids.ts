import { randomUUID } from 'node:crypto';
import type { Ids } from '../../ports/system.ts';

export const systemIds: Ids = () => randomUUID();
