/** What is wrong with a text that a person wrote, told to that person. */
export interface SyntaxProblem {
  /** Index into the text, counted from 0. */
  readonly at: number;
  /** What happened, as a clause without a full stop. */
  readonly problem: string;
  readonly allowed: string;
  /** What to write instead. */
  readonly fix: string;
}
