import * as z from 'zod';
import { hints, report } from './fields.ts';

interface SlackIdKind {
  /** What carries the id, for people. */
  readonly of: string;
  /** First letters that Slack gives such ids. */
  readonly letters: string;
  readonly example: string;
  /** Where people find it. */
  readonly where: string;
}

/** An id that Slack gave: a letter for the kind, then capitals and digits. */
export function slackId({ of, letters, example, where }: SlackIdKind) {
  const firsts = letters.split('').join(' or ');
  const pattern = `^[${letters}][A-Z0-9]{2,20}$`;
  const shape = new RegExp(pattern);
  const allowed = `the id of ${of} as Slack gives it: ${firsts}, then capitals and digits`;
  return z
    .string()
    .meta({ description: `Id of ${of}: ${where}.`, pattern, examples: [example] })
    .register(hints, { allowed, example })
    .transform((value, context) => {
      if (shape.test(value)) return value;
      const problem = `${JSON.stringify(value.slice(0, 40))} is not the id of ${of}`;
      const fix = `write an id such as ${example}: ${where}`;
      return report(context, value, { at: 0, problem, allowed, fix });
    });
}

const hostPattern =
  '^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?' +
  '(?:\\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$';

const hostShape = new RegExp(hostPattern);

const hostHint = {
  allowed: 'a host name in lower case, without https://, port, path or *',
  example: 'grafana.example.com',
};

/** A host that messages may link to. */
export const linkHost = z
  .string()
  .meta({ description: 'A host name, such as grafana.example.com.', pattern: hostPattern })
  .register(hints, hostHint)
  .transform((value, context) => {
    if (hostShape.test(value)) return value;
    const problem = `${JSON.stringify(value.slice(0, 60))} is not a host name`;
    const fix = `write ${hostIn(value) ?? hostHint.example}`;
    return report(context, value, { at: 0, problem, allowed: hostHint.allowed, fix });
  });

/** The host that was probably meant by an address, a host with a port, or one in capitals. */
function hostIn(value: string): string | null {
  const address = /^[a-z]+:\/\//i.test(value) ? value : `https://${value}`;
  const host = URL.parse(address)?.hostname ?? '';
  return hostShape.test(host) ? host : null;
}

/** Stands for the id of the incident in an address. */
const placeholder = '{id}';

const templateHint = {
  allowed: `an https address of at most 500 characters in which ${placeholder}, behind the host, stands for the incident`,
  example: 'https://meet.example.com/{id}',
};

/** The address of a call, with a place for the id of the incident. */
export const callTemplate = z
  .string()
  .max(500)
  .meta({
    description: 'Link to the call of an incident; {id} stands for the incident.',
    pattern: '^https://',
    examples: [templateHint.example],
  })
  .register(hints, templateHint)
  .transform((value, context) => {
    const problem = templateProblem(value);
    if (problem === null) return value;
    const fix = `write an address such as ${templateHint.example}`;
    const isSecret = problem === withPassword;
    return report(context, value, { at: 0, problem, allowed: templateHint.allowed, fix, isSecret });
  });

const withPassword = 'the address holds a user or password';

function templateProblem(value: string): string | null {
  const rest = value.replaceAll(placeholder, '');
  if (!value.startsWith('https://')) return 'the address does not begin with https://';
  if (/[{}]/.test(rest)) return `there is another placeholder than ${placeholder}`;
  if (/[^\x21-\x7e]|[<>"\\`|]/.test(rest)) return 'the address holds a character that must not be';
  const one = URL.parse(value.replaceAll(placeholder, 'a'));
  const other = URL.parse(value.replaceAll(placeholder, 'b'));
  if (one === null || other === null) return 'this is no web address';
  if (`${one.username}${one.password}` !== '') return withPassword;
  return one.host === other.host ? null : `${placeholder} stands in the host`;
}
