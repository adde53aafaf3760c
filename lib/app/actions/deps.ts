import type { ActionRows, Changes } from '../../ports/action-rows.ts';
import type { Signals } from '../../ports/signals.ts';
import type { Ids } from '../../ports/system.ts';
import type { Deps } from '../deps.ts';
import type { Actuators } from '../targets/actuator.ts';

/** What asking for, approving and stopping actions needs: nothing that can act. */
export interface ActionDeps extends Deps {
  readonly actionRows: ActionRows;
}

/** What carrying them out needs besides. */
export interface ActDeps extends ActionDeps {
  readonly actuators: Actuators;
  readonly signals: Signals;
  readonly changes: Changes;
  /**
   * Tells two workers apart that decide the same at the same instant: the store takes equal
   * transactions for one that was repeated, and both would send.
   */
  readonly newId: Ids;
}
