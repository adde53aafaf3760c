import type { Principal } from '../domain/incident/principal.ts';

/** A person whom a channel has verified. */
export type VerifiedPerson = Extract<Principal, { readonly kind: 'person' }>;

const longestName = 128;

/**
 * The person whom IAM verified, by ARN: `...:user/path/ada` is ada, and of
 * `...:assumed-role/OnCall/ada@example.com` the session names the person. Null for what is no
 * principal's ARN: then nobody was verified.
 */
export function personOfArn(arn: string | null): VerifiedPerson | null {
  const resource = /^arn:[\w-]+:(?:iam|sts)::\d*:([\w+=,.@/-]+)$/.exec(arn ?? '')?.[1];
  const name = resource?.split('/').at(-1)?.slice(0, longestName);
  if (arn === null || name === undefined || name === '') return null;
  return { kind: 'person', via: 'api', id: arn, name };
}
