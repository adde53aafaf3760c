import type { JsonObject } from '../../../../domain/shared/json.ts';
import { objectAt, type KubeObject } from '../fields.ts';
import type { Kind } from '../store/kinds.ts';
import { columnsOf } from './columns.ts';

export interface TableRequest {
  readonly kind: Kind;
  readonly objects: readonly KubeObject[];
  readonly metadata: JsonObject;
  readonly nowMs: number;
  /** `includeObject`: the whole object in each row, or its metadata. */
  readonly isWhole: boolean;
}

/** What `kubectl get` prints: the server decides on the columns. */
export function table({ kind, objects, metadata, nowMs, isWhole }: TableRequest): JsonObject {
  const columns = columnsOf(kind.kind);
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: columns.map(({ name, isWide }) => ({
      name,
      type: 'string',
      format: name === 'Name' ? 'name' : '',
      description: '',
      priority: isWide ? 1 : 0,
    })),
    rows: objects.map((object) => ({
      cells: columns.map(({ cell }) => cell(object, nowMs)),
      object: isWhole ? object : partial(object),
    })),
  };
}

const partial = (object: KubeObject): JsonObject => ({
  kind: 'PartialObjectMetadata',
  apiVersion: 'meta.k8s.io/v1',
  metadata: objectAt(object, 'metadata'),
});

/** Whether the client would rather have a table. */
export const wantsTable = (accept: string): boolean =>
  accept.split(',').some((type) => /;\s*as=Table/i.test(type) && /;\s*v=v1(\s*;|\s*$)/i.test(type));
