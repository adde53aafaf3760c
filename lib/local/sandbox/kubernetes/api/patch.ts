import { applyJsonPatch, readJsonPatch } from '../../../../domain/kubernetes/json-patch.ts';
import type { Json } from '../../../../domain/shared/json.ts';
import { err, ok, type Result } from '../../../../domain/shared/result.ts';
import { isObject, type KubeObject } from '../fields.ts';
import type { Kind } from '../store/kinds.ts';
import { mergePatch } from './merge-patch.ts';
import { badRequest, patchFailed, type Refusal } from './refusal.ts';
import { strategicMerge } from './strategic-merge.ts';

const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';

/**
 * What a kind takes. Server-side apply is not served: who owns which field is more than this cluster
 * keeps.
 */
export const patchTypes = (kind: Kind): readonly string[] => [
  JSON_PATCH,
  MERGE_PATCH,
  ...(kind.isCustom ? [] : [STRATEGIC]),
];

/** The object as the patch would have it. Its media type alone says which kind of patch it is. */
export function patched(
  before: KubeObject,
  patch: { readonly mediaType: string; readonly body: Json },
): Result<KubeObject, Refusal> {
  const { mediaType, body } = patch;
  if (mediaType === JSON_PATCH) return jsonPatched(before, body);
  if (!isObject(body)) return err(badRequest('the patch is not a JSON object'));
  return ok(mediaType === MERGE_PATCH ? mergePatch(before, body) : strategicMerge(before, body));
}

/** The API server's own limit. */
const MAX_OPERATIONS = 10_000;

function jsonPatched(before: KubeObject, body: Json): Result<KubeObject, Refusal> {
  const operations = readJsonPatch(body);
  if (!operations.ok) return err(badRequest(operations.error.message));
  if (operations.value.length > MAX_OPERATIONS) {
    return err({
      code: 413,
      reason: 'RequestEntityTooLarge',
      message: `The allowed maximum operations in a JSON patch is ${String(MAX_OPERATIONS)}, got ${String(operations.value.length)}`,
    });
  }
  const applied = applyJsonPatch(before, operations.value);
  return applied.ok && isObject(applied.value) ? ok(applied.value) : err(patchFailed);
}
