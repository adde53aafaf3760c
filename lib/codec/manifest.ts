import { parseAllDocuments } from 'yaml';
import type { Json, JsonObject } from '../domain/shared/json.ts';

/**
 * The objects of a Kubernetes manifest, in order; empty documents are left out. The file is one of
 * our own, so one that cannot be read is our mistake, and throws.
 */
export function readManifests(text: string): readonly JsonObject[] {
  const documents = parseAllDocuments(text);
  if ('empty' in documents) return [];
  return documents
    .map((document) => {
      const [error] = document.errors;
      if (error !== undefined) throw error;
      // What YAML's JSON schema holds is JSON.
      return document.toJS() as Json;
    })
    .filter(
      (value): value is JsonObject =>
        typeof value === 'object' && value !== null && !Array.isArray(value),
    );
}
