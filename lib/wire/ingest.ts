import { rememberDeliveries } from '../adapters/dynamodb/known-deliveries.ts';
import type { ReceiveDeps } from '../app/receive-alerts.ts';
import type { PagingDeps } from '../app/deps.ts';
import { decodeAlertmanager } from '../codec/alertmanager.ts';
import { decodeCloudMonitoring } from '../codec/cloud-monitoring.ts';
import { verifyIntakeCredential } from '../codec/credentials.ts';
import { deliveryDigest } from '../codec/set-digest.ts';
import { err } from '../domain/shared/result.ts';
import type { FallbackPager } from '../ports/pager.ts';
import { wireBlobs } from './blobs.ts';
import { wireCore } from './core.ts';
import { wireConsoleUrl } from './links.ts';
import { foreseePages, wirePager, type PagesSoon } from './pager.ts';
import { wireSecrets } from './secrets.ts';

/** Ingest only pages the primary; the second channel is the stream's and the clock's. */
const leftToOthers: FallbackPager = {
  send: () =>
    Promise.resolve(
      err({ kind: 'unavailable', message: 'The second channel is not this function’s to send.' }),
    ),
};

/** The function that takes the deliveries of alert sources. */
export function wireIngest(variables = process.env): ReceiveDeps & PagingDeps & PagesSoon {
  const core = wireCore(variables);
  const secrets = wireSecrets(variables, core.log);
  return {
    ...core,
    ...foreseePages(secrets),
    store: rememberDeliveries(core.store),
    secrets,
    blobs: wireBlobs(variables, core.log),
    pager: wirePager(variables, secrets, core.log),
    fallback: leftToOthers,
    consoleUrl: wireConsoleUrl(variables, secrets, core.clock),
    verify: verifyIntakeCredential,
    decoders: {
      alertmanager: (body) => decodeAlertmanager(body),
      'cloud-monitoring': (body) => decodeCloudMonitoring(body),
    },
    setDigest: (delivery) => deliveryDigest(delivery, core.hashing.digest),
  };
}
