import type { ArgoCds } from '../../../ports/argocd.ts';
import type { Clock, Hashing } from '../../../ports/system.ts';

export interface ArgoCdActuatorDeps {
  readonly argocds: ArgoCds;
  readonly clock: Clock;
  readonly hashing: Pick<Hashing, 'digest'>;
}
