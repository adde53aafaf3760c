import type { JsonObject } from '../../../../domain/shared/json.ts';
import {
  countAt,
  nameOf,
  textAt,
  textsAt,
  valueAt,
  withValue,
  type KubeObject,
} from '../fields.ts';

/** The `scale` subresource of a workload: `autoscaling/v1`, whatever its kind. */
export function scaleOf(object: KubeObject): JsonObject {
  const labels = Object.entries(textsAt(object, 'spec', 'selector', 'matchLabels'));
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      name: nameOf(object),
      namespace: textAt(object, 'metadata', 'namespace'),
      uid: textAt(object, 'metadata', 'uid'),
      resourceVersion: textAt(object, 'metadata', 'resourceVersion'),
      creationTimestamp: textAt(object, 'metadata', 'creationTimestamp'),
    },
    spec: { replicas: countAt(object, 'spec', 'replicas') },
    status: {
      replicas: countAt(object, 'status', 'replicas'),
      selector: labels.map(([key, value]) => `${key}=${value}`).join(','),
    },
  };
}

/** The workload with the replicas of a Scale, and with its precondition. */
export function withScale(object: KubeObject, scale: JsonObject): KubeObject {
  const replicas = valueAt(scale, 'spec', 'replicas') ?? 0;
  const version = textAt(scale, 'metadata', 'resourceVersion');
  return withValue(
    withValue(object, ['spec', 'replicas'], replicas),
    ['metadata', 'resourceVersion'],
    version,
  );
}
