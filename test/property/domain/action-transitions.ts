import type { ActionState } from '../../../lib/domain/action/action.ts';

/**
 * Every change of state that an action may ever make (I35). To stay is always allowed. An action
 * that ended stays ended.
 */
export const transitions: Readonly<Record<ActionState | 'none', readonly ActionState[]>> = {
  none: ['planning'],
  planning: ['proposed', 'approved', 'shadow', 'refused', 'denied', 'cancelled'],
  proposed: ['approved', 'denied', 'expired', 'cancelled', 'refused'],
  approved: ['executing', 'refused', 'denied', 'cancelled'],
  executing: ['uncertain', 'observing', 'refused', 'failed'],
  uncertain: ['executing', 'observing', 'refused', 'failed'],
  observing: ['validating', 'done', 'failed'],
  validating: ['verified', 'failed', 'unverified'],
  shadow: [],
  done: [],
  verified: [],
  failed: [],
  unverified: [],
  refused: [],
  denied: [],
  expired: [],
  cancelled: [],
};
