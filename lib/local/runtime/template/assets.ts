import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { isJsonObject, parseJson, type JsonObject } from '../../shared/json.ts';
import { TemplateError } from './model.ts';
import type { RawResource, ResourceReader } from './resources.ts';

/** Finds the directory of a function's bundle. */
export type FindBundle = (resource: RawResource, reader: ResourceReader) => string;

/**
 * Looks for bundles in a CDK assembly the way CDK itself records them: by the asset path in the
 * resource's metadata, else by the object key in the asset manifests, else by the asset's hash.
 */
export function createBundleFinder(assemblyDir: string): FindBundle {
  const sources = manifestSources(assemblyDir);
  return (resource, reader) => {
    const metadataPath = resource.metadata['aws:asset:path'];
    const key = objectKey(resource, reader);
    const candidates = [
      typeof metadataPath === 'string' ? metadataPath : undefined,
      sources.get(key),
      `asset.${key.replace(/\.zip$/, '')}`,
    ];
    for (const candidate of candidates) {
      const directory = candidate === undefined ? undefined : absolute(assemblyDir, candidate);
      if (directory !== undefined && isDirectory(directory)) return directory;
    }
    throw new TemplateError(
      `The bundle of ${resource.logicalId} (asset ${key}) is not in ${assemblyDir}. Synthesize the assembly again.`,
    );
  };
}

function objectKey(resource: RawResource, reader: ResourceReader): string {
  const code = reader.property(resource, 'Code');
  const key = isJsonObject(code) ? code['S3Key'] : undefined;
  if (typeof key === 'string') return key;
  throw new TemplateError(
    `${resource.logicalId} has code that is no asset; this runtime runs bundled directories only.`,
  );
}

/** Object key in the assets bucket to source path, from every `*.assets.json`. */
function manifestSources(assemblyDir: string): ReadonlyMap<string, string> {
  return new Map(
    readdirSync(assemblyDir)
      .filter((name) => name.endsWith('.assets.json'))
      .map((name) => parseJson(readFileSync(join(assemblyDir, name), 'utf8')))
      .flatMap((manifest) => valuesOf(isJsonObject(manifest) ? manifest['files'] : undefined))
      .flatMap(sourcesByKey),
  );
}

function sourcesByKey(asset: JsonObject): readonly (readonly [string, string])[] {
  const path = isJsonObject(asset['source']) ? asset['source']['path'] : undefined;
  if (typeof path !== 'string') return [];
  return valuesOf(asset['destinations']).map(
    (destination) => [String(destination['objectKey']), path] as const,
  );
}

function valuesOf(value: unknown): readonly JsonObject[] {
  return isJsonObject(value) ? Object.values(value).filter(isJsonObject) : [];
}

function absolute(assemblyDir: string, path: string): string {
  return isAbsolute(path) ? path : resolve(assemblyDir, path);
}

function isDirectory(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}
