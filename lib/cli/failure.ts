import type { ExitCode } from './exit-codes.ts';

/**
 * The end of a command that did not do what it was asked: one paragraph for the person at the
 * terminal (what happened, what came, what to do), and the exit code. Printed without a stack.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** The message of whatever was thrown. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
