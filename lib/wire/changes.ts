import { createDynamoDbChanges } from '../adapters/dynamodb/changes.ts';
import type { ReceiveChangesDeps } from '../app/changes/deps.ts';
import { verifyChangeCredential } from '../codec/changes/credentials.ts';
import { decodeChanges } from '../codec/changes/decode.ts';
import { wireBlobs } from './blobs.ts';
import { wireCore } from './core.ts';
import { wireSecrets } from './secrets.ts';

/** The function that takes what change feeds tell. */
export function wireChanges(variables = process.env): ReceiveChangesDeps {
  const core = wireCore(variables);
  return {
    ...core,
    secrets: wireSecrets(variables, core.log),
    blobs: wireBlobs(variables, core.log),
    changes: createDynamoDbChanges(core.table),
    verifyChange: verifyChangeCredential,
    decodeChanges,
  };
}
