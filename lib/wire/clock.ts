import type { ClockDeps } from '../app/run-clock.ts';
import { wireBlobs } from './blobs.ts';
import { wirePaging } from './paging.ts';

/** The function that acts on what is due. */
export function wireClock(variables = process.env): ClockDeps {
  const paging = wirePaging(variables);
  return { ...paging, blobs: wireBlobs(variables, paging.log) };
}
