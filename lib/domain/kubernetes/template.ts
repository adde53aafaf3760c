import { canonicalJson, type Digest, type Json, type JsonObject } from '../shared/json.ts';
import { isList, isObject, objectAt, objectsAt, textAt } from './read.ts';

/** Labels that controllers add to the templates of their ReplicaSets. */
const hashLabels = ['pod-template-hash', 'rollouts-pod-template-hash'];

/**
 * A pod template as its author wrote it: without what controllers add to tell revisions apart, and
 * without the empty creation time that older servers write.
 */
export function bareTemplate(template: JsonObject): JsonObject {
  const metadata = objectAt(template, ['metadata']);
  const labels = objectAt(metadata, ['labels']);
  const isHashed = hashLabels.some((label) => Object.hasOwn(labels, label));
  if (!isHashed && metadata['creationTimestamp'] !== null) return template;
  const own = Object.entries(labels).filter(([label]) => !hashLabels.includes(label));
  const rest = Object.entries(metadata).filter(
    ([name, value]) => name !== 'creationTimestamp' || value !== null,
  );
  const bare = isHashed ? [...rest, ['labels', Object.fromEntries(own)] as const] : rest;
  return { ...template, metadata: Object.fromEntries(bare) };
}

/** Names a template: equal templates have equal hashes, wherever they were read. */
export const templateHash = (template: JsonObject, digest: Digest): string =>
  digest(canonicalJson(bareTemplate(template))).slice(0, 16);

export const templateOf = (workload: JsonObject): JsonObject =>
  objectAt(workload, ['spec', 'template']);

/** All images of a template in its order, those of init containers last. */
export const imagesOf = (template: JsonObject): readonly string[] =>
  ['containers', 'initContainers']
    .flatMap((list) => objectsAt(template, ['spec', list]))
    .map((container) => textAt(container, ['image']))
    .filter((image) => image !== '');

/** All names by which the change feed may know what a template runs. */
export function versionNames(template: JsonObject): readonly string[] {
  const label = textAt(template, ['metadata', 'labels', 'app.kubernetes.io/version']);
  const images = imagesOf(template).flatMap((image) => [
    image,
    /:([^/:@]+)(?:@|$)/.exec(image)?.[1] ?? '',
    image.split('@')[1] ?? '',
  ]);
  return [...new Set([...images, label])].filter((name) => name !== '');
}

/** For people: what a template runs. */
export const nameImages = (template: JsonObject): string =>
  imagesOf(template).join(', ') || 'no image';

/** A template with one annotation more; whatever else it holds stays. */
export function annotateTemplate(template: JsonObject, name: string, value: Json): JsonObject {
  const metadata = objectAt(template, ['metadata']);
  const annotations = { ...objectAt(metadata, ['annotations']), [name]: value };
  return { ...template, metadata: { ...metadata, annotations } };
}

/**
 * Whether one template is the other with fields filled in: defaults that the server adds to what
 * was stored by an older one. Another value, or one item more in a list, is more than that.
 */
export function isFilledIn(sent: Json, stored: Json | undefined): boolean {
  if (isList(sent)) {
    return (
      isList(stored) &&
      stored.length === sent.length &&
      sent.every((item, index) => isFilledIn(item, stored[index]))
    );
  }
  if (!isObject(sent)) return sent === stored || (sent === null && stored === undefined);
  if (!isObject(stored)) return false;
  return Object.entries(sent).every(([name, value]) =>
    isFilledIn(value, Object.hasOwn(stored, name) ? stored[name] : undefined),
  );
}
