/**
 * What can be done to a target. `abort`, `retry` and `promote` are Argo Rollouts' own; `switch`
 * moves a blue-green Service, `shift` the weights of an HTTPRoute; `revert` undoes a commit.
 */
export type ActionVerb =
  | 'rollback'
  | 'scale'
  | 'restart'
  | 'pause'
  | 'resume'
  | 'abort'
  | 'retry'
  | 'promote'
  | 'switch'
  | 'shift'
  | 'revert';

/** Those after which the incident is as it was: there is nothing that signals could prove. */
const noCures: ReadonlySet<ActionVerb> = new Set(['pause', 'resume', 'revert']);

/** Whether it is meant to make the alert go away. */
export const isCure = (verb: ActionVerb): boolean => !noCures.has(verb);

export const actionVerbs: readonly ActionVerb[] = [
  'rollback',
  'scale',
  'restart',
  'pause',
  'resume',
  'abort',
  'retry',
  'promote',
  'switch',
  'shift',
  'revert',
];
