import type { ExportDeps } from '../app/export-postmortem.ts';
import type { Log } from '../ports/system.ts';
import { wireBlobs } from './blobs.ts';
import { wireCore } from './core.ts';

/** The function that writes post-mortems. */
export function wirePostmortem(variables = process.env): ExportDeps & { readonly log: Log } {
  const { store, log } = wireCore(variables);
  return { store, blobs: wireBlobs(variables, log), log };
}
