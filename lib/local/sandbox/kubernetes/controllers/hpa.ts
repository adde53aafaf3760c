import {
  countAt,
  instant,
  nameOf,
  namespaceOf,
  numberAt,
  textAt,
  uidOf,
  withValue,
  type KubeObject,
} from '../fields.ts';
import { KINDS } from '../store/kinds.ts';
import {
  conditionOf,
  dated,
  HPA,
  withStatus,
  type Condition,
  type Controller,
  type World,
} from './world.ts';

/** Kubernetes' own period. */
const PERIOD_MS = 15_000;

/**
 * Keeps workloads between their bounds, every 15 s. There are no metrics here, so within them it
 * leaves the number alone, as a real one does when its metrics are steady.
 */
export function createAutoscaler(): Controller {
  const lastMs = new Map<string, number>();
  return (world) => {
    for (const hpa of world.store.list(HPA)) {
      const dueAtMs = (lastMs.get(uidOf(hpa)) ?? world.nowMs - PERIOD_MS) + PERIOD_MS;
      if (dueAtMs <= world.nowMs) {
        lastMs.set(uidOf(hpa), world.nowMs);
        sync(world, hpa);
      }
      world.wakeAt(Math.max(dueAtMs, world.nowMs + PERIOD_MS));
    }
  };
}

function sync(world: World, hpa: KubeObject): void {
  const { store, nowMs } = world;
  const kindName = textAt(hpa, 'spec', 'scaleTargetRef', 'kind');
  const kind = KINDS.find((one) => one.kind === kindName && one.subresources.includes('scale'));
  const name = textAt(hpa, 'spec', 'scaleTargetRef', 'name');
  const target = kind === undefined ? undefined : store.get(kind, namespaceOf(hpa), name);
  if (kind === undefined || target === undefined) {
    const message = `the HPA controller was unable to get the target's current scale: ${kindName} "${name}" not found`;
    put(world, hpa, { conditions: [unable(message)] });
    return;
  }
  const current = countAt(target, 'spec', 'replicas');
  const wanted = desired(hpa, current);
  if (wanted.replicas !== current) {
    store.replace(kind, withValue(target, ['spec', 'replicas'], wanted.replicas));
    world.note({
      about: hpa,
      type: 'Normal',
      reason: 'SuccessfulRescale',
      message: `New size: ${String(wanted.replicas)}; reason: ${wanted.why}`,
      by: 'horizontal-pod-autoscaler',
    });
  }
  put(world, hpa, {
    replicas: { current: countAt(target, 'status', 'replicas'), desired: wanted.replicas },
    conditions: conditionsOf(wanted, nameOf(target)),
    ...(wanted.replicas === current ? {} : { scaledAtMs: nowMs }),
  });
}

interface Wanted {
  readonly replicas: number;
  readonly why: string;
  readonly isDisabled: boolean;
}

/** In the order of the real one: disabled, above the most, below the least, else as it is. */
function desired(hpa: KubeObject, current: number): Wanted {
  const least = numberAt(hpa, 'spec', 'minReplicas') ?? 1;
  const most = countAt(hpa, 'spec', 'maxReplicas');
  if (current === 0 && least !== 0) return { replicas: 0, why: '', isDisabled: true };
  if (current > most) {
    return {
      replicas: most,
      why: 'Current number of replicas above Spec.MaxReplicas',
      isDisabled: false,
    };
  }
  if (current < least) {
    return {
      replicas: least,
      why: 'Current number of replicas below Spec.MinReplicas',
      isDisabled: false,
    };
  }
  return { replicas: current, why: '', isDisabled: false };
}

const unable = (message: string): Condition => ({
  type: 'AbleToScale',
  status: 'False',
  reason: 'FailedGetScale',
  message,
});

const conditionsOf = ({ isDisabled }: Wanted, name: string): readonly Condition[] => [
  {
    type: 'AbleToScale',
    status: 'True',
    reason: 'ReadyForNewScale',
    message: `recommended size matches current size of ${name}`,
  },
  isDisabled
    ? {
        type: 'ScalingActive',
        status: 'False',
        reason: 'ScalingDisabled',
        message: 'scaling is disabled since the replica count of the target is zero',
      }
    : {
        type: 'ScalingActive',
        status: 'True',
        reason: 'ValidMetricFound',
        message: 'the HPA was able to successfully calculate a replica count',
      },
];

interface Told {
  readonly replicas?: { readonly current: number; readonly desired: number };
  readonly conditions: readonly Condition[];
  readonly scaledAtMs?: number;
}

function put({ store, nowMs }: World, hpa: KubeObject, told: Told): void {
  const { replicas, conditions, scaledAtMs } = told;
  const last =
    scaledAtMs === undefined ? textAt(hpa, 'status', 'lastScaleTime') : instant(scaledAtMs);
  store.replace(
    HPA,
    withStatus(hpa, {
      currentReplicas: replicas?.current ?? 0,
      desiredReplicas: replicas?.desired ?? 0,
      ...(last === '' ? {} : { lastScaleTime: last }),
      conditions: conditions.map((condition) =>
        dated(condition, conditionOf(hpa, condition.type), nowMs),
      ),
    }),
  );
}
