import type { PagingDeps } from '../app/deps.ts';
import { wireCore } from './core.ts';
import { wireFallback } from './fallback.ts';
import { wireConsoleUrl } from './links.ts';
import { wirePager } from './pager.ts';
import { wireSecrets } from './secrets.ts';

/** The function that sends what the stream says is waiting. */
export function wirePaging(variables = process.env): PagingDeps {
  const core = wireCore(variables);
  const secrets = wireSecrets(variables, core.log);
  return {
    ...core,
    pager: wirePager(variables, secrets, core.log),
    fallback: wireFallback(variables),
    consoleUrl: wireConsoleUrl(variables, secrets, core.clock),
  };
}
