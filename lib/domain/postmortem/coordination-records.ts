import type { RoleName, StakeholderUpdate } from '../incident/coordination.ts';
import type { Commit } from '../incident/event.ts';
import type { EpochMs } from '../shared/time.ts';

/** Who had a role, and for how long. */
export interface RoleRecord {
  readonly role: RoleName;
  readonly personId: string;
  readonly name: string;
  readonly fromMs: EpochMs;
  /** Null: to the end of the log. */
  readonly untilMs: EpochMs | null;
}

/** Every time somebody had a role, in the order in which they got it. */
export function rolesOf(commits: readonly Commit[]): readonly RoleRecord[] {
  const records: RoleRecord[] = [];
  for (const { atMs, events } of commits) {
    for (const event of events) {
      if (event.type === 'role.assigned') {
        const { role, person } = event;
        records.push({ role, personId: person.id, name: person.name, fromMs: atMs, untilMs: null });
      } else if (event.type === 'role.released') {
        end(records, { role: event.role, personId: event.person.id, untilMs: atMs });
      }
    }
  }
  return records;
}

function end(
  records: RoleRecord[],
  { role, personId, untilMs }: Pick<RoleRecord, 'role' | 'personId' | 'untilMs'>,
): void {
  const index = records.findLastIndex(
    (record) => record.role === role && record.personId === personId && record.untilMs === null,
  );
  const known = records[index];
  if (known !== undefined) records[index] = { ...known, untilMs };
}

/** What stakeholders were told, in order. */
export const updatesOf = (commits: readonly Commit[]): readonly StakeholderUpdate[] =>
  commits.flatMap(({ atMs, events }) =>
    events.flatMap((event) => {
      if (event.type !== 'update.published') return [];
      const { type: _type, ...update } = event;
      return [{ ...update, atMs }];
    }),
  );
