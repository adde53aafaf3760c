import { join } from 'node:path';
import type { Image } from '../../../lib/codec/table/attributes.ts';
import { decodeCommitImage } from '../../../lib/codec/table/commit-item.ts';
import { decodeDueImage, type StoredDue } from '../../../lib/codec/table/due-item.ts';
import { readPayload } from '../../../lib/codec/table/payload.ts';
import type { Commit } from '../../../lib/domain/incident/event.ts';
import type { Result } from '../../../lib/domain/shared/result.ts';
import { openSqlite } from '../../../lib/local/shared/sqlite.ts';
import type { KnownDelivery, Receipt } from '../../../lib/ports/store.ts';

/** What lies in the table of a data directory, read past the product: from the database's file. */
export interface TableContent {
  readonly deliveries: readonly KnownDelivery[];
  readonly receipts: readonly Receipt[];
  /** Oldest first within an incident. */
  readonly commits: readonly Commit[];
  readonly due: readonly StoredDue[];
}

/** Reads all of it, also beside a running database; only for tables of a test's size. */
export function readTable(dataDir: string): TableContent {
  const images = readImages(join(dataDir, 'dynamodb', 'dynamodb.sqlite'));
  const ofKind = (kind: string): readonly Image[] =>
    images.filter((image) => image['kind']?.S === kind);
  return {
    // The adapter wrote these, and its contract tests hold their shapes.
    deliveries: ofKind('delivery').map((image) => value(readPayload(image)) as KnownDelivery),
    receipts: ofKind('receipt').map((image) => value(readPayload(image)) as Receipt),
    commits: ofKind('commit').map((image) => value(decodeCommitImage(image))),
    due: [...ofKind('timer'), ...ofKind('intent')].map((image) => value(decodeDueImage(image))),
  };
}

function readImages(databaseFile: string): readonly Image[] {
  const database = openSqlite(databaseFile, { timeoutMs: 5000 });
  try {
    const tables = database.prepare('SELECT table_name AS name FROM _tables').all();
    return tables.flatMap(({ name }) =>
      database
        .prepare(`SELECT item_json AS item FROM "${String(name)}" ORDER BY pk, sk`)
        .all()
        .map(({ item }) => JSON.parse(String(item)) as Image),
    );
  } finally {
    database.close();
  }
}

function value<T>(result: Result<T, { readonly reason: string }>): T {
  if (result.ok) return result.value;
  throw new Error(result.error.reason);
}
