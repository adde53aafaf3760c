import { countAt, numberAt, textAt, type KubeObject } from '../fields.ts';
import { conditionOf } from '../controllers/world.ts';

/** How a workload is, in a word and a colour. */
export interface Health {
  readonly tone: 'good' | 'busy' | 'bad';
  readonly words: string;
}

export function healthOf(workload: KubeObject): Health {
  switch (textAt(workload, 'kind')) {
    case 'Deployment':
      return deployment(workload);
    case 'Rollout':
      return rollout(workload);
    case 'DaemonSet':
      return counted(workload, {
        wanted: countAt(workload, 'status', 'desiredNumberScheduled'),
        updated: countAt(workload, 'status', 'updatedNumberScheduled'),
        ready: countAt(workload, 'status', 'numberReady'),
      });
    default:
      return counted(workload, {
        wanted: countAt(workload, 'spec', 'replicas'),
        updated: countAt(workload, 'status', 'updatedReplicas'),
        ready: countAt(workload, 'status', 'readyReplicas'),
      });
  }
}

function deployment(workload: KubeObject): Health {
  const reason = textAt(conditionOf(workload, 'Progressing'), 'reason');
  if (reason === 'ProgressDeadlineExceeded') {
    return { tone: 'bad', words: 'The rollout is stuck: its deadline is over' };
  }
  if (reason === 'DeploymentPaused') return { tone: 'busy', words: 'Paused' };
  return counted(workload, {
    wanted: countAt(workload, 'spec', 'replicas'),
    updated: countAt(workload, 'status', 'updatedReplicas'),
    ready: countAt(workload, 'status', 'availableReplicas'),
  });
}

function rollout(workload: KubeObject): Health {
  const phase = textAt(workload, 'status', 'phase');
  const message = textAt(workload, 'status', 'message');
  const tones = new Map([
    ['Healthy', 'good'],
    ['Degraded', 'bad'],
  ] as const);
  const tone = [...tones].find(([name]) => name === phase)?.[1] ?? 'busy';
  return { tone, words: message === '' ? phase : `${phase}: ${message}` };
}

interface Counts {
  readonly wanted: number;
  readonly updated: number;
  readonly ready: number;
}

function counted(workload: KubeObject, { wanted, updated, ready }: Counts): Health {
  const isSeen =
    (numberAt(workload, 'metadata', 'generation') ?? 1) <=
    countAt(workload, 'status', 'observedGeneration');
  const words = `${String(ready)} of ${String(wanted)} ready`;
  if (!isSeen || updated < wanted) return { tone: 'busy', words: `Rolling out, ${words}` };
  return { tone: ready >= wanted ? 'good' : 'bad', words };
}
