import * as z from 'zod';
import { parseInstant } from '../instant.ts';
import { hints, report } from './fields.ts';

interface ShapedText {
  readonly description: string;
  readonly pattern: RegExp;
  readonly allowed: string;
  readonly example: string;
  readonly maxLength: number;
}

/** Text of one shape, with what to write in its place. */
export const shaped = ({ description, pattern, allowed, example, maxLength }: ShapedText) =>
  z
    .string()
    .min(1)
    .max(maxLength)
    .regex(pattern)
    .meta({ description, examples: [example] })
    .register(hints, { allowed, example });

/** The name of an object in Kubernetes: a DNS subdomain. */
export const objectName = (example: string, description: string) =>
  shaped({
    description,
    pattern: /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/,
    allowed: 'a name in Kubernetes: lower-case letters, digits, - and ., at most 253',
    example,
    maxLength: 253,
  });

const namespaceHint = {
  allowed: 'a namespace by its name, never one of Kubernetes itself (kube-*)',
  example: 'shop',
};

/** A namespace in which something may be changed. */
export const namespace = (description: string) =>
  z
    .string()
    .min(1)
    .max(63)
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/)
    .meta({ description, examples: ['shop'] })
    .register(hints, namespaceHint)
    .transform((value, context) => {
      if (!value.startsWith('kube-')) return value;
      const problem = `${value} belongs to Kubernetes itself, and nothing is ever changed there`;
      const fix = 'write a namespace of your own services, or remove it';
      return report(context, value, { at: 0, problem, allowed: namespaceHint.allowed, fix });
    });

interface Address {
  readonly description: string;
  readonly example: string;
  /** Whether http is taken from everywhere, and not from this machine alone. */
  readonly mayBePlain: boolean;
  /** A base has no query and no slash at its end: paths are put behind it. */
  readonly isBase: boolean;
}

const longestAddress = 2_048;

const loopback = ['localhost', '127.0.0.1', '[::1]', 'sandbox.localhost'];

/** An address that Tocsin itself calls. */
export function address({ description, example, mayBePlain, isBase }: Address) {
  const scheme = mayBePlain
    ? 'an http or https address'
    : 'an https address (http only of this machine)';
  const allowed = `${scheme}, without a password${isBase ? ', query or slash at its end' : ''}`;
  return z
    .string()
    .max(longestAddress)
    .meta({ description, format: 'uri', pattern: '^https?://', examples: [example] })
    .register(hints, { allowed, example })
    .transform((value, context) => {
      const wrong = addressProblem(value, { mayBePlain, isBase, example });
      return wrong === null ? value : report(context, value, { at: 0, allowed, ...wrong });
    });
}

interface Wrong {
  readonly problem: string;
  readonly fix: string;
  readonly isSecret?: boolean;
}

function addressProblem(value: string, options: Omit<Address, 'description'>): Wrong | null {
  const url = /^https?:\/\/[\x21-\x7e]+$/.test(value) ? URL.parse(value) : null;
  const fix = `write ${options.example}`;
  if (url === null) return { problem: 'this is no web address', fix };
  if (`${url.username}${url.password}` !== '') {
    return { problem: 'the address holds a user or password', fix, isSecret: true };
  }
  if (!options.mayBePlain && isInTheClear(url)) {
    const problem = 'a token would cross the network in the clear';
    return { problem, fix: `write ${value.replace('http:', 'https:').slice(0, 100)}` };
  }
  const base = value.replace(/[?#].*$/, '').replace(/\/+$/, '');
  if (!options.isBase || base === value) return null;
  return { problem: 'paths are put behind this address', fix: `write ${base.slice(0, 100)}` };
}

const isInTheClear = ({ protocol, hostname }: URL): boolean =>
  protocol === 'http:' && !loopback.includes(hostname);

const instantHint = {
  allowed: 'an instant with its zone, such as 2026-12-20T00:00:00Z or 2026-12-20T00:00:00+01:00',
  example: '2026-12-20T00:00:00Z',
};

/** An instant as people write it. */
export const instant = (description: string) =>
  z
    .string()
    .meta({ description, format: 'date-time', examples: [instantHint.example] })
    .register(hints, instantHint)
    .transform((value, context) => {
      const read = parseInstant(value);
      if (read !== null) return read;
      const problem = `${JSON.stringify(value.slice(0, 40))} is no instant`;
      const day = /^\d{4}-\d\d-\d\d/.exec(value)?.[0];
      const fix = `write ${day === undefined ? instantHint.example : `${day}T00:00:00Z`}`;
      return report(context, value, { at: 0, problem, allowed: instantHint.allowed, fix });
    });

/** A number that a measurement is compared with. */
export const bound = (description: string) =>
  z
    .number()
    .meta({ description })
    .register(hints, { allowed: 'a number, such as 0.05', example: '0.05' });
