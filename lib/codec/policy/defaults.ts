import type { Severity } from '../../domain/policy/policy.ts';

/** An SLA target as it would stand in the file. */
export interface DefaultTarget {
  readonly respond: string;
  readonly resolve: string;
}

/** Stands for the team of a service or target that names none. */
export const noTeam = 'unassigned';

/** SLA targets where the policy names none: the table of severities in docs/policy.md. */
export const defaultTargets: Readonly<Record<Severity, DefaultTarget>> = {
  P0: { respond: '15m', resolve: '1h' },
  P1: { respond: '1h', resolve: '4h' },
  P2: { respond: '4h', resolve: '24h' },
};
