import type { MemoryStore } from '../../lib/adapters/memory/store.ts';
import type { PagerDutyWorld } from './actors/pagerduty.ts';
import type { Profile } from './engine/profile.ts';
import type { Random } from './engine/random.ts';
import type { Scheduler } from './engine/scheduler.ts';
import type { Trace } from './engine/trace.ts';
import type { Ledger } from './oracle/ledger.ts';
import type { Oracle } from './oracle/oracle.ts';
import type { Verdict } from './oracle/verdict.ts';
import type { Weather } from './weather.ts';

/** What those at the side of the world, Slack and PagerDuty's REST API, see of it. */
export interface Stage {
  readonly profile: Profile;
  readonly scheduler: Scheduler;
  readonly trace: Trace;
  readonly ledger: Ledger;
  readonly verdict: Verdict;
  readonly oracle: Oracle;
  readonly store: MemoryStore;
  readonly weather: Weather;
  readonly pager: PagerDutyWorld;
  /** A chance of its own for each name. */
  readonly random: (name: string) => Random;
  readonly count: (situation: string) => void;
  readonly note: (actor: string, text: string) => void;
}
