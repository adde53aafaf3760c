import { planPause } from './plan-pause.ts';
import { planRestart } from './plan-restart.ts';
import { planRollback } from './plan-rollback.ts';
import { planAbort, planPromote, planRetry } from './plan-rollouts.ts';
import { planScale } from './plan-scale.ts';
import { planShift } from './plan-shift.ts';
import { planSwitch } from './plan-switch.ts';
import { nameRef } from './refs.ts';
import { refusePlan } from './refuse.ts';
import type { Planned, Scene } from './scene.ts';

/** The plan for one verb on one object: absolute states, or why there is none. */
export function planVerb(scene: Scene): Planned {
  switch (scene.request.verb) {
    case 'rollback':
      return planRollback(scene);
    case 'scale':
      return planScale(scene);
    case 'restart':
      return planRestart(scene);
    case 'pause':
      return planPause(scene, true);
    case 'resume':
      return planPause(scene, false);
    case 'abort':
      return planAbort(scene);
    case 'retry':
      return planRetry(scene);
    case 'promote':
      return planPromote(scene);
    case 'switch':
      return planSwitch(scene);
    case 'shift':
      return planShift(scene);
    case 'revert':
      return refusePlan(
        'verb_not_for_target',
        `${nameRef(scene.ref)} is in a cluster: \`revert\` goes to a Git host.`,
      );
  }
}
