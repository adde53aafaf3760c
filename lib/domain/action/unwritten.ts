import { epochMs } from '../shared/time.ts';
import type { Halt, Lease, RecentStarts } from './rows.ts';

/** A target that nobody has ever taken. */
export const freeLease = (tenant: string, name: string): Lease => ({
  tenant,
  name,
  version: 0,
  fence: 0,
  holder: null,
  lock: null,
});

/** The kill switch of a tenant that never used it. */
export const neverHalted = (tenant: string): Halt => ({
  tenant,
  version: 0,
  isOn: false,
  by: '',
  reason: '',
  atMs: epochMs(0),
});

/** A tenant that never started anything. */
export const noStarts = (tenant: string): RecentStarts => ({ tenant, version: 0, starts: [] });
