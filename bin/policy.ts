import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StageName } from '../lib/infra/stage.ts';

const POLICIES = fileURLToPath(new URL('../policy', import.meta.url));

/** The policy of a stage, absolute: `policy/<stage>.yaml` or, failing that, `policy/tocsin.yaml`. */
export function findPolicy(stage: StageName): string {
  const own = join(POLICIES, `${stage}.yaml`);
  return existsSync(own) ? own : join(POLICIES, 'tocsin.yaml');
}
