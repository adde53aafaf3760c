/**
 * An error for the person at the terminal: printed without a stack, exit code 1.
 */
export class Complaint extends Error {
  /**
   * @param {{ what: string, found: string, allowed: string, act: string }} parts what happened,
   *   the value that was met, the values that would do, and what to do now
   */
  constructor({ what, found, allowed, act }) {
    super(`${what}\n  found:   ${found}\n  allowed: ${allowed}\n  do:      ${act}`);
    this.name = 'Complaint';
  }
}
