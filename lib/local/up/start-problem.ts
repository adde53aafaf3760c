/**
 * Why Tocsin did not start, in one paragraph for the person at the terminal: what happened, what was
 * found, what to do. Printed without a stack.
 */
export class StartProblem extends Error {
  override readonly name = 'StartProblem';
}
