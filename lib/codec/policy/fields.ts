import * as z from 'zod';
import { parseMatcher } from '../../domain/alert/matcher.ts';
import type { SyntaxProblem } from '../../domain/alert/syntax-problem.ts';
import { severities } from '../../domain/policy/policy.ts';

/** What an error says of a place in the file: the values it takes, and one as it is written. */
export interface Hint {
  readonly allowed: string;
  readonly example: string;
}

/** The hints of all schemas below. */
export const hints = z.registry<Hint>();

/** What is wrong inside a value, carried by an issue of the schema to the error about it. */
export type ValueProblem = SyntaxProblem & { readonly isSecret?: boolean };

const values = z.custom<ValueProblem>();

/** The problem that a schema of this module put into an issue. */
export const problemOf = (params: Record<string, unknown> | undefined): ValueProblem =>
  values.parse(params?.['problem']);

interface Reported {
  readonly issues: { push(issue: z.core.$ZodRawIssue): unknown };
}

/** Puts a problem inside a value into an issue of its schema, for `problemOf`. */
export function report(context: Reported, input: unknown, problem: ValueProblem): never {
  context.issues.push({ code: 'custom', input, params: { problem } });
  return z.NEVER;
}

const longestId = 40;

const idHint = `lower-case letters, digits and hyphens, a letter first, at most ${longestId}`;

/** A name that appears in keys, in links and on the command line. */
export const id = (example: string, description: string) =>
  z
    .string()
    .max(longestId)
    .regex(/^[a-z][a-z0-9-]*$/)
    .meta({ description })
    .register(hints, { allowed: idHint, example });

/** One line or more for people to read. */
export const text = (maxLength: number, hint: { description: string; example: string }) =>
  z
    .string()
    .trim()
    .min(1)
    .max(maxLength)
    .meta({ description: hint.description })
    .register(hints, { allowed: `text of 1 to ${maxLength} characters`, example: hint.example });

const matcherAllowed = 'label, operator (= != =~ !~) and quoted value';

/** A Prometheus matcher as text. */
export const matcher = z
  .string()
  .meta({
    description:
      'One Prometheus matcher: severity="critical", service=~"checkout|cart", team!="". ' +
      'A missing label counts as the empty string; a regex must match the whole value.',
    examples: ['severity="critical"', 'service=~"checkout|cart"'],
  })
  .register(hints, { allowed: matcherAllowed, example: 'severity="critical"' })
  .transform((value, context) => {
    const parsed = parseMatcher(value);
    return parsed.ok ? parsed.value : report(context, value, parsed.error);
  });

const longestUrl = 2_048;

/** An address that responders open. */
export const url = (description: string) => {
  const hint = {
    allowed: `an http or https address without a password, at most ${longestUrl} characters`,
    example: 'https://runbooks.example.com/checkout',
  };
  return z
    .string()
    .max(longestUrl)
    .meta({ description, format: 'uri', pattern: '^https?://' })
    .register(hints, hint)
    .transform((value, context) => {
      const parsed = /^https?:\/\//.test(value) ? URL.parse(value) : null;
      const isSecret = parsed !== null && (parsed.username !== '' || parsed.password !== '');
      if (parsed !== null && !isSecret) return value;
      const problem = isSecret ? 'the address holds a user or password' : 'this is no web address';
      const fix = `write ${hint.example}`;
      return report(context, value, { at: 0, problem, allowed: hint.allowed, fix, isSecret });
    });
};

/** What PagerDuty's integration keys look like: 32 letters and digits. */
const keyLike = /^[A-Za-z0-9]{32}$/;

/** The name of a routing key in the PagerDuty secret; never the key itself. */
export const routingKeyName = (description: string) => {
  const hint = {
    allowed: 'the name of a routing key in the PagerDuty secret: 1 to 64 of A-Z a-z 0-9 _ . -',
    example: 'payments',
  };
  return z
    .string()
    .min(1)
    .max(64)
    .regex(/^[A-Za-z0-9_.-]*$/)
    .meta({ description })
    .register(hints, hint)
    .transform((value, context) => {
      if (!keyLike.test(value)) return value;
      const problem =
        'this looks like a routing key itself, and the policy is no place for secrets';
      const fix = 'put the key into the PagerDuty secret under a name, and write the name here';
      return report(context, '', { at: 0, problem, allowed: hint.allowed, fix, isSecret: true });
    });
};

/** One of the three severities. */
export const severity = (description: string) => z.enum(severities).meta({ description });

/** The name of a label, as sources send it. */
export const labelName = z
  .string()
  .min(1)
  .max(128)
  .meta({ description: 'A label name.' })
  .register(hints, { allowed: 'a label name of 1 to 128 characters', example: 'cluster' });

/** A number that counts things. */
export const wholeNumber = (min: number, max: number, description: string) =>
  z
    .int()
    .min(min)
    .max(max)
    .meta({ description })
    .register(hints, { allowed: `a whole number from ${min} to ${max}`, example: String(min) });
