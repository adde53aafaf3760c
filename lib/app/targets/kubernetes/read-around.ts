import type { KubeRef } from '../../../domain/action/plan.ts';
import { textAt } from '../../../domain/kubernetes/read.ts';
import { ofKind } from '../../../domain/kubernetes/refs.ts';
import type { JsonObject } from '../../../domain/shared/json.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { Cluster, ClusterResult } from '../../../ports/cluster.ts';

/** All of a kind. Items of a list do not name their kind: it is put back. */
export async function listOf(
  cluster: Cluster,
  of: Omit<KubeRef, 'name'>,
  selector: string,
): ClusterResult<readonly JsonObject[]> {
  const found = await cluster.list(of, selector);
  const { apiVersion, kind } = of;
  return found.ok ? ok(found.value.map((item) => ({ ...item, apiVersion, kind }))) : found;
}

/** What scales a workload, or null. A cluster without that API has no autoscalers. */
export async function findAutoscaler(
  cluster: Cluster,
  { kind, name, namespace }: KubeRef,
): ClusterResult<JsonObject | null> {
  const found = await listOf(cluster, ofKind('HorizontalPodAutoscaler', namespace), '');
  if (!found.ok) return found.error.kind === 'not_found' ? ok(null) : err(found.error);
  const scales = (autoscaler: JsonObject): boolean =>
    textAt(autoscaler, ['spec', 'scaleTargetRef', 'kind']) === kind &&
    textAt(autoscaler, ['spec', 'scaleTargetRef', 'name']) === name;
  return ok(found.value.find(scales) ?? null);
}
