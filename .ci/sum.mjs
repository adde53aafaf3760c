// Sums vitest's JSON reports and prints the closing line of .ci/run.
// Usage: node .ci/sum.mjs <report>... -- <failed stage>...
import { readFileSync } from 'node:fs';

/**
 * @typedef {{ name: string, status: string, message: string, assertionResults: readonly unknown[] }} FileResult
 * @typedef {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number, testResults: readonly FileResult[] }} Report
 * @typedef {{ passed: number, failed: number, words: readonly string[] }} Count
 */

const separator = process.argv.indexOf('--');
const reports = process.argv.slice(2, separator).map(countReport);
const failedStages = process.argv.slice(separator + 1);

for (const word of reports.flatMap(({ words }) => words)) say(word);
for (const name of failedStages) say(`failed: ${name}`);

const passed = reports.reduce((sum, count) => sum + count.passed, 0);
const failedTests = reports.reduce((sum, count) => sum + count.failed, 0);
// A stage that failed without a failing test (the type check, say) is a failure of its own.
const failed = failedTests > 0 ? failedTests : failedStages.length;
say(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

/**
 * @param {string} file
 * @returns {Count}
 */
function countReport(file) {
  const report = readReport(file);
  if (report === undefined) return { passed: 0, failed: 1, words: [`no test report: ${file}`] };
  const skipped = report.numPendingTests + report.numTodoTests;
  // A file that could not be loaded failed, but holds no test that did.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length + skipped,
    words: [
      ...broken.map(({ name, message }) => `could not be run: ${name}: ${message}`),
      ...(skipped > 0 ? [`skipped, which counts as failed here: ${skipped}`] : []),
    ],
  };
}

/**
 * @param {string} file
 * @returns {Report | undefined}
 */
function readReport(file) {
  try {
    return /** @type {Report} */ (JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** @param {string} line */
function say(line) {
  process.stdout.write(`${line}\n`);
}
