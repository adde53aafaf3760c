import type { AccessRole, PersonPolicy } from '../../domain/policy/policy.ts';
import type { Fields, Right, Verb } from './verb.ts';

const rightsOf: Readonly<Record<AccessRole, readonly Right[]>> = {
  observer: ['read'],
  responder: ['read', 'respond'],
  approver: ['read', 'respond', 'approve'],
};

/** The least role that has a right. */
const roleFor: Readonly<Record<Right, AccessRole>> = {
  read: 'observer',
  respond: 'responder',
  approve: 'approver',
};

/** What a verb needs, as it is asked for. Whatever sends a form wants to change something. */
export function rightTo(
  { right }: Verb,
  asked: { readonly args: string; readonly fields: Fields | null },
): Right {
  const own = typeof right === 'string' ? right : right(asked.args);
  return asked.fields !== null && own === 'read' ? 'respond' : own;
}

/** Why somebody may not, and what they may; null when they may. */
export function mayUse({ roles }: PersonPolicy, { name }: Verb, right: Right): string | null {
  const rights = roles.flatMap((role) => rightsOf[role]);
  if (rights.includes(right)) return null;
  return `\`${name}\` needs the role ${roleFor[right]} in the policy, which you do not have. ${whatMay(rights)}`;
}

function whatMay(rights: readonly Right[]): string {
  if (rights.includes('respond')) return 'You may look, act and ask for actions.';
  return rights.includes('read')
    ? 'You may look: list, show, timeline, oncall, help.'
    : 'The policy gives you no role.';
}
