import type { ActionVerb } from '../action/verb.ts';
import type { TargetPolicy, TargetPlace, WorkloadKind } from './action-policy.ts';

const ofWorkload: Readonly<Record<WorkloadKind, readonly ActionVerb[]>> = {
  Deployment: ['rollback', 'scale', 'restart', 'pause', 'resume'],
  StatefulSet: ['rollback', 'scale', 'restart'],
  DaemonSet: ['rollback', 'restart'],
  Rollout: ['rollback', 'scale', 'restart', 'pause', 'resume', 'abort', 'retry', 'promote'],
};

function ofPlace(place: TargetPlace): readonly ActionVerb[] {
  switch (place.kind) {
    case 'workload':
      return ofWorkload[place.workload];
    case 'service':
      return ['switch'];
    case 'http-route':
      return ['shift'];
    case 'argocd':
      return ['rollback', 'pause', 'resume'];
  }
}

/** What can be done to a target at all; `revert` needs to know where its state is kept. */
export const verbsFor = ({ on, git }: Pick<TargetPolicy, 'on' | 'git'>): readonly ActionVerb[] =>
  git === null ? ofPlace(on) : [...ofPlace(on), 'revert'];

const parameters: Readonly<Record<ActionVerb, readonly string[]>> = {
  rollback: ['to'],
  scale: ['replicas', 'by'],
  restart: [],
  pause: [],
  resume: [],
  abort: [],
  retry: [],
  promote: [],
  switch: ['to'],
  shift: ['to'],
  revert: ['to'],
};

/** Names of the parameters that may follow a verb. */
export const parametersOf = (verb: ActionVerb): readonly string[] => parameters[verb];

/**
 * Why this must never be done without people, in a clause; null when it may. What goes on to a
 * new version, or may lose what pods held, is not taken back by a second action.
 */
export function whyNeverAutomatic(verb: ActionVerb, on: TargetPlace | null): string | null {
  if (verb === 'promote' || verb === 'retry') return `${verb} goes on to the version in doubt`;
  const isStateful = on?.kind === 'workload' && on.workload === 'StatefulSet';
  return verb === 'rollback' && isStateful
    ? 'the rollback of a StatefulSet may have to delete pods'
    : null;
}
