import type { PagingDeps } from '../app/deps.ts';
import { wireCore } from './core.ts';
import { wireFallback } from './fallback.ts';
import { wireConsoleUrl } from './links.ts';
import { foreseePages, wirePager, type PagesSoon } from './pager.ts';
import { wirePagerRest } from './pager-rest.ts';
import { wireSecrets } from './secrets.ts';

/** The function that sends what the stream says is waiting. */
export function wirePaging(variables = process.env): PagingDeps & PagesSoon {
  const core = wireCore(variables);
  const secrets = wireSecrets(variables, core.log);
  return {
    ...core,
    ...foreseePages(secrets),
    pager: wirePager(variables, secrets, core.log),
    pagerRest: wirePagerRest(variables, secrets, core.log),
    fallback: wireFallback(variables),
    consoleUrl: wireConsoleUrl(variables, secrets, core.clock),
  };
}
