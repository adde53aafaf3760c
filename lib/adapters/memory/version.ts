import type { PortFailure } from '../../ports/failure.ts';
import type { Tables } from './tables.ts';

/** One row that a transaction writes. */
export interface Put {
  readonly table: keyof Tables;
  readonly key: string;
  readonly value: unknown;
}

/** Null: it holds. */
export type Condition = PortFailure | null;

export const conflict = (message: string): PortFailure => ({ kind: 'conflict', message });

/** Whether what is held is of the version that the write follows; 0: nothing is held. */
export function versionCondition(held: unknown, expected: number): Condition {
  // Every row with a condition carries its version; null stands for what is not there yet.
  const version = (held as { readonly version: number } | null)?.version ?? 0;
  if (version === expected && (held === null) === (expected === 0)) return null;
  return conflict(`The version is ${version} and not ${expected}, which the decision was made on.`);
}
