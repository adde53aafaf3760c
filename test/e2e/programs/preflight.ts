import { findProgram, missingText, PROGRAMS } from './programs.ts';

/** Ends with exit code 1, and says why, when a program that the end-to-end tests run is missing. */
const searchPath = process.env['PATH'] ?? '';
const missing = Object.values(PROGRAMS).filter((it) => findProgram(it, searchPath) === undefined);
if (missing.length > 0) {
  process.stderr.write(`${missingText(missing)}\n`);
  process.exitCode = 1;
}
