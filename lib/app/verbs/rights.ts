import type { AccessRole, PersonPolicy } from '../../domain/policy/policy.ts';
import type { Fields, Right, Verb } from './verb.ts';

const rightsOf: Readonly<Record<AccessRole, readonly Right[]>> = {
  observer: ['read'],
  responder: ['read', 'respond'],
};

/** What a verb needs, as it is asked for. Whatever sends a form wants to change something. */
export function rightTo(
  { right }: Verb,
  asked: { readonly args: string; readonly fields: Fields | null },
): Right {
  if (asked.fields !== null) return 'respond';
  return typeof right === 'string' ? right : right(asked.args);
}

/** Why somebody may not, and what they may; null when they may. */
export function mayUse({ roles }: PersonPolicy, { name }: Verb, right: Right): string | null {
  const rights = roles.flatMap((role) => rightsOf[role]);
  if (rights.includes(right)) return null;
  const allowed = rights.includes('read')
    ? 'You may look: list, show, timeline, oncall, help.'
    : 'The policy gives you no role.';
  return `\`${name}\` needs the role responder in the policy, which you do not have. ${allowed}`;
}
