import type { Policy } from '../../domain/policy/policy.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { checkContent } from './checks.ts';
import { readDocument, type PolicyDocument } from './document.ts';
import { findingsOf } from './issues.ts';
import { positionsIn } from './lines.ts';
import { placed } from './placed.ts';
import type { Finding, PolicyError, PolicyWarning, TextProblem } from './problem.ts';
import { policyFile } from './schema.ts';
import { toPolicy } from './to-policy.ts';
import { findWarnings } from './warnings.ts';

/** Longest policy text, in UTF-16 code units: some 5,000 lines. */
export const maxPolicyLength = 262_144;

/** How many errors of one kind are placed: nobody reads more, and a broken text may hold many. */
const mostErrors = 500;

export interface LoadOptions {
  /** How errors name the file. It is not opened. */
  readonly fileName: string;
}

/** A policy that may be used, with what its author should look at again. */
export interface CheckedPolicy {
  readonly policy: Policy;
  /** In the order of the text. */
  readonly warnings: readonly PolicyWarning[];
}

/**
 * Reads a policy from the text of its file, with its warnings. A refused one comes with all its
 * errors (500 of one kind at most), in the order of the text; but a text that is not YAML only with errors about that.
 * Total: no text makes it throw.
 */
export function checkPolicy(
  text: string,
  { fileName }: LoadOptions,
): Result<CheckedPolicy, readonly PolicyError[]> {
  const source = { fileName, text, positionOf: positionsIn(text) };
  if (text.length > maxPolicyLength) return err([placed(tooLong(text), source)]);
  const { document, problems } = readDocument(text, source.positionOf);
  const textErrors = problems.slice(0, mostErrors).map((problem) => placed(problem, source));
  if (document === null) return err(inOrder(textErrors));
  const parsed = policyFile.safeParse(document.value);
  const issues = parsed.success
    ? []
    : parsed.error.issues.flatMap((issue) => findingsOf(issue, document.value));
  const inPlace = (finding: Finding) => placed(located(finding, document), source);
  const findings = [...issues, ...checkContent(document.value)].slice(0, mostErrors);
  const errors = [...textErrors, ...findings.map(inPlace)];
  if (!parsed.success || errors.length > 0) return err(inOrder(errors));
  const warnings = inOrder(findWarnings(parsed.data).slice(0, mostErrors).map(inPlace));
  return ok({ policy: toPolicy(parsed.data), warnings });
}

/** Reads a policy from the text of its file, or says everything that is wrong with it. */
export function loadPolicy(
  text: string,
  options: LoadOptions,
): Result<Policy, readonly PolicyError[]> {
  const checked = checkPolicy(text, options);
  return checked.ok ? ok(checked.value.policy) : checked;
}

const located = (finding: Finding, document: PolicyDocument): Finding & TextProblem => ({
  ...finding,
  span: document.spanOf(finding.path, finding.of),
});

const tooLong = (text: string): TextProblem => ({
  span: { start: 0, end: 1 },
  problem: `the file is ${text.length} characters long`,
  found: null,
  allowed: `at most ${maxPolicyLength} characters`,
  fix: 'use fewer and wider matchers, such as service=~"a|b|c"',
});

const inOrder = (problems: readonly PolicyError[]): readonly PolicyError[] =>
  problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
