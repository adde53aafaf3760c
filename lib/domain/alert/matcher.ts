import { labelOf, type Labels } from '../shared/labels.ts';
import { err, ok, type Result } from '../shared/result.ts';

export type MatchOperator = '=' | '!=' | '=~' | '!~';

/** One Prometheus matcher. A missing label matches as the empty string; regexes are anchored. */
export interface Matcher {
  readonly label: string;
  readonly operator: MatchOperator;
  readonly value: string;
}
