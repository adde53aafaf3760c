import {
  listAt,
  objectAt,
  textAt,
  withValue,
  type KubeObject,
} from '../../../lib/local/sandbox/kubernetes/fields.ts';
import { conditionOf } from '../../../lib/local/sandbox/kubernetes/controllers/world.ts';

export { annotationOf, countAt } from '../../../lib/local/sandbox/kubernetes/fields.ts';
export { isReady } from '../../../lib/local/sandbox/kubernetes/controllers/world.ts';

export const reasonOf = (object: KubeObject, condition: string): string =>
  textAt(conditionOf(object, condition), 'reason');

export const withImage = (object: KubeObject, image: string): KubeObject => {
  const path = ['spec', 'template', 'spec', 'containers'];
  const [container] = listAt(object, ...path);
  return withValue(object, path, [{ ...objectAt(container), image }]);
};
